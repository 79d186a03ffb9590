"""How many large bodies one process handles at once, in all and of one network: each costs memory until answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from threading import Lock

from staff.network import network_of

AT_ONCE, OF_A_NETWORK = 4, 2
_lock = Lock()
_held: Counter[str] = Counter()


@dataclass(frozen=True)
class Slot:
    """A slot for one large body, held until `leave`."""

    network: str

    def leave(self) -> None:
        with _lock:
            _held[self.network] -= 1


def take(address: str) -> Slot | None:
    """A slot for a large body from this address; None where none is free.

    Nobody waits: whoever waited would hold a thread that desk and verification need.
    """
    network = network_of(address)
    with _lock:
        if _held.total() >= AT_ONCE or _held[network] >= OF_A_NETWORK:
            return None
        _held[network] += 1
    return Slot(network)
