"""By what people know the things whose chains the trail keeps, and finding a chain by that. Rooms offer their kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from staff.looks import Text
from staff.offered import Offered


@dataclass(frozen=True)
class Named:
    """What a chain belongs to; `url` opens it."""

    text: Text
    url: str = ""


@dataclass(frozen=True)
class ChainKind:
    """Chains "<kind>:<number>". `names` are those of such numbers, `find` the numbers of what is called so."""

    kind: str
    names: Callable[[Collection[int]], Mapping[int, Named]]
    find: Callable[[str], Iterable[int]]


CHAINS: Offered[ChainKind] = Offered("CHAINS", ChainKind, known_by=lambda chain: chain.kind)


def called(chains: Iterable[str]) -> dict[str, Named]:
    """What each of the chains belongs to, asked for once for each kind; one that nobody knows is left out."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for chain in chains:
        kind, _colon, number = chain.partition(":")
        if number.isdecimal():
            numbers[kind].add(int(number))
    return {
        f"{known.kind}:{number}": named
        for known in CHAINS
        if known.kind in numbers
        for number, named in known.names(numbers[known.kind]).items()
    }


def chains_of(text: str) -> list[str]:
    """The chains of whatever is called so: an order by its number, or by its letter's."""
    return [f"{known.kind}:{number}" for known in CHAINS for number in known.find(text)]
