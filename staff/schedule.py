"""Work that is done again and again: each room lists its own in `schedule.py`, for Celery beat and the site alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Periodic:
    """One piece of periodic work. `run` may be called late, twice or by two processes at once and must not mind."""

    name: str
    every: timedelta
    run: Callable[[], object]
