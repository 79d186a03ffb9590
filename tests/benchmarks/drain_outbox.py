"""10,000 waiting notifications drained over loopback by one worker and by two, beside a loop that only seals and posts.

Run: python -m tests.benchmarks.drain_outbox [NOTIFICATIONS]

The database is a PostgreSQL server of the benchmark's own, as durable as in production; the platform is a process of
its own that answers at once. Each order has two messages, of which the second waits for the first.

What is expected is of the worker's own processor time, beside the loop's: how many messages a second that gives depends
on the machine, its disk and what else it does.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, process_time
from urllib.parse import urlsplit

import django

from staff import clock
from tests.benchmarks.expectations import Expectations

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = 3
ANSWER = '{"code":"000","message":"成功"}'.encode()
SECRETS = {
    "SECRET_KEY": "benchmark-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "KEY_ENCRYPTION_KEY": "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=",
}


def main(notifications: int) -> None:
    from tests.faults.servers import PostgreSQL

    server = PostgreSQL(durable=True)
    try:
        with tempfile.TemporaryDirectory() as folder, platform() as address:
            environment = {**os.environ, **SECRETS, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
            measure(server, environment, address, notifications)
    finally:
        server.remove()


def measure(server: object, environment: dict[str, str], address: str, notifications: int) -> None:
    def run(database: str, *command: str) -> subprocess.Popen[str]:
        variables = {**environment, "DATABASE_URL": server.url(database)}
        return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True)

    def drained(database: str, workers: int) -> tuple[float, float]:
        """The rate of that many workers, from the first one's start of work to the last one's end, and the milliseconds
        of their own processor time for a message."""
        server.create(database, "full")
        parts = [run(database, "-m", __spec__.name, "drain") for _ in range(workers)]
        spans = [[float(word) for word in (part.communicate()[0]).split()] for part in parts]
        assert sum(made for made, *_ in spans) == notifications
        began, ended = min(start for _made, start, *_ in spans), max(end for _made, _start, end, _work in spans)
        return notifications / (ended - began), sum(work for *_, work in spans) / notifications * 1000

    server.create("full")
    for command in (
        ["manage.py", "migrate", "-v0"],
        ["-m", __spec__.name, "fill", address, str(notifications)],
    ):
        assert run("full", *command).wait() == 0
    server.create("bare", "full")
    bare, its_work = map(float, run("bare", "-m", __spec__.name, "bare").communicate()[0].split())
    (one, work), (two, _work) = drained("one", 1), drained("two", 2)
    times = work / its_work
    print(f"{notifications} notifications on {os.cpu_count()} processors, messages per second:")
    print(f"a bare loop {bare:.0f}; one worker {one:.0f}; two workers {two:.0f}, {two / one:.2f} times one")
    print("processor time of a message, in ms:")
    print(f"a bare loop {its_work:.2f}; one worker {work:.2f}, {times:.1f} times that (expected: at most {EXPECTED})")
    expected = Expectations()
    expected.at_most("a worker's processor time beside a bare loop's", times, EXPECTED)
    expected.judge()


# --- Each in a process of its own -------------------------------------------------------------------------------------


def fill(address: str, notifications: int) -> None:

    from protocol import strictjson
    from protocol.models import Connection, Notification
    from protocol.tables import build
    from protocol.vocabulary import ApplicationOutcome
    from tests.platform import Platform

    platform = Platform()
    Connection.objects.filter(pk=platform.connection.pk).update(address=address)
    now = clock.now()
    waiting = []
    for number in range(notifications):
        order = f"SQ20261124{number // 2:06}"
        facts = {
            "order_number": order,
            "status": ApplicationOutcome.REJECTED,
            "reason": "资料不全，请补充后重新提交申请",
        }
        waiting.append(
            Notification(
                connection=platform.connection,
                queue=order,
                transcode="PREP102",
                plaintext=strictjson.dumps(build(platform.connection.speaks.tables["PREP102"], facts).fields).decode(),
                status="02",
                created_at=now,
                next_attempt_at=now,
            )
        )
    Notification.objects.bulk_create(waiting, batch_size=1000)


def bare() -> None:

    from protocol import envelope
    from protocol.models import Connection, Notification

    connection = Connection.objects.get()
    messages = list(Notification.objects.values_list("transcode", "plaintext", "msgcode"))
    party = connection.party()
    address = urlsplit(connection.address)
    line = http.client.HTTPConnection(address.hostname, address.port)
    started, work = monotonic(), process_time()
    for transcode, plaintext, msgcode in messages:
        body = envelope.seal_request(transcode, plaintext.encode(), party, msgcode=msgcode, reqtime=clock.now())
        line.request("POST", address.path, body, {"Content-Type": "application/json; charset=utf-8"})
        if line.getresponse().read() != ANSWER:
            raise SystemExit("The platform answered something else.")
    print(len(messages) / (monotonic() - started), (process_time() - work) / len(messages) * 1000)


def drain() -> None:
    from django.db import connection

    from protocol.delivery.sending import deliver_due

    connection.ensure_connection()
    started, work = monotonic(), process_time()
    made = deliver_due()
    print(made, started, monotonic(), process_time() - work)


@contextlib.contextmanager
def platform() -> Iterator[str]:
    command = [sys.executable, "-m", __spec__.name, "platform"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def answer_at_once() -> None:
    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                await reader.readexactly(int(length.split(b":")[1]))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER))
        writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/notify", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["platform"]:
            asyncio.run(answer_at_once())
        case ["fill", address, notifications]:
            django.setup()
            fill(address, int(notifications))
        case ["bare" | "drain" as part]:
            django.setup()
            {"bare": bare, "drain": drain}[part]()
        case [*given]:
            main(int(given[0]) if given else 10_000)
