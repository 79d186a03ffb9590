"""A database, a broker, a clock and a platform for the fault tests, apart from those of all other tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.place import DECIDED, ROOT, Place, environment
from tests.faults.platform import faulty_platform
from tests.faults.servers import PostgreSQL, Redis, missing

ORDERS = 20


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    lacks = missing()
    for item in items:
        if lacks and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"the fault tests start servers of their own; missing: {lacks}"))


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    """With a database `template`, in which a platform has applied for ORDERS orders and some are decided."""
    server = PostgreSQL()
    try:
        server.create("template")
        variables = environment(server.url("template"), "", tmp_path_factory.mktemp("prepared"))
        command = [sys.executable, "-m", "tests.faults.desk", "prepare", str(ORDERS), str(DECIDED)]
        subprocess.run(command, cwd=ROOT, env=variables, check=True)
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    server = Redis()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def beat(redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Celery's clock. It needs no database, so all tests share one."""
    folder = tmp_path_factory.mktemp("beat")
    command = ["-m", "celery", "-A", "config", "beat", "--schedule", str(folder / "schedule"), "--pidfile="]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment("", redis.url, folder), stdout=log, stderr=log
        )
        yield
        process.kill()
        process.wait()


@pytest.fixture
def place(
    postgresql: PostgreSQL, redis: Redis, beat: None, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Place]:
    """A database of the test's own, and whatever the test starts on it; every process is ended afterwards."""
    database = f"test{abs(hash(request.node.nodeid))}"
    postgresql.create(database, "template")
    with faulty_platform() as platform:
        place = Place(postgresql, database, redis, platform, tmp_path)
        try:
            yield place
        finally:
            for worker in place.workers:
                if worker.poll() is None:
                    os.killpg(worker.pid, signal.SIGKILL)
                    worker.wait()
            place.close()
