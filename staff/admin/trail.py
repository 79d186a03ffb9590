"""The audit trail: to search and to read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staff.audit import digest
from staff.chain_names import chains_of
from staff.desk.filters import DayRange
from staff.desk.page import Badge, Flag, Row, Section, Text, Tone, moment, rows
from staff.desk.record import RecordAdmin
from staff.desk.timeline import (
    detail_rows,
    done_by,
    event_choices,
    event_title,
    state_name,
    subject_kind,
)
from staff.models import AuditEntry, User


class EventFilter(SimpleListFilter):
    title = _("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return event_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(event=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    list_display = ["at_time", "title", "who", "chain", "moved", "reason"]
    list_display_links = ["at_time", "title"]
    list_filter = [EventFilter, ("at", DayRange)]
    search_fields = ["chain", "actor_name", "reason"]
    search_help_text = _("Order or guarantee number, person, event or reason")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        """By the number of a case as people know it, and by an event's words in their language, too."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if term := search_term.strip():
            events = [code for code, title in event_choices() if term.casefold() in str(title).casefold()]
            found = found | queryset.filter(Q(chain__in=chains_of(term)) | Q(event__in=events))
        return found, may_repeat

    @admin.display(description=_("by"), ordering="actor_name")
    def who(self, entry: AuditEntry) -> str:
        return done_by(entry)

    @admin.display(description=_("at"), ordering="at")
    def at_time(self, entry: AuditEntry) -> str:
        return moment(entry.at)

    @admin.display(description=_("event"), ordering="event")
    def title(self, entry: AuditEntry) -> Text:
        return event_title(entry.event)

    @admin.display(description=_("state"))
    def moved(self, entry: AuditEntry) -> str:
        states = [str(state_name(entry, state)) for state in (entry.from_state, entry.to_state) if state]
        return " → ".join(states)

    def heading(self, record: AuditEntry) -> str:
        return str(event_title(record.event))

    def flags(self, record: AuditEntry, person: User) -> list[Flag]:
        if record.digest == digest(record):
            return []
        return [Flag(_("This entry was changed after it was written: its digest does not fit."), Tone.BAD)]

    def badge(self, record: AuditEntry) -> Badge:
        if record.digest == digest(record):
            return Badge(_("unchanged"), Tone.GOOD)
        return Badge(_("changed"), Tone.BAD)

    def sections(self, record: AuditEntry, person: User) -> list[Section]:
        return [
            Section(
                _("What happened"),
                [
                    *rows(record, "at", "actor_name"),
                    Row(_("event"), event_title(record.event)),
                    *([Row(_("state before"), state_name(record, record.from_state))] if record.from_state else []),
                    *([Row(_("state after"), state_name(record, record.to_state))] if record.to_state else []),
                    *rows(record, "reason"),
                    *detail_rows(record),
                ],
            ),
            Section(
                _("Where it stands"),
                [
                    *rows(record, "chain", "number"),
                    Row(_("kind"), subject_kind(record)),
                    *rows(record, "subject_id"),
                ],
            ),
        ]
