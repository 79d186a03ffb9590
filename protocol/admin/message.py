"""The message journal."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol.admin.content import content_section
from protocol.admin.transcode import TranscodeFilter, transcode_row
from protocol.models import Message
from protocol.models.journal import Direction
from protocol.transcode_names import named
from staff.admin.export import Column, columns
from staff.admin.filters import DayRange
from staff.admin.page import NOTHING, Badge, Row, Section, Tone, moment, rows, two_lines
from staff.admin.record import RecordAdmin
from staff.models import User


def answer_badge(message: Message) -> Badge | None:
    if not message.code:
        return None
    return Badge(message.code, Tone.GOOD if message.code == "000" else Tone.BAD)


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    list_display = ["when", "what", "order", "guarantee_number", "code_badge", "said", "took"]
    list_display_links = ["when"]
    list_filter = [
        "direction",
        ("connection", admin.RelatedOnlyFieldListFilter),
        ("transcode", TranscodeFilter),
        "code",
        "reason",
        ("at", DayRange),
    ]
    search_fields = [
        "order_number",
        "guarantee_number",
        "msgcode__exact",
        "incident__exact",
        "appid__exact",
        "remote_address__exact",
        "code__exact",
    ]
    search_help_text = gettext_lazy("Order, guarantee, msgcode, incident, appid, address or code")
    ordering = ["-at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        # The bodies may be large, and a list does not show them.
        return super().get_queryset(request).select_related("connection").defer("body", "plaintext", "answer")

    def get_list_filter(self, request: HttpRequest) -> Any:
        """The reasons are for those who may read them all."""
        may = request.user.has_perm("protocol.read_refusals")
        return [one for one in self.list_filter if may or one != "reason"]

    @admin.display(description=gettext_lazy("at"), ordering="at")
    def when(self, message: Message) -> SafeString:
        return two_lines(*moment(message.at).split())

    @admin.display(description=gettext_lazy("message"), ordering="transcode")
    def what(self, message: Message) -> SafeString:
        arrow = "→" if message.direction == Direction.OUTBOUND else "←"
        return two_lines(named(message.transcode) or "—", f"{arrow} {message.get_direction_display()}")

    @admin.display(description=gettext_lazy("order"), ordering="order_number")
    def order(self, message: Message) -> SafeString:
        return two_lines(message.order_number, message.connection or _("unknown sender"))

    @admin.display(description=gettext_lazy("code"), ordering="code")
    def code_badge(self, message: Message) -> str | None:
        badge = answer_badge(message)
        return str(badge) if badge else None

    @admin.display(description=gettext_lazy("answer"), ordering="message")
    def said(self, message: Message) -> str:
        return message.answered

    @admin.display(description=gettext_lazy("ms"), ordering="duration_ms")
    def took(self, message: Message) -> int | None:
        return message.duration_ms

    def export_columns(self, person: User) -> list[Column]:
        before = columns(
            Message,
            "at",
            "direction",
            "connection",
            "transcode",
            "msgcode",
            "order_number",
            "guarantee_number",
            "code",
        )
        after = columns(Message, "incident", "remote_address", "size", "duration_ms")
        return [*before, Column(gettext_lazy("answer"), lambda message: message.answered), *after]

    def heading(self, record: Message) -> str:
        return f"{record.get_direction_display()} · {moment(record.at)}"

    def badge(self, record: Message) -> Badge | None:
        return answer_badge(record)

    def sections(self, record: Message, person: User) -> list[Section]:
        return [
            Section(
                _("Message"),
                [
                    *rows(record, "direction", "at", "connection"),
                    transcode_row(record),
                    *rows(record, "msgcode", "version", "remote_address", "order_number", "guarantee_number"),
                ],
            ),
            Section(
                _("Answer"),
                [
                    *rows(record, "code"),
                    Row(_("answer"), record.answered or NOTHING),
                    *rows(record, "incident", "duration_ms"),
                ],
            ),
            *self._refusal(record, person),
            Section(_("As it was on the wire"), rows(record, "size", "digest")),
            content_section(_("What it says"), record.plaintext, person, allowed=may_read_refusal(record, person)),
        ]

    def _refusal(self, record: Message, person: User) -> list[Section]:
        """Why it was refused, which the answer does not tell (decisions C7)."""
        if not record.reason or not may_read_refusal(record, person):
            return []
        note = _("Nothing proves that it came from this platform.") if record.is_unproven else ""
        return [Section(_("Why it was refused"), rows(record, "reason", "particulars", "appid"), note=note)]


def may_read_refusal(message: Message, person: User) -> bool:
    """Why it was refused and what it held: of a demand also for whoever handles claims (decisions C5)."""
    if not message.is_refused:
        return False
    demands = message.is_demand and person.has_perm("protocol.read_refused_demands")
    return demands or person.has_perm("protocol.read_refusals")
