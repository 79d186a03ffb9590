"""Whoever delivers gives signs of life, and silence is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.server import watch
from protocol.heartbeat import beat, silent_parts
from protocol.models import Alert

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
