"""The one counting mechanism behind signing in, the public page and the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from staff.rate_limits import RateLimit

START = datetime(2026, 11, 26, 4, 0, 30, tzinfo=UTC)
LIMIT = RateLimit("tries", 2, timedelta(minutes=1))


@pytest.fixture(autouse=True)
def time() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_it_works() -> None:
    assert [LIMIT.allows("a") for _ in range(3)] == [True, True, False]


def test_each_key_is_counted_apart() -> None:
    assert [LIMIT.count("a"), LIMIT.count("b"), LIMIT.count("a")] == [1, 1, 2]


def test_limits_of_the_same_key_are_counted_apart() -> None:
    assert RateLimit("others", 2, LIMIT.period).count("a") == LIMIT.count("a") == 1


def test_asking_whether_it_is_reached_counts_nothing() -> None:
    LIMIT.count("a")
    assert [LIMIT.is_reached("a") for _ in range(3)] == [False] * 3
    LIMIT.count("a")
    assert LIMIT.is_reached("a")


def test_a_period_begins_with_the_first_and_ends_for_all(time: time_machine.Traveller) -> None:
    LIMIT.count("a")
    time.shift(40)
    LIMIT.count("a")
    assert LIMIT.is_reached("a")
    assert LIMIT.seconds_left("a") == 20
    time.shift(21)
    assert not LIMIT.is_reached("a")
    assert LIMIT.count("a") == 1
    assert LIMIT.seconds_left("a") == 60


def test_forgetting_begins_anew() -> None:
    LIMIT.count("a")
    LIMIT.forget("a")
    assert LIMIT.count("a") == 1


def test_a_limit_may_be_a_settings(settings: Any) -> None:
    limit = RateLimit("messages", lambda: settings.GATEWAY_SIGNED_PER_MINUTE, LIMIT.period)
    settings.GATEWAY_SIGNED_PER_MINUTE = 1
    assert [limit.allows("a") for _ in range(2)] == [True, False]
    settings.GATEWAY_SIGNED_PER_MINUTE = 3
    assert limit.allows("a")


def test_nothing_typed_is_kept_in_the_cache() -> None:
    """A password that was typed into the name's field is counted under its digest."""
    LIMIT.count("hunter2")
    assert not [key for key in cache._cache if "hunter2" in key]  # type: ignore[attr-defined]
    assert len(cache._cache) == 2  # type: ignore[attr-defined]
