"""Receipts: the money that came in for premiums."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guarantees.admin.searching import FoldedSearch
from guarantees.former_codes import MEANS
from guarantees.models import Application, Receipt
from staff.desk.export import Column, columns
from staff.desk.filters import AmountRange, DayRange, once_called
from staff.desk.page import Row, Section, moment, money, rows
from staff.desk.panels import Entry
from staff.desk.record import RecordAdmin
from staff.models import User


def receipt_entry(receipt: Receipt) -> Entry:
    """A receipt as the page of its case shows it."""
    note = " · ".join([*([receipt.reference] if receipt.reference else []), str(receipt.recorded_by)])
    return Entry(receipt.get_means_display(), amount=receipt.amount, note=note)


@admin.register(Receipt)
class ReceiptAdmin(FoldedSearch, RecordAdmin):
    list_display = ["paid", "order_number", "applicant", "sum", "means", "reference", "recorded_by"]
    list_display_links = ["paid"]
    list_filter = [("means", once_called(MEANS)), ("paid_at", DayRange), ("amount", AmountRange)]
    search_fields = ["reference"]
    folded = {"application__": Application}
    search_help_text = _("Order, applicant or bank reference")
    ordering = ["-paid_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Receipt]:
        return super().get_queryset(request).select_related("application__order", "recorded_by")

    @admin.display(description=_("paid at"), ordering="paid_at")
    def paid(self, receipt: Receipt) -> str:
        return moment(receipt.paid_at)

    @admin.display(description=_("order"), ordering="application__order__number")
    def order_number(self, receipt: Receipt) -> str:
        return str(receipt.application)

    @admin.display(description=_("applicant"), ordering="application__applicant_name")
    def applicant(self, receipt: Receipt) -> str:
        return receipt.application.applicant_name

    @admin.display(description=_("amount (CNY)"), ordering="amount")
    def sum(self, receipt: Receipt) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(receipt.amount))

    def export_columns(self, person: User) -> list[Column]:
        return columns(
            Receipt,
            "application__order__number",
            "application__applicant_name",
            "amount",
            "paid_at",
            "means",
            "reference",
            "recorded_by",
            "recorded_at",
        )

    def sections(self, record: Receipt, person: User) -> list[Section]:
        case = format_html(
            '<a href="{}">{}</a>',
            reverse("admin:guarantees_application_change", args=[record.application_id]),
            record.application,
        )
        return [
            Section(
                _("Receipt"),
                [
                    Row(_("application"), case),
                    *rows(record, "amount", "paid_at", "means", "reference", "recorded_by", "recorded_at"),
                ],
            )
        ]
