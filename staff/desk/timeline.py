"""The audit trail as events of a timeline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from staff import case_files
from staff.decisions import DECISIONS, event_kinds
from staff.desk.page import Event, Row, Text, moment, money
from staff.events import Detail, EventKind
from staff.models import AuditEntry, User
from staff.offered import OfferedByName

#: What details are called that several events have; the others, too, stand with their decision.
DETAILS: OfferedByName[Detail] = OfferedByName("DETAILS", Detail)


def event_title(event: str) -> Text:
    """What an audit event is called; its code where nobody named it."""
    kind = event_kinds().get(event)
    return kind.title if kind else event


def event_choices() -> list[tuple[str, Text]]:
    """Every named event, for a filter."""
    return [(code, kind.title) for code, kind in event_kinds().items()]


def audit_events(entries: Iterable[AuditEntry], person: User) -> list[Event]:
    """The latest first, as this person may read them."""
    kinds, names, entries = event_kinds(), _detail_names(), list(entries)
    told = case_files.told(entries, person)
    events = [
        _event(entry, kinds.get(entry.event) or EventKind(entry.event, entry.event), names, told.get(entry.pk, ""))
        for entry in entries
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def detail_rows(entry: AuditEntry) -> list[Row]:
    """What an entry says beside its reason."""
    return _rows(entry, _detail_names())


def _rows(entry: AuditEntry, names: Mapping[str, Detail]) -> list[Row]:
    rows = []
    for key, value in entry.details.items():
        detail = names.get(key) or Detail(key)
        if detail.is_shown and value not in (None, "", [], {}):
            rows.append(Row(detail.label, _shown(value, detail)))
    return rows


def _detail_names() -> dict[str, Detail]:
    own = {name: detail for decision in DECISIONS for name, detail in decision.detail_names.items()}
    return {**own, **dict(DETAILS.items())}


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
    if detail.text:
        return detail.text(text)
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


def _event(entry: AuditEntry, kind: EventKind, names: Mapping[str, Detail], told: str) -> Event:
    return Event(
        at=entry.at,
        title=kind.title,
        by=done_by(entry),
        note=told or entry.reason,
        icon=kind.icon,
        tone=kind.tone,
        details=_rows(entry, names),
    )


def done_by(entry: AuditEntry) -> str:
    """Who did it; of what two people did, both."""
    if proposer := entry.details.get("proposed_by"):
        return _("%(confirmer)s, proposed by %(proposer)s") % {"confirmer": entry.actor_name, "proposer": proposer}
    if entry.actor_id is None and entry.actor_name == case_files.APPLICANT:
        return _("the applicant")
    return entry.actor_name
