"""How many large bodies one process handles at once, in all and of one network: each costs memory until answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from protocol.gateway.body import LARGE
from staff.network import network_of

AT_ONCE, OF_A_NETWORK = 4, 2
_places = Lock()
_held: Counter[str] = Counter()


@contextmanager
def place(address: str, length: int) -> Iterator[bool]:
    """A place for a body of `length` bytes, which a small one needs not; False where none is free.

    Nobody waits: whoever waited would hold a thread that desk and verification need.
    """
    if length <= LARGE:
        yield True
        return
    network = network_of(address)
    with _places:
        free = _held.total() < AT_ONCE and _held[network] < OF_A_NETWORK
        if free:
            _held[network] += 1
    try:
        yield free
    finally:
        if free:
            with _places:
                _held[network] -= 1
