"""With Redis away people go on working: counters are off, nothing fails, nobody waits long."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.core.cache import caches

from config.cache import ForgivingRedisCache


@pytest.fixture
def cache() -> ForgivingRedisCache:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = probe.getsockname()[1]
    return ForgivingRedisCache(f"redis://127.0.0.1:{nobody}/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})


def test_everything_is_answered(cache: ForgivingRedisCache) -> None:
    assert cache.get("key", 7) == 7
    cache.set("key", 1)
    assert cache.add("key", 1) is True
    assert cache.delete("key") is False
    with pytest.raises(ValueError, match="away"):
        cache.incr("key")


def test_it_is_not_asked_again_at_once(cache: ForgivingRedisCache, caplog: Any) -> None:
    for _repetition in range(5):
        cache.get("key")
    assert len(caplog.records) == 1


@pytest.mark.django_db
def test_the_gateway_answers(cache: ForgivingRedisCache, monkeypatch: Any) -> None:
    from tests.platform import Platform

    monkeypatch.setattr(caches._connections, "default", cache, raising=False)  # type: ignore[attr-defined]
    assert Platform().apply().code == "000"
