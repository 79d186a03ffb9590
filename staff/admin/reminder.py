"""Reminders: what staff were told, by which channel, and who has taken note."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.desk.case import CaseAdmin
from staff.desk.export import Column, columns
from staff.desk.filters import DayRange
from staff.desk.page import NOTHING, Badge, Flag, Row, Section, Text, Tone, moment, rows, two_lines
from staff.models import Reminder, ReminderSending, ReminderState, User
from staff.reminders.kinds import REMINDERS, title_of
from staff.roles import Role

TONES: dict[str, Tone] = {
    ReminderState.WAITING: Tone.WAITS,
    ReminderState.SENT: Tone.WARNING,
    ReminderState.FAILED: Tone.BAD,
    ReminderState.ACKNOWLEDGED: Tone.GOOD,
    ReminderState.SETTLED: Tone.OVER,
}


def reminder_badge(reminder: Reminder) -> Badge:
    return Badge(reminder.get_state_display(), TONES[reminder.state])


class KindFilter(SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(kind.code, kind.title) for kind in REMINDERS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reminder]) -> QuerySet[Reminder]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Reminder)
class ReminderAdmin(CaseAdmin):
    list_display = ["what", "state_badge", "whom", "deadline_time", "made", "taken_note"]
    list_display_links = ["what"]
    list_filter = [
        "state",
        KindFilter,
        ("closed_at", admin.EmptyFieldListFilter),
        ("made_at", DayRange),
    ]
    search_fields = ["number"]
    search_help_text = gettext_lazy("Our number")
    ordering = ["-made_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reminder]:
        return super().get_queryset(request).select_related("person", "acknowledged_by")

    @admin.display(description=gettext_lazy("reminder"), ordering="kind")
    def what(self, reminder: Reminder) -> SafeString:
        return two_lines(title_of(reminder.kind), reminder.number)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, reminder: Reminder) -> str:
        return str(reminder_badge(reminder))

    @admin.display(description=gettext_lazy("told last"))
    def whom(self, reminder: Reminder) -> Text:
        return told(reminder)

    @admin.display(description=gettext_lazy("deadline"), ordering="deadline")
    def deadline_time(self, reminder: Reminder) -> str:
        return moment(reminder.deadline)

    @admin.display(description=gettext_lazy("made"), ordering="made_at")
    def made(self, reminder: Reminder) -> str:
        return moment(reminder.made_at)

    @admin.display(description=gettext_lazy("acknowledged"), ordering="closed_at")
    def taken_note(self, reminder: Reminder) -> SafeString | str:
        if reminder.closed_at is None:
            return NOTHING
        return two_lines(reminder.acknowledged_by or reminder.get_state_display(), moment(reminder.closed_at))

    def export_columns(self, person: User) -> list[Column]:
        return [
            Column(_("kind"), lambda reminder: title_of(reminder.kind)),
            *columns(Reminder, "number", "deadline", "state", "role", "person", "step"),
            *columns(Reminder, "made_at", "acknowledged_by", "closed_at"),
        ]

    def heading(self, record: Reminder) -> str:
        return str(title_of(record.kind))

    def badge(self, record: Reminder) -> Badge:
        return reminder_badge(record)

    def sections(self, record: Reminder, person: User) -> list[Section]:
        sendings = record.sendings.select_related("channel", "person").order_by("-step", "id")
        return [
            self.summary(record, person),
            Section(
                _("By channel"),
                [Row(_sending_label(one), _sending(one)) for one in sendings],
                note="" if sendings else _("No channel is in use for it."),
            ),
        ]

    def summary(self, case: Reminder, person: User) -> Section:
        return Section(
            _("Reminder"),
            [
                Row(_("matter"), title_of(case.kind)),
                Row(_("Our number"), matter(case)),
                *rows(case, "deadline", "made_at"),
                Row(_("told last"), told(case)),
                *(rows(case, "pass_on_at") if case.pass_on_at else []),
                *(rows(case, "acknowledged_by", "closed_at") if case.closed_at else []),
            ],
        )

    def questions(self, case: Reminder, person: User) -> list[Flag]:
        return []  # taking note decides nothing


def told(reminder: Reminder) -> Text:
    """A person by name, or a role."""
    return str(reminder.person) if reminder.person else Role(reminder.role).label


def matter(reminder: Reminder) -> SafeString | str:
    """Our number, leading to the page of the matter."""
    name = reminder.subject_type.replace(".", "_")
    try:
        url = reverse(f"admin:{name}_change", args=[reminder.subject_id])
    except NoReverseMatch:
        return reminder.number
    return format_html('<a href="{}">{}</a>', url, reminder.number)


def _sending_label(sending: ReminderSending) -> str:
    whom = str(sending.person) if sending.person else str(Role(sending.role).label)
    return f"{sending.step}. {sending.channel} → {whom}"


def _sending(sending: ReminderSending) -> SafeString:
    if sending.sent_at:
        badge, at = Badge(_("sent"), Tone.GOOD), moment(sending.sent_at)
    elif sending.given_up_at:
        badge, at = Badge(_("given up"), Tone.BAD), moment(sending.given_up_at)
    else:
        badge, at = Badge(_("to be sent"), Tone.WAITS), moment(sending.next_attempt_at)
    tried = _("attempts: %(number)d") % {"number": sending.attempts_made}
    return format_html("{} {} · {}{}", badge, at, tried, f" · {sending.answer}" if sending.answer else "")
