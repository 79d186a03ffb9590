"""What other rooms have to say before a guarantee ends, and when one is replaced: given by registration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from guarantees.models import Guarantee

#: Why a guarantee may not end now, as a sentence for a person; None where nothing is in the way.
Blocker = Callable[[Guarantee], str | None]
#: When the last of what held up an end that was due at a moment was settled; None where nothing held it up.
Hold = Callable[[Guarantee, datetime], datetime | None]
#: Called in the transaction that issues `new` in place of `old`.
Succession = Callable[[Guarantee, Guarantee], None]

_blockers: list[Blocker] = []
_holds: list[Hold] = []
_successions: list[Succession] = []


def register_blocker(blocker: Blocker, hold: Hold) -> None:
    _blockers.append(blocker)
    _holds.append(hold)


def register_succession(succession: Succession) -> None:
    _successions.append(succession)


def what_blocks_the_end(guarantee: Guarantee) -> str | None:
    """The first reason against a cancellation, a return, a surrender or the closing by expiry (decisions B13)."""
    return next((reason for blocker in _blockers if (reason := blocker(guarantee))), None)


def held_up_until(guarantee: Guarantee, due: datetime) -> datetime:
    """When an end that was due at `due` could come: then, or when what held it up was settled (decisions B8, B13)."""
    return max([due, *(settled for hold in _holds if (settled := hold(guarantee, due)))])


def succeed(old: Guarantee, new: Guarantee) -> None:
    """What was open under the old letter goes on under the new one (decisions B9)."""
    for succession in _successions:
        succession(old, new)
