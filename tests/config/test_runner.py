"""The runner inside the site's process: told to stop, it ends within one deadline, whoever is at work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest

from config.runner import Runner
from protocol.delivery import wakeup
from staff.offered import Periodic


@pytest.fixture
def end() -> Iterator[threading.Event]:
    """Whoever is stuck goes on when it is set."""
    event = threading.Event()
    wakeup.something_waits.clear()
    yield event
    event.set()
    wakeup.something_waits.clear()
    wakeup.go_on()


def test_it_stops_within_one_deadline_whoever_is_stuck(monkeypatch: pytest.MonkeyPatch, end: threading.Event) -> None:
    stuck = threading.Semaphore(0)

    def never() -> None:
        stuck.release()
        end.wait(30)

    monkeypatch.setattr("config.runner.periodic_work", lambda: [Periodic("stuck", timedelta(hours=1), never)])
    monkeypatch.setattr("config.runner.deliver_due", never)
    runner = Runner()
    runner.start()
    wakeup.something_waits.set()
    assert stuck.acquire(timeout=30)
    assert stuck.acquire(timeout=30)
    began = monotonic()
    runner.stop(timeout=1)
    took = monotonic() - began
    end.set()
    runner.stop()
    assert took < 1.9


def test_it_waits_for_an_attempt_as_long_as_one_may_take(
    monkeypatch: pytest.MonkeyPatch, settings: Any, end: threading.Event
) -> None:
    settings.DELIVERY_DEADLINE = timedelta(seconds=1)
    monkeypatch.setattr(Runner, "RECORDING", 0.5)
    at_work = threading.Event()

    def sends() -> None:
        at_work.set()
        end.wait(30)

    monkeypatch.setattr("config.runner.periodic_work", list)
    monkeypatch.setattr("config.runner.deliver_due", sends)
    runner = Runner()
    runner.start()
    wakeup.something_waits.set()
    assert at_work.wait(30)
    began = monotonic()
    runner.stop()
    assert 1.5 <= monotonic() - began < 2.4


def test_a_failure_of_the_periodic_work_ends_nothing(monkeypatch: pytest.MonkeyPatch, end: threading.Event) -> None:
    done = threading.Event()

    def fails() -> None:
        raise LookupError("of the periodic work")

    work = [Periodic("fails", timedelta(hours=1), fails), Periodic("next", timedelta(hours=1), done.set)]
    monkeypatch.setattr("config.runner.periodic_work", lambda: work)
    monkeypatch.setattr("config.runner.deliver_due", lambda: 0)
    runner = Runner()
    runner.start()
    assert done.wait(30)
    runner.stop()
