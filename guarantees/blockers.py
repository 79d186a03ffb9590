"""What other rooms have to say before a guarantee ends, and when one is replaced: offered, never imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from guarantees.models import Guarantee
from staff.offered import Offered


@dataclass(frozen=True)
class Blocker:
    """What another room may have open on guarantees.

    `obstacle`: why a guarantee may not end now, as a sentence for a person; None where nothing is in the way.
    `settled_at`: when the last of what held up an end that was due at a moment was settled; None where nothing did.
    `carry_over`: called with the old letter and the new one in the transaction that issues the new in its place.
    """

    obstacle: Callable[[Guarantee], str | None]
    settled_at: Callable[[Guarantee, datetime], datetime | None]
    carry_over: Callable[[Guarantee, Guarantee], None]


BLOCKERS: Offered[Blocker] = Offered("BLOCKERS", Blocker, known_by=lambda blocker: blocker.obstacle.__name__)


def what_blocks_the_end(guarantee: Guarantee) -> str | None:
    """The first reason against a cancellation, a return, a surrender or the closing by expiry (decisions B13)."""
    return next((reason for blocker in BLOCKERS if (reason := blocker.obstacle(guarantee))), None)


def held_up_until(guarantee: Guarantee, due: datetime) -> datetime:
    """When an end that was due at `due` could come: then, or when what held it up was settled (decisions B8, B13)."""
    return max([due, *(settled for blocker in BLOCKERS if (settled := blocker.settled_at(guarantee, due)))])


def succeed(old: Guarantee, new: Guarantee) -> None:
    """What was open under the old letter goes on under the new one (decisions B9)."""
    for blocker in BLOCKERS:
        blocker.carry_over(old, new)
