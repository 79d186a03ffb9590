"""The audit trail as events of a timeline. Each room names its events here by registration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from staff.admin.page import Event, Row, Text, Tone
from staff.models import AuditEntry


@dataclass(frozen=True)
class EventLook:
    """What an audit event is called and how it looks on a timeline."""

    title: Text
    icon: str = "circle"
    tone: Tone = Tone.PLAIN


_looks: dict[str, EventLook] = {}
_details: dict[str, Text] = {}


def register_events(looks: Mapping[str, EventLook], details: Mapping[str, Text] | None = None) -> None:
    """Called by a room's admin: what its audit events and their details are called."""
    _looks.update(looks)
    _details.update(details or {})


def event_title(event: str) -> Text:
    """What an audit event is called; its code where nobody named it."""
    look = _looks.get(event)
    return look.title if look else event


def event_choices() -> list[tuple[str, Text]]:
    """Every named event, for a filter."""
    return [(event, look.title) for event, look in _looks.items()]


def audit_events(entries: Iterable[AuditEntry]) -> list[Event]:
    """The latest first."""
    events = [_event(entry) for entry in entries]
    return sorted(events, key=lambda event: event.at, reverse=True)


def detail_rows(entry: AuditEntry) -> list[Row]:
    """What an entry says beside its reason."""
    return [Row(_details.get(key, key), value) for key, value in entry.details.items() if value not in (None, "")]


def _event(entry: AuditEntry) -> Event:
    look = _looks.get(entry.event, EventLook(entry.event))
    return Event(
        at=entry.at,
        title=look.title,
        by=entry.actor_name,
        note=entry.reason,
        icon=look.icon,
        tone=look.tone,
        details=detail_rows(entry),
    )
