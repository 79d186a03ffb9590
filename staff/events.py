"""What is written in the audit trail: kinds of events, and what their details are called.

A decision names its own kind in its file; what platforms and clocks do is named in a room's `audit.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from staff.duties import Duty
from staff.looks import Text, Tone


@dataclass(frozen=True)
class EventKind:
    """One kind of event. `code` stands in the trail, in its digests too, and never changes; the rest is how a timeline
    shows it: what it is called, an icon's name, a colour. `duty` is what its person did by it, where another duty must
    then be another person's; `permission` who may bring it about, where that is no decision's to say."""

    code: str
    title: Text
    icon: str = "circle"
    tone: Tone = Tone.PLAIN
    duty: Duty | None = None
    permission: str = ""


@dataclass(frozen=True)
class Detail:
    """What a detail of an event is called, and how its value is shown: what its codes mean (`words`), as a sum of money
    in CNY, or by a function of its own. One that only machines read is kept and not shown."""

    label: Text
    words: Mapping[str, Text] = field(default_factory=dict)
    is_sum: bool = False
    text: Callable[[str], Text] | None = None
    is_shown: bool = True


def words_of(*choices: Iterable[tuple[Any, Text]]) -> dict[str, Text]:
    """What the values of one or several `TextChoices.choices` mean."""
    return {str(value): label for some in choices for value, label in some}
