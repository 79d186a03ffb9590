"""What staff are told of: each room offers its kinds of matter under REMINDERS of its `offers.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from staff.looks import Text
from staff.offered import Offered
from staff.roles import Role


def never(_subject: Any) -> bool:
    return False


@dataclass(frozen=True)
class ReminderKind:
    """One kind of matter. `code` is kept with each reminder and never changes; `title` is all that is said of the
    matter beside our number, so it holds nothing of anybody.

    It is addressed to `role`: to the people on duty first, if it is `urgent`, one after the other until somebody takes
    note; to the role alone, and once, if not. `is_over` says of a subject that somebody has dealt with it already.
    """

    code: str
    title: Text
    role: Role
    urgent: bool = True
    is_over: Callable[[Any], bool] = never


REMINDERS: Offered[ReminderKind] = Offered("REMINDERS", ReminderKind, known_by=lambda kind: kind.code)


def kind_of(code: str) -> ReminderKind | None:
    """None where no room offers it any more."""
    return next((kind for kind in REMINDERS if kind.code == code), None)


def title_of(code: str) -> Text:
    """What the kind is called; its code where nobody offers it any more."""
    kind = kind_of(code)
    return kind.title if kind else code
