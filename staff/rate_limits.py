"""How often something may be done: counters in the cache, which all processes share where REDIS_URL is set.

The one mechanism behind signing in, the public page and the gateway. Each limit is stated once, where it is kept.
While Redis is away nothing is counted and everybody passes (config/cache.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from staff import clock


@dataclass(frozen=True)
class RateLimit:
    """At most `most` within `period`, counted apart for each key: an address, a network, a number.

    The period begins with the first that is counted. Keys are hashed, so that nothing personal is kept, nor a password
    that was typed into the wrong field. `most` may be asked anew each time, where a setting says it.
    """

    name: str
    most: int | Callable[[], int]
    period: timedelta

    @property
    def limit(self) -> int:
        return self.most() if callable(self.most) else self.most

    def count(self, key: str) -> int:
        """Counts one more; how many that makes in this period, 0 where nothing can be counted."""
        here, seconds = self._cache_key(key), self.period.total_seconds()
        cache.add(here, 0, seconds)
        try:
            counted = int(cache.incr(here))
        except ValueError:  # it ended in between, or the cache is away
            return 0
        if counted == 1:
            cache.set(f"{here}:until", clock.now() + self.period, seconds)
        return counted

    def allows(self, key: str) -> bool:
        """Counts one more: whether it is still within the limit."""
        return self.count(key) <= self.limit

    def is_reached(self, key: str) -> bool:
        """Whether the limit is used up; counts nothing."""
        return int(cache.get(self._cache_key(key), 0)) >= self.limit

    def seconds_left(self, key: str) -> int:
        """Until a new period begins for what is counted now: 1 at least."""
        until: datetime | None = cache.get(f"{self._cache_key(key)}:until")
        return max(1, round(((until or clock.now() + self.period) - clock.now()).total_seconds()))

    def forget(self, key: str) -> None:
        """Begins anew."""
        cache.delete(self._cache_key(key))

    def _cache_key(self, key: str) -> str:
        return f"{self.name}:{hashlib.sha256(key.encode()).hexdigest()}"
