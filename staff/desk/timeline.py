"""The audit trail as events of a timeline. Each room names its events here by registration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from staff.desk.page import Event, Row, Text, Tone, moment, money
from staff.models import AuditEntry
from staff.offered import OfferedByName


@dataclass(frozen=True)
class EventLook:
    """What an audit event is called and how it looks on a timeline."""

    title: Text
    icon: str = "circle"
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Detail:
    """What a detail of an audit event is called; how it is told: what its codes mean, or that it is a sum of money."""

    label: Text
    words: Mapping[str, Text] = field(default_factory=dict)
    is_sum: bool = False
    told: Callable[[str], Text] | None = None


EVENTS: OfferedByName[EventLook] = OfferedByName("EVENTS", EventLook)
DETAILS: OfferedByName[Detail] = OfferedByName("DETAILS", Detail)

_looks: dict[str, EventLook] = {}
_details: dict[str, Detail] = {}


def register_events(looks: Mapping[str, EventLook], details: Mapping[str, Text | Detail] | None = None) -> None:
    """Called by a room's admin: what its audit events and their details are called."""
    _looks.update(looks)
    for key, detail in (details or {}).items():
        _details[key] = detail if isinstance(detail, Detail) else Detail(detail)


def words_of(*choices: Iterable[tuple[Any, Text]]) -> dict[str, Text]:
    """What the values of one or several `TextChoices.choices` mean."""
    return {str(value): label for some in choices for value, label in some}


def event_title(event: str) -> Text:
    """What an audit event is called; its code where nobody named it."""
    look = _looks.get(event) or EVENTS.get(event)
    return look.title if look else event


def event_choices() -> list[tuple[str, Text]]:
    """Every named event, for a filter."""
    return [(event, look.title) for event, look in {**_looks, **dict(EVENTS.items())}.items()]


def audit_events(entries: Iterable[AuditEntry]) -> list[Event]:
    """The latest first."""
    events = [_event(entry) for entry in entries]
    return sorted(events, key=lambda event: event.at, reverse=True)


def detail_rows(entry: AuditEntry) -> list[Row]:
    """What an entry says beside its reason."""
    rows = []
    for key, value in entry.details.items():
        detail = _details.get(key) or DETAILS.get(key) or Detail(key)
        if value not in (None, "", [], {}):
            rows.append(Row(detail.label, _shown(value, detail)))
    return rows


def _shown(value: Any, detail: Detail) -> Text:
    """A JSON value as people read it: codes by their words, times in China, sums with separators."""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case list():
            return "、".join(str(_shown(one, detail)) for one in value)
        case dict():
            return "；".join(f"{detail.words.get(name, name)}：{_shown(one, detail)}" for name, one in value.items())
    text = str(value)
    if text in detail.words:
        return detail.words[text]
    if detail.told:
        return detail.told(text)
    if re.fullmatch(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d{6})?[+-]\d{2}:\d{2}", text, re.ASCII):
        return moment(datetime.fromisoformat(text))
    return money(Decimal(text)) if detail.is_sum else text


def subject_kind(entry: AuditEntry) -> Text:
    """What the entry's subject is called: an application, a demand."""
    try:
        return apps.get_model(entry.subject_type)._meta.verbose_name or entry.subject_type
    except (LookupError, ValueError):
        return entry.subject_type


def state_name(entry: AuditEntry, state: str) -> Text:
    """What a state of the entry's subject is called."""
    try:
        choices = apps.get_model(entry.subject_type)._meta.get_field("state").flatchoices
    except (LookupError, ValueError, FieldDoesNotExist):
        return state
    label: str | Promise = dict(choices).get(state, state)
    return label


def _event(entry: AuditEntry) -> Event:
    look = _looks.get(entry.event) or EVENTS.get(entry.event) or EventLook(entry.event)
    return Event(
        at=entry.at,
        title=look.title,
        by=entry.actor_name,
        note=entry.reason,
        icon=look.icon,
        tone=look.tone,
        details=detail_rows(entry),
    )
