"""Whatever fails, every decision reaches the platform, in order and with its msgcode, and the journal knows of it.

Each test ends with `place.assert_delivered()`, which checks just that.
"""

from __future__ import annotations

import os
import signal
import threading

import psycopg
import pytest

from tests.faults import platform as behaviours
from tests.faults.place import DECIDED, Place
from tests.faults.platform import Behaviour, Handler
from tests.faults.waiting import eventually

PREFORK = ("--pool=prefork", "--concurrency=2")


def died(worker: object) -> bool:
    return worker.poll() == -signal.SIGKILL  # type: ignore[attr-defined]


def test_workers_are_killed_just_before_and_just_after_they_send(place: Place) -> None:
    """The second one amid several that it holds, of which some are sent and none recorded."""
    before = place.worker(FAULT="kill-before")
    after = place.worker(FAULT="kill-after", FAULT_SPARES="2")
    eventually(lambda: died(before) and died(after), otherwise=place.logs)
    assert len(place.platform.bodies) == 3
    assert place.unended() >= 2
    place.worker()
    place.assert_delivered()


def test_a_worker_is_killed_while_it_sends(place: Place) -> None:
    place.platform.behaviour = behaviours.hang
    victim = place.worker()
    eventually(lambda: place.platform.bodies, otherwise=place.logs)
    os.killpg(victim.pid, signal.SIGKILL)
    place.platform.behaviour = behaviours.accept
    place.worker()
    place.assert_delivered()
    assert len(place.platform.bodies) == 2 * DECIDED + 1


def test_a_worker_that_was_thought_dead_sends_and_overwrites_nothing(place: Place) -> None:
    """It stands still between claiming and sending, longer than its lease, while another does its work."""
    suspended = place.worker(FAULT="stop-before")
    eventually(lambda: place.attempts() == 1, otherwise=place.logs)
    place.worker()
    eventually(place.all_delivered, otherwise=place.logs)
    before = list(place.platform.bodies), place.notifications()
    os.kill(suspended.pid, signal.SIGCONT)
    eventually(lambda: not place.unended(), otherwise=place.logs)
    assert (place.platform.bodies, place.notifications()) == before
    place.assert_delivered()


def test_redis_stops_and_starts(place: Place) -> None:
    """Staff notice nothing of it; the messages leave when it is back."""
    place.worker()
    place.assert_delivered()
    place.redis.stop()
    try:
        place.decide(3)
        assert place.states() == {"delivered": 2 * DECIDED, "waiting": 6}
    finally:
        place.redis.start()
    place.assert_delivered()


def test_postgresql_restarts_under_load(place: Place) -> None:
    """Once as an administrator does it, once as a power cut does."""
    place.platform.behaviour = slowly(0.2)
    place.worker(*PREFORK)
    for received, mode in ((2, "fast"), (6, "immediate")):
        eventually(lambda least=received: len(place.platform.bodies) > least, otherwise=place.logs)
        place.postgresql.restart(mode)
    place.assert_delivered()


def test_the_platform_misbehaves_in_every_way(place: Place) -> None:
    """One way after the other, each followed by an answer, so that the line stays up."""
    ways = [
        behaviours.fail,
        behaviours.talk_garbage,
        behaviours.break_http,
        behaviours.redirect,
        behaviours.drip,
        behaviours.hang,
        behaviours.say_nothing,
    ]
    place.platform.behaviour = in_turn([way for misbehave in ways for way in (misbehave, behaviours.accept)])
    place.worker()
    place.assert_delivered()
    assert len(place.platform.bodies) >= 2 * DECIDED + len(ways)
    assert place.platform.paths == {"/notify"}, "a redirect was followed"


def test_the_platform_is_away_and_comes_back(place: Place) -> None:
    """The line is down after several failures, one message at a time probes it, and all leave when it opens."""
    place.platform.behaviour = in_turn([behaviours.fail] * 6)
    place.worker(*PREFORK)
    place.assert_delivered()
    assert place.rows("SELECT failures, probe_at FROM protocol_line") == [(0, None)]


def test_two_workers_race(place: Place) -> None:
    """Nothing is sent twice where nothing fails."""
    place.platform.behaviour = slowly(0.05)
    place.worker()
    place.worker()
    place.decide(10)
    place.assert_delivered()
    assert len(place.platform.bodies) == 2 * place.orders


def test_an_order_that_another_worker_is_taking_is_passed_over(place: Place) -> None:
    """The test is that other worker, and holds the lock much longer than any does."""
    with psycopg.connect(place.url) as other:
        taken = "SELECT queue FROM protocol_notification ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE"
        (queue,) = other.execute(taken).fetchall()[0]
        place.worker()
        eventually(lambda: place.states()["delivered"] == 2 * DECIDED - 2, otherwise=place.logs)
        waiting = place.rows("SELECT DISTINCT queue FROM protocol_notification WHERE state = 'waiting'")
        assert waiting == [(queue,)]
    place.assert_delivered()


@pytest.mark.parametrize("jump", [-86_400, 86_400], ids=["back a day", "on a day"])
def test_a_clock_jumps(place: Place, jump: int) -> None:
    """While one attempt is under way and another waits to be tried again."""
    clock = place.folder / "clock"
    clock.write_text("0")
    place.platform.behaviour = in_turn([behaviours.fail] * 2)
    place.worker(*PREFORK, FAULT_CLOCK=str(clock))
    eventually(lambda: len(place.platform.bodies) >= 2, otherwise=place.logs)
    clock.write_text(str(jump))
    place.assert_delivered()


@pytest.mark.parametrize("pool", [("--pool=solo",), PREFORK], ids=["solo", "prefork"])
def test_a_worker_that_is_told_to_stop_ends_its_attempt_and_no_more(place: Place, pool: tuple[str, ...]) -> None:
    holding = threading.Event()
    place.platform.behaviour = hold(holding)
    worker = place.worker(*pool)
    eventually(lambda: place.platform.bodies, otherwise=place.logs)
    worker.send_signal(signal.SIGTERM)
    eventually(lambda: "Warm shutdown" in place.logs())
    holding.set()
    assert worker.wait(20) == 0
    assert place.unended() == 0
    assert 0 < place.states()["delivered"] < 2 * DECIDED
    place.worker()
    place.assert_delivered()
    assert len(place.platform.bodies) == 2 * DECIDED, "nothing was sent twice"


def in_turn(ways: list[Behaviour]) -> Behaviour:
    """Each for one request, and then a platform that behaves well."""
    left = list(reversed(ways))

    def behave(handler: Handler, body: bytes) -> None:
        (left.pop() if left else behaviours.accept)(handler, body)

    return behave


def slowly(seconds: float) -> Behaviour:
    pause = threading.Event()

    def behave(handler: Handler, body: bytes) -> None:
        pause.wait(seconds)
        behaviours.accept(handler, body)

    return behave


def hold(until: threading.Event) -> Behaviour:
    def behave(handler: Handler, body: bytes) -> None:
        until.wait(1.5)
        behaviours.accept(handler, body)

    return behave
