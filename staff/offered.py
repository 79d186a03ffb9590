"""How a room gives to those below it what they must not import: each kind of offer is a list of one type.

The room that reads a kind keeps its list (`staff.desk.home.COUNTERS`), every room says in its `offers.py` under the
same name what it adds to it, and `config/rooms.py` alone hands that over, when the site starts. There is no other way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

One = TypeVar("One")
Many = TypeVar("Many", bound=Iterable[Any])


class NotJoined(LookupError):
    """The rooms are not joined yet: "nothing yet" must not be taken for "nothing"."""


class Offered(Generic[One]):
    """What the rooms offer of one kind; iterated in the order of the rooms, the lowest first.

    `name` is what the list is called in every `offers.py`; `kind` is what each of its entries is, `known_by` says what
    no two of them share. Whoever reads it before the rooms are joined gets NotJoined.
    """

    def __init__(self, name: str, kind: type[One], *, known_by: Callable[[One], object]) -> None:
        self.name, self.kind, self.known_by = name, kind, known_by
        self._rooms: Mapping[str, Sequence[One]] | None = None

    def hand_over(self, rooms: Mapping[str, Sequence[One]]) -> None:
        """Replaces what is offered; called by config/rooms.py, and by tests that try a room of their own. Raises
        TypeError where a room offers what is not of this kind."""
        self._rooms = {room: _typed(room, self.name, self.kind, list(offers)) for room, offers in rooms.items()}

    @property
    def rooms(self) -> Mapping[str, Sequence[One]]:
        """Room → what it offers, the lowest first."""
        if self._rooms is None:
            raise NotJoined(f"{self.name} is read before the rooms are joined, which happens in AppConfig.ready.")
        return self._rooms

    def __iter__(self) -> Iterator[One]:
        return (one for offers in self.rooms.values() for one in offers)

    def from_the_highest_room(self) -> list[One]:
        """The business first."""
        return [one for room in reversed(list(self.rooms)) for one in self.rooms[room]]


class OfferedByName(Generic[One]):
    """The same for what the rooms offer under names, as mappings: `get` asks all rooms."""

    def __init__(self, name: str, kind: type[One]) -> None:
        self.name, self.kind = name, kind
        self._rooms: Mapping[str, Mapping[str, One]] | None = None

    def hand_over(self, rooms: Mapping[str, Mapping[str, One]]) -> None:
        """As of Offered."""
        for room, offers in rooms.items():
            _typed(room, self.name, self.kind, offers.values())
        self._rooms = {room: dict(offers) for room, offers in rooms.items()}

    @property
    def rooms(self) -> Mapping[str, Mapping[str, One]]:
        """Room → what it offers, the lowest first."""
        if self._rooms is None:
            raise NotJoined(f"{self.name} is read before the rooms are joined, which happens in AppConfig.ready.")
        return self._rooms

    def items(self) -> Iterator[tuple[str, One]]:
        return ((name, one) for offers in self.rooms.values() for name, one in offers.items())

    def get(self, name: str) -> One | None:
        return next((one for known, one in self.items() if known == name), None)


def _typed(room: str, name: str, kind: type[One], offers: Many) -> Many:
    """The offers, or TypeError: one of another type would fail much later, on some page."""
    for one in offers:
        if not isinstance(one, kind):
            raise TypeError(f"{room}/offers.py lists {one!r} under {name}, which is no {kind.__name__}.")
    return offers


@dataclass(frozen=True)
class Periodic:
    """One piece of work that is done again and again, by Celery beat or by the site itself.

    `run` may be called late, twice or by two processes at once and must not mind.
    """

    name: str
    every: timedelta
    run: Callable[[], object]
