"""Alerts: what a person must look at."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol.admin.message import sender_of
from protocol.models import Alert, Message
from protocol.models.alert import AlertKind
from protocol.names import named
from staff.desk.case import CaseAdmin
from staff.desk.filters import DayRange
from staff.desk.page import NOTHING, Badge, Row, Section, Tone, moment, rows, two_lines
from staff.models import User


def alert_badge(alert: Alert) -> Badge:
    return Badge(_("dealt with"), Tone.OVER) if alert.seen_at else Badge(_("open"), Tone.BAD)


@admin.register(Alert)
class AlertAdmin(CaseAdmin):
    list_display = ["what", "subject", "count", "state_badge", "last"]
    list_display_links = ["what"]
    list_filter = ["kind", "connection", ("seen_at", admin.EmptyFieldListFilter), ("last_at", DayRange)]
    search_fields = ["subject", "text"]
    ordering = ["-last_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        return super().get_queryset(request).select_related("connection", "seen_by")

    @admin.display(description=gettext_lazy("alert"), ordering="kind")
    def what(self, alert: Alert) -> SafeString:
        return two_lines(alert.get_kind_display(), alert.text)

    @admin.display(description=gettext_lazy("state"), ordering="seen_at")
    def state_badge(self, alert: Alert) -> str:
        return str(alert_badge(alert))

    @admin.display(description=gettext_lazy("last"), ordering="last_at")
    def last(self, alert: Alert) -> SafeString:
        return two_lines(*moment(alert.last_at).split())

    def heading(self, record: Alert) -> str:
        return record.text

    def badge(self, record: Alert) -> Badge:
        return alert_badge(record)

    def sections(self, record: Alert, person: User) -> list[Section]:
        messages = (
            record.messages.order_by("-id").select_related("connection").defer("body", "plaintext", "answer")[:20]
        )
        return [
            self.summary(record, person),
            *([Section(_("Messages"), [_message_row(message) for message in messages[:20]])] if messages else []),
        ]

    def summary(self, case: Alert, person: User) -> Section:
        about = rows(case, "connection")
        if case.connection and is_unproven(case):
            about = [Row(about[0].label, _("%(platform)s (unproven)") % {"platform": case.connection})]
        rest = rows(case, "subject", "text", "count", "last_at", "seen_by", "seen_at", "note")
        return Section(_("Alert"), [*rows(case, "kind"), *about, *rest])


def is_unproven(alert: Alert) -> bool:
    """Whether nothing proves that the platform sent what it is about."""
    if alert.kind == AlertKind.REFUSED_DEMAND:
        return any(message.is_unproven for message in alert.messages.defer("body", "plaintext", "answer"))
    return alert.kind == AlertKind.UNPROVEN_DEMAND


def _message_row(message: Message) -> Row:
    link = reverse("admin:protocol_message_change", args=[message.pk])
    shown = format_html('<a href="{}">{}</a> {} {}', link, moment(message.at), message.code, sender_of(message))
    return Row(named(message.transcode) or NOTHING, shown)
