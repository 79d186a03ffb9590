"""Refunds: what is to be paid back, and what was."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.personal import may_see_personal_data
from guarantees.admin.searching import FoldedSearch
from guarantees.decisions.refund import PayRefund
from guarantees.models import Application, Refund
from staff.desk.case import CaseAdmin
from staff.desk.export import Column, columns
from staff.desk.filters import AmountRange, DayRange
from staff.desk.page import NOTHING, Badge, Event, Row, Section, Tone, moment, money, rows, two_lines
from staff.desk.panels import Entry
from staff.desk.targets import TargetList
from staff.desk.timeline import audit_events
from staff.models import AuditEntry, User


def refund_badge(refund: Refund) -> Badge:
    if refund.paid_at:
        return Badge(_("paid back"), Tone.GOOD)
    return Badge(_("released"), Tone.WAITS) if refund.released_at else Badge(_("due"), Tone.WARNING)


def refund_entry(refund: Refund) -> Entry:
    """A refund as the page of its case shows it."""
    return Entry(_("refund"), refund_badge(refund), refund.amount, refund.reference)


@admin.register(Refund)
class RefundAdmin(TargetList, FoldedSearch, CaseAdmin):
    list_display = ["number", "sum", "state_badge", "target", "since", "paid"]
    list_display_links = ["number"]
    list_filter = [
        ("application__order__connection", admin.RelatedOnlyFieldListFilter),
        ("paid_at", admin.EmptyFieldListFilter),
        ("due_at", DayRange),
        ("amount", AmountRange),
    ]
    search_fields = ["reference"]
    folded = {"application__": Application}
    search_help_text = gettext_lazy("Order, applicant or bank reference")
    ordering = ["-due_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Refund]:
        return super().get_queryset(request).select_related("application__order", "paid_by")

    def shows_open_work(self, request: HttpRequest) -> bool:
        return request.GET.get("paid_at__isempty") == "1"

    @admin.display(description=gettext_lazy("order"), ordering="application__order__number")
    def number(self, refund: Refund) -> SafeString:
        return two_lines(refund.application, refund.application.applicant_name)

    @admin.display(description=gettext_lazy("amount (CNY)"), ordering="amount")
    def sum(self, refund: Refund) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(refund.amount))

    @admin.display(description=gettext_lazy("state"))
    def state_badge(self, refund: Refund) -> str:
        return str(refund_badge(refund))

    @admin.display(description=gettext_lazy("due since"), ordering="due_at")
    def since(self, refund: Refund) -> SafeString:
        return two_lines(*moment(refund.due_at).split())

    @admin.display(description=gettext_lazy("paid back at"), ordering="paid_at")
    def paid(self, refund: Refund) -> SafeString:
        return two_lines(moment(refund.paid_at), refund.reference)

    def export_columns(self, person: User) -> list[Column]:
        return columns(
            Refund,
            "application__order__number",
            "application__applicant_name",
            "amount",
            "due_at",
            "released_by",
            "released_at",
            "paid_at",
            "reference",
            "paid_by",
        )

    def heading(self, record: Refund) -> str:
        return record.application.applicant_name

    def badge(self, record: Refund) -> Badge:
        return refund_badge(record)

    def sections(self, record: Refund, person: User) -> list[Section]:
        return [self.summary(record, person)]

    def summary(self, case: Refund, person: User) -> Section:
        whole = may_see_personal_data(person) or person.has_perm(PayRefund.permission)
        payee = Row(_("payee"), case.payee if case.payee and whole else NOTHING, "wide")
        return Section(
            _("Refund"),
            [
                *rows(case, "application", "amount", "due_at", "release_asked_by", "released_by", "released_at"),
                payee,
                *rows(case, "paid_at", "reference", "paid_by"),
            ],
        )

    def timeline(self, case: Refund, person: User) -> list[Event]:
        return audit_events(AuditEntry.objects.filter(chain=case.audit_chain), person)
