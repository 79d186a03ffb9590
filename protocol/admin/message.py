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
from protocol.errors import SUCCESS
from protocol.models import AcceptedMessage, Message
from protocol.models.journal import Direction
from protocol.names import named
from staff.desk.export import Column, columns
from staff.desk.filters import DayRange
from staff.desk.page import NOTHING, Badge, Row, Section, Tone, moment, rows, two_lines
from staff.desk.record import RecordAdmin
from staff.models import User


def answer_badge(message: Message) -> Badge | None:
    if not message.code:
        return None
    return Badge(message.code, Tone.GOOD if message.code == "000" else Tone.BAD)


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    list_display = ["when", "what", "order", "guarantee_number", "code_badge", "answered", "took"]
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
        return two_lines(message.order_number, sender_of(message))

    @admin.display(description=gettext_lazy("code"), ordering="code")
    def code_badge(self, message: Message) -> str | None:
        badge = answer_badge(message)
        return str(badge) if badge else None

    @admin.display(description=gettext_lazy("answer"), ordering="message")
    def answered(self, message: Message) -> str:
        return message.answered

    @admin.display(description=gettext_lazy("ms"), ordering="duration_ms")
    def took(self, message: Message) -> int | None:
        return message.duration_ms

    def export_columns(self, person: User) -> list[Column]:
        before = columns(
            Message,
            "transcode",
            "msgcode",
            "order_number",
            "guarantee_number",
            "code",
        )
        after = columns(Message, "incident", "remote_address", "size", "duration_ms")
        return [
            *columns(Message, "at", "direction"),
            Column(gettext_lazy("platform"), lambda message: sender_of(message) if message.connection else ""),
            *before,
            Column(gettext_lazy("answer"), lambda message: message.answered),
            *after,
        ]

    def heading(self, record: Message) -> str:
        return f"{record.get_direction_display()} · {moment(record.at)}"

    def badge(self, record: Message) -> Badge | None:
        return answer_badge(record)

    def sections(self, record: Message, person: User) -> list[Section]:
        return [
            Section(
                _("Message"),
                [
                    *rows(record, "direction", "at"),
                    Row(_("platform"), sender_of(record)),
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
                    *_repeats(record),
                ],
            ),
            *self._refusal(record, person),
            Section(_("As it was on the wire"), rows(record, "size", "digest")),
            *self._content(record, person),
        ]

    def _content(self, record: Message, person: User) -> list[Section]:
        """What it held; of a refused message that was not opened, the envelope as it came."""
        allowed = may_read_refusal(record, person)
        title, content = _("What it says"), record.plaintext
        if not content and record.body and allowed:
            title, content = _("The envelope as it came, not opened"), record.body
        whole = record.is_refused and record.is_demand
        return [content_section(title, content, person, allowed=allowed, whole=whole)]

    def _refusal(self, record: Message, person: User) -> list[Section]:
        """Why it was refused, which the answer does not tell (decisions C7)."""
        if not record.reason or not may_read_refusal(record, person):
            return []
        note = _("Nothing proves that it came from this platform.") if record.is_unproven else ""
        return [Section(_("Why it was refused"), rows(record, "reason", "particulars", "appid"), note=note)]


def sender_of(message: Message) -> str:
    """The platform, or which one it is said to be."""
    if message.connection is None:
        return _("unknown sender")
    if message.is_unproven:
        return _("%(platform)s (unproven)") % {"platform": message.connection}
    return str(message.connection)


def _repeats(message: Message) -> list[Row]:
    """How often an accepted message came again, which has no rows in the journal (decisions C1, C7)."""
    if message.direction != Direction.INBOUND or message.code != SUCCESS or message.connection_id is None:
        return []
    accepted = AcceptedMessage.objects.filter(
        connection=message.connection_id, transcode=message.transcode, msgcode=message.msgcode
    ).first()
    return rows(accepted, "repeats", *(["last_repeat_at"] if accepted.repeats else [])) if accepted else []


def may_read_refusal(message: Message, person: User) -> bool:
    """Why it was refused and what it held: of a demand also for whoever handles claims (decisions C5)."""
    if not message.is_refused:
        return False
    demands = message.is_demand and person.has_perm("protocol.read_refused_demands")
    return demands or person.has_perm("protocol.read_refusals")
