"""Waits for what must come true, never longer than it may take."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep


def eventually(condition: Callable[[], object], seconds: float = 30, otherwise: Callable[[], str] = str) -> None:
    """Returns as soon as `condition` holds; fails after `seconds`, telling what `otherwise` says."""
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, f"not within {seconds} s: {getattr(condition, '__name__', '')} {otherwise()}"
        sleep(0.02)
