"""What an auditor looks at first: what is out of the ordinary. Rooms offer the kinds, each read off the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from staff.looks import Text
from staff.models import AuditEntry
from staff.offered import Offered


@dataclass(frozen=True)
class ExceptionKind:
    """Entries of these `events` are asked for by `found`, which says what is out of the ordinary, or None. Without
    events every entry of a person is."""

    code: str
    label: Text
    found: Callable[[AuditEntry], Text | None]
    events: tuple[str, ...] = ()


EXCEPTIONS: Offered[ExceptionKind] = Offered("EXCEPTIONS", ExceptionKind, known_by=lambda kind: kind.code)
