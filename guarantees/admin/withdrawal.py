"""Withdrawals (PREP109): the list, the page of one, and the purchaser's release."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.order_case import OrderCaseAdmin
from guarantees.admin.searching import FoldedSearch
from guarantees.badges import application_badge, guarantee_badge, withdrawal_badge
from guarantees.former_codes import WITHDRAWAL_KINDS
from guarantees.models import Application, Withdrawal, WithdrawalState
from guarantees.money.receipts import received as premium_received
from guarantees.word_lists import REFUSAL
from staff.desk.document import DocumentAdmin
from staff.desk.export import Column, columns
from staff.desk.filters import DayRange, by_reason, once_called
from staff.desk.page import Badge, Row, Section, moment, money, rows, two_lines
from staff.desk.panels import Entry
from staff.desk.targets import TargetList
from staff.models import User


def withdrawal_entry(withdrawal: Withdrawal) -> Entry:
    """A withdrawal as the page of its case shows it."""
    return Entry(withdrawal.get_kind_display(), withdrawal_badge(withdrawal), note=withdrawal.reason)


@admin.register(Withdrawal)
class WithdrawalAdmin(TargetList, FoldedSearch, DocumentAdmin, OrderCaseAdmin):
    open_states = (WithdrawalState.RECEIVED,)
    document_field, digest_field, document_address = "release", "release_digest", "release"
    list_display = ["number", "who", "kind", "state_badge", "target", "received", "decided"]
    list_display_links = ["number"]
    list_filter = [
        ("order__connection", admin.RelatedOnlyFieldListFilter),
        ("kind", once_called(WITHDRAWAL_KINDS)),
        ("received_at", DayRange),
        by_reason(REFUSAL),
    ]
    tabs_field = "state"
    search_fields = ["order__number"]
    folded = {"application__": Application}
    search_help_text = gettext_lazy("Order or applicant")
    ordering = ["-received_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Withdrawal]:
        return super().get_queryset(request).select_related("application__order", "order__connection", "decided_by")

    @admin.display(description=gettext_lazy("order"), ordering="order__number")
    def number(self, withdrawal: Withdrawal) -> SafeString:
        return two_lines(withdrawal.order.number, withdrawal.order.connection.name)

    @admin.display(description=gettext_lazy("applicant"), ordering="application__applicant_name")
    def who(self, withdrawal: Withdrawal) -> SafeString:
        return two_lines(withdrawal.application.applicant_name, withdrawal.application.project_name)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, withdrawal: Withdrawal) -> str:
        return str(withdrawal_badge(withdrawal))

    @admin.display(description=gettext_lazy("received at"), ordering="received_at")
    def received(self, withdrawal: Withdrawal) -> SafeString:
        return two_lines(*moment(withdrawal.received_at).split())

    @admin.display(description=gettext_lazy("decided at"), ordering="decided_at")
    def decided(self, withdrawal: Withdrawal) -> SafeString:
        return two_lines(moment(withdrawal.decided_at), withdrawal.decided_by or "")

    def export_columns(self, person: User) -> list[Column]:
        return columns(
            Withdrawal,
            "order__connection__name",
            "order__number",
            "application__applicant_name",
            "kind",
            "reason",
            "state",
            "received_at",
            "decided_by",
            "decided_at",
            "refusal",
            "reason_code",
        )

    def heading(self, record: Withdrawal) -> str:
        return f"{record.get_kind_display()} · {record.application.applicant_name}"

    def badge(self, record: Withdrawal) -> Badge:
        return withdrawal_badge(record)

    def sections(self, record: Withdrawal, person: User) -> list[Section]:
        release = (
            [
                Row(_("Purchaser's release"), self.document_link(record)),
                *rows(record, "release_by", "release_checked_by"),
            ]
            if record.is_surrender
            else []
        )
        return [
            Section(_("Request"), [*rows(record, "kind", "reason", "received_at"), *_case_rows(record), *release]),
            Section(_("Decision"), rows(record, "decided_by", "decided_at", "refusal")),
        ]

    def summary(self, case: Withdrawal, person: User) -> Section:
        return Section(str(case), [*rows(case, "kind", "reason"), *_case_rows(case)])


def _case_rows(withdrawal: Withdrawal) -> list[Row]:
    application = withdrawal.application
    link = format_html(
        '<a href="{}">{}</a>', reverse("admin:guarantees_application_change", args=[application.pk]), application
    )
    letter = application.guarantee
    return [
        Row(_("application"), link),
        Row(_("its state"), application_badge(application)),
        *([Row(_("letter"), format_html("{} {}", letter.number, guarantee_badge(letter)))] if letter else []),
        Row(_("premium received"), money(premium_received(application)), "amount"),
    ]
