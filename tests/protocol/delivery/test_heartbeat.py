"""Whoever delivers gives signs of life, and silence is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.server import watch
from protocol.delivery.heartbeat import SignsOfLife, beat, silent_parts
from protocol.delivery.sending import deliver_due
from protocol.delivery.sweeping import sweep
from protocol.models import Alert, Heartbeat
from staff import clock

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def test_it_works() -> None:
    beat("worker", NOW)
    beat("clock", NOW)
    assert silent_parts(NOW + timedelta(minutes=2)) == []


def test_a_part_that_stops_is_silent_since_then() -> None:
    beat("worker", NOW)
    beat("clock", NOW)
    beat("worker", NOW + timedelta(minutes=10))
    assert silent_parts(NOW + timedelta(minutes=11)) == [("clock", NOW)]


def test_a_part_that_never_was_is_silent() -> None:
    assert silent_parts(NOW) == [("worker", None), ("clock", None)]


def test_silence_raises_an_alert_once_an_hour() -> None:
    watch()
    watch()
    assert set(Alert.objects.values_list("kind", "subject", "count")) == {
        ("silent", "worker", 2),
        ("silent", "clock", 2),
    }


@pytest.mark.django_db(transaction=True)
def test_the_clock_gives_no_sign_for_who_sends(time_machine: Any) -> None:
    """Else a dead pool of senders would be noticed by nobody."""
    time_machine.move_to(NOW, tick=False)
    sweep()
    assert silent_parts(NOW) == [("worker", None)]
    deliver_due()
    assert silent_parts(NOW) == []


def test_a_long_turn_is_no_silence(settings: Any) -> None:
    beat("worker", NOW)
    beat("clock", NOW)
    settings.DELIVERY_SWEEP = timedelta(minutes=5)
    assert silent_parts(NOW + timedelta(minutes=14)) == []
    assert len(silent_parts(NOW + timedelta(minutes=16))) == 2


def test_one_who_sends_for_long_gives_signs_meanwhile(monkeypatch: pytest.MonkeyPatch, time_machine: Any) -> None:
    monkeypatch.setattr("protocol.delivery.heartbeat.monotonic", lambda: clock.now().timestamp())
    time_machine.move_to(NOW, tick=False)
    signs = SignsOfLife("worker")
    for seconds, heard in ((0, 0), (9, 0), (11, 11), (15, 11), (22, 22)):
        time_machine.move_to(NOW + timedelta(seconds=seconds), tick=False)
        signs.give()
        assert Heartbeat.objects.get(part="worker").at == NOW + timedelta(seconds=heard)
