"""The shared counters' home in Redis, which people's work never depends on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

#: For so many seconds after a failure Redis is not asked, so that nobody waits for it at every click.
PAUSE = 5.0


class ForgivingRedisCache(RedisCache):
    """Redis, or nothing while it is away: rate limits then let everybody through, and the log says so."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._away_until = 0.0

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._asked(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._asked(lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version), None)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._asked(lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version), True))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._asked(lambda: super(ForgivingRedisCache, self).delete(key, version), False))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """As Django's, ValueError for a key that is not there: so it is while Redis is away."""
        count = self._asked(lambda: super(ForgivingRedisCache, self).incr(key, delta, version), None)
        if count is None:
            raise ValueError("Redis is away.")
        return int(count)

    def _asked(self, ask: Callable[[], Any], otherwise: Any) -> Any:
        if monotonic() < self._away_until:
            return otherwise
        try:
            return ask()
        except (RedisError, OSError) as error:
            self._away_until = monotonic() + PAUSE
            log.warning("Redis cannot be reached (%s); counters are off for %.0f s.", type(error).__name__, PAUSE)
            return otherwise
