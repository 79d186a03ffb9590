"""The outbox: what the platforms are still to be told, and every attempt to tell them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol.admin.content import content_section
from protocol.admin.transcode import TranscodeFilter, transcode_row
from protocol.failures import failure_text
from protocol.models import Notification
from protocol.models.outbox import NotificationState
from protocol.names import named
from staff.desk.case import CaseAdmin
from staff.desk.export import Column, columns
from staff.desk.filters import DayRange
from staff.desk.page import NOTHING, Badge, Flag, Row, Section, Tone, moment, rows, two_lines
from staff.models import User

TONES = {
    NotificationState.WAITING: Tone.WAITS,
    NotificationState.DELIVERED: Tone.GOOD,
    NotificationState.ATTENTION: Tone.BAD,
    NotificationState.SETTLED: Tone.OVER,
}


def notification_badge(notification: Notification) -> Badge:
    return Badge(notification.get_state_display(), TONES[NotificationState(notification.state)])


@admin.register(Notification)
class NotificationAdmin(CaseAdmin):
    list_display = ["decided", "order", "says", "state_badge", "attempts_made", "due", "last_answer"]
    list_display_links = ["decided"]
    list_filter = [
        ("connection", admin.RelatedOnlyFieldListFilter),
        ("transcode", TranscodeFilter),
        ("created_at", DayRange),
    ]
    tabs_field = "state"
    search_fields = ["queue__icontains", "msgcode__exact"]
    search_help_text = gettext_lazy("Order number or msgcode")
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notification]:
        return super().get_queryset(request).select_related("connection")

    @admin.display(description=gettext_lazy("decided"), ordering="created_at")
    def decided(self, notification: Notification) -> SafeString:
        return two_lines(*moment(notification.created_at).split())

    @admin.display(description=gettext_lazy("order"), ordering="queue")
    def order(self, notification: Notification) -> SafeString:
        return two_lines(notification.queue, notification.connection.name)

    @admin.display(description=gettext_lazy("says"), ordering="transcode")
    def says(self, notification: Notification) -> SafeString:
        return two_lines(named(notification.transcode), notification.says)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, notification: Notification) -> str:
        return str(notification_badge(notification))

    @admin.display(description=gettext_lazy("next attempt"), ordering="next_attempt_at")
    def due(self, notification: Notification) -> SafeString | str:
        if notification.state != NotificationState.WAITING:
            return ""
        return two_lines(*moment(notification.next_attempt_at).split())

    @admin.display(description=gettext_lazy("last answer"))
    def last_answer(self, notification: Notification) -> SafeString:
        return two_lines(notification.code, failure_text(notification.failure, notification.answer))

    def export_columns(self, person: User) -> list[Column]:
        before = columns(
            Notification,
            "created_at",
            "connection",
            "queue",
            "transcode",
            "status",
            "msgcode",
            "state",
            "attempts_made",
            "delivered_at",
            "code",
        )
        return [*before, Column(_("last answer"), lambda row: failure_text(row.failure, row.answer))]

    def heading(self, record: Notification) -> str:
        return record.named

    def badge(self, record: Notification) -> Badge:
        return notification_badge(record)

    def summary(self, case: Notification, person: User) -> Section:
        return Section(
            str(case),
            [*rows(case, "connection", "queue"), transcode_row(case), *rows(case, "attempts_made"), _answer_row(case)],
        )

    def flags(self, record: Notification, person: User) -> list[Flag]:
        cut = [Flag(sentence) for sentence in cut_sentences(record)]
        if record.state != NotificationState.ATTENTION:
            return cut
        return [
            *cut,
            Flag(
                _("The platform refused this (%(code)s %(answer)s); later messages of the order wait for it.")
                % {"code": record.code, "answer": record.answer},
                Tone.BAD,
            ),
        ]

    def sections(self, record: Notification, person: User) -> list[Section]:
        whole = [Row(field_title(record, name), text) for name, text in record.cuts.items()]
        return [
            Section(
                _("Delivery"),
                [
                    *rows(record, "connection", "queue"),
                    transcode_row(record),
                    *rows(record, "msgcode", "created_at", "delivered_at"),
                    *(rows(record, "next_attempt_at") if record.state == NotificationState.WAITING else []),
                    *rows(record, "attempts_made"),
                    _answer_row(record),
                ],
            ),
            Section(
                _("Attempts"),
                template="desk/attempts.html",
                content=list(record.attempts.order_by("-number")[:100]),
            ),
            *([Section(_("Cut to fit"), whole)] if whole else []),
            content_section(_("What it says"), record.plaintext, person),
        ]


def _answer_row(notification: Notification) -> Row:
    return Row(_("last answer"), notification.answered or NOTHING)


def cut_sentences(notification: Notification) -> list[str]:
    """What the platform was not told whole (decisions F1)."""
    text = _("%(field)s is longer than the specification's table takes, and is sent cut or left out.")
    return [text % {"field": field_title(notification, name)} for name in notification.cuts]


def field_title(notification: Notification, name: str) -> str:
    """A field as people call it, and as the specification does."""
    table = notification.connection.speaks.tables.get(notification.transcode)
    label = next((field.label for field in table.request if field.name == name), "") if table else ""
    return f"{label} {name}".strip()
