"""What an auditor looks at first: what is out of the ordinary. Rooms offer the kinds, each read off the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from staff.looks import Text
from staff.models import AuditEntry
from staff.offered import Offered

#: An entry, and what of it is out of the ordinary.
Found = tuple[AuditEntry, Text]


@dataclass(frozen=True)
class ExceptionKind:
    """`find` is given all entries of a period, the earliest first, and tells which are such exceptions."""

    code: str
    label: Text
    find: Callable[[Sequence[AuditEntry]], Iterator[Found]]


EXCEPTIONS: Offered[ExceptionKind] = Offered("EXCEPTIONS", ExceptionKind, known_by=lambda kind: kind.code)


def among(
    *events: str, judged: Callable[[AuditEntry], Text | None]
) -> Callable[[Sequence[AuditEntry]], Iterator[Found]]:
    """Finds an exception by one entry alone, of these events: `judged` says what it is, or None."""

    def find(entries: Sequence[AuditEntry]) -> Iterator[Found]:
        for entry in entries:
            if entry.event in events and (what := judged(entry)):
                yield entry, what

    return find
