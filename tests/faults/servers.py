"""A PostgreSQL and a Redis server of the tests' own, so that stopping them disturbs nobody."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg
import redis

from tests.faults.waiting import eventually

SUPERUSER = "postgres"


def programs() -> Path | None:
    """Where the newest PostgreSQL keeps initdb and pg_ctl; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


def missing() -> str:
    """What this machine lacks for these tests, for a person; empty if nothing."""
    lacks = [] if programs() else ["PostgreSQL's initdb under /usr/lib/postgresql"]
    lacks += [] if shutil.which("redis-server") else ["redis-server"]
    lacks += ["runuser"] if os.name == "posix" and os.geteuid() == 0 and not shutil.which("runuser") else []
    return " and ".join(lacks)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class PostgreSQL:
    """A cluster in a folder of its own; `durable` as in production, else without waiting for the disk."""

    def __init__(self, *, durable: bool = False) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="desk-postgresql-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, SUPERUSER)
        self._run("initdb", "--no-sync", "--auth=trust", f"--username={SUPERUSER}", "--encoding=UTF8", "--no-locale")
        settings = [f"port={self.port}", "listen_addresses='127.0.0.1'", f"unix_socket_directories='{self.folder}'"]
        settings += [] if durable else ["fsync=off"]
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write("\n".join(settings) + "\n")
        self.start()

    def url(self, database: str = "postgres") -> str:
        return f"postgres://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self._run("pg_ctl", "start", "--wait", "--log", str(self.folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is what a power cut is to it: nothing is finished, and it recovers at the next start."""
        self._run("pg_ctl", "stop", "--wait", "--mode", mode)

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    def create(self, database: str, template: str = "template1") -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        """As the user `postgres` where the tests run as root, whom PostgreSQL refuses."""
        folder = programs()
        assert folder, missing()
        command = [str(folder / program), *arguments, "--pgdata", str(self.folder)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", SUPERUSER, "--", *command]
        # The server keeps what it inherits open: a pipe would never end.
        with (self.folder.parent / f"{self.folder.name}.out").open("w+b") as output:
            ended = subprocess.run(command, cwd=self.folder, stdout=output, stderr=output)
            output.seek(0)
            errors = output.read().decode(errors="replace")
        Path(output.name).unlink()
        if ended.returncode:
            raise RuntimeError(f"{program}: {errors}")


class Redis:
    """A broker that keeps nothing on disk: after a stop its queues are empty, which is the worst case."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        eventually(self._answers)

    def stop(self) -> None:
        """At once, as kill -9 does it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False
