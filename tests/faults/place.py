"""One test's world: its database, its platform, the desk and the workers that it starts, and what holds at the end."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg

from guarantees.letter.signature import demonstration
from staff import clock
from tests.config.test_settings import GOOD
from tests.faults.platform import FaultyPlatform
from tests.faults.servers import PostgreSQL, Redis
from tests.faults.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
#: So many orders are decided before a test begins, with two messages each.
DECIDED = 6
#: Attempts of at most 2 s, leases of 4 s, first retries after 1 s.
TIMINGS = {"DELIVERY_DEADLINE_SECONDS": "2", "DELIVERY_RETRY_SECONDS": "1", "DELIVERY_SWEEP_SECONDS": "1"}


def environment(database: str, broker: str, folder: Path, **more: str) -> dict[str, str]:
    """What a process of the project is given; nothing of the tests' own settings."""
    variables = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", **GOOD, **TIMINGS}
    return {
        **variables,
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "DATA_DIR": str(folder),
        "CELERY_SKIP_CHECKS": "1",
        **_institution(),
        **more,
    }


@cache
def _institution() -> dict[str, str]:
    """One that can issue letters: else nothing is approved."""
    folder = Path(mkdtemp(prefix="desk-institution-"))
    content, authority = demonstration.credentials("青城融资担保有限公司", clock.now())
    (folder / "signing.p12").write_bytes(content)
    (folder / "authority.pem").write_bytes(authority)
    return {
        "INSTITUTION_NAME": "青城融资担保有限公司",
        "INSTITUTION_CODE": "91150100MA0N2T4X50",
        "INSTITUTION_ADDRESS": "呼和浩特市新城区1号",
        "INSTITUTION_TELEPHONE": "0471-0000000",
        "SIGNING_CERTIFICATE": str(folder / "signing.p12"),
        "TRUST_ANCHORS": str(folder / "authority.pem"),
    }


class Place:
    def __init__(
        self, postgresql: PostgreSQL, database: str, redis: Redis, platform: FaultyPlatform, folder: Path
    ) -> None:
        self.postgresql, self.redis, self.platform, self.folder = postgresql, redis, platform, folder
        self.url = postgresql.url(database)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.orders = DECIDED
        self._connection: psycopg.Connection[Any] | None = None
        self.rows("UPDATE protocol_connection SET address = %s RETURNING id", platform.address)

    # The desk

    def decide(self, orders: int) -> float:
        """Two decisions for each of the next `orders` orders; how long the slowest took, in seconds."""
        desk = self.start_deciding(orders)
        output, errors = desk.communicate()
        assert desk.returncode == 0, errors
        return float(json.loads(output)["slowest"])

    def start_deciding(self, orders: int) -> subprocess.Popen[str]:
        first, self.orders = self.orders, self.orders + orders
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.desk", "decide", str(first), str(self.orders)],
            cwd=ROOT,
            env=environment(self.url, self.redis.url, self.folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    # The workers

    def worker(self, *options: str, **variables: str) -> subprocess.Popen[bytes]:
        """A real Celery worker, by itself in a process group; its log is in the test's folder."""
        name = f"worker{len(self.workers)}"
        command = ["-m", "celery", "-A", "tests.faults.worker", "worker", "-l", "INFO", "-n", name]
        command += ["--without-mingle", "--without-gossip"]  # they wait a second for each other at the start
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *command, *(options or ["--pool=solo"])],
                cwd=ROOT,
                env=environment(self.url, self.redis.url, self.folder, **variables),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(process)
        return process

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted(self.folder.glob("*.log")))

    # What is written down

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Over a connection of the test's own, made anew where the server was restarted."""
        for _again in range(2):
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(self.url, autocommit=True)
                return self._connection.execute(query, values).fetchall()
            except psycopg.OperationalError:
                self.close()
        return []

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def states(self) -> Counter[str]:
        return Counter(state for (state,) in self.rows("SELECT state FROM protocol_notification"))

    def all_delivered(self) -> bool:
        states = self.states()
        return states["delivered"] > 0 and set(states) == {"delivered"}

    def notifications(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT msgcode, state, lease, delivered_at, code FROM protocol_notification ORDER BY id")

    def attempts(self) -> int:
        return len(self.rows("SELECT id FROM protocol_attempt"))

    def unended(self) -> int:
        """Attempts of which nobody has recorded the end."""
        return len(self.rows(UNENDED))

    # What must hold

    def assert_delivered(self, seconds: float = 30) -> None:
        """All is delivered soon; each at least once, in order, the same msgcode each time; the journal agrees."""
        eventually(self.all_delivered, seconds, lambda: f"{self.states()}\n{self.logs()}")
        self.assert_in_order()
        self.assert_the_journal_agrees()

    def assert_in_order(self) -> None:
        notifications = self.rows("SELECT queue, msgcode, status FROM protocol_notification ORDER BY id")
        assert len(notifications) == 2 * self.orders, "every decision has its message"
        decided: dict[str, list[str]] = defaultdict(list)
        for queue, msgcode, _status in notifications:
            decided[queue].append(msgcode)
        queue_of = {msgcode: queue for queue, msgcode, _status in notifications}
        received: dict[str, list[str]] = defaultdict(list)
        for msgcode in self.platform.msgcodes():
            received[queue_of[msgcode]].append(msgcode)
        for queue, expected in decided.items():
            # Repetitions of a message come before the next message, so leaving them out leaves the order.
            ordered = sorted(received[queue], key=expected.index)
            assert received[queue] == ordered, queue
            assert list(dict.fromkeys(ordered)) == expected, queue

    def assert_the_journal_agrees(self) -> None:
        """What it says was answered was received, byte for byte; what was received and is not in it belongs to an
        attempt that was begun and whose end nobody saw; each message was answered 000."""
        with self.platform.lock:
            received = {hashlib.sha256(body).hexdigest(): json.loads(body)["msgcode"] for body in self.platform.bodies}
        journal = self.rows(JOURNAL)
        for digest, msgcode, http_status, _code in journal:
            assert http_status is None or received[digest] == msgcode
        known = {digest for digest, *_ in journal}
        unknown = Counter(msgcode for digest, msgcode in received.items() if digest not in known)
        assert unknown <= Counter(msgcode for (msgcode,) in self.rows(UNENDED))
        accepted = {msgcode for _digest, msgcode, _status, code in journal if code == "000"}
        assert accepted == {msgcode for (msgcode,) in self.rows("SELECT msgcode FROM protocol_notification")}


JOURNAL = """
    SELECT message.digest, message.msgcode, attempt.http_status, message.code FROM protocol_message message
    JOIN protocol_notification notification ON notification.msgcode = message.msgcode
    JOIN protocol_attempt attempt ON attempt.notification_id = notification.id AND attempt.started_at = message.at
    WHERE message.direction = 'out'
"""
UNENDED = """
    SELECT notification.msgcode FROM protocol_attempt attempt
    JOIN protocol_notification notification ON notification.id = attempt.notification_id
    WHERE attempt.duration_ms IS NULL
"""
