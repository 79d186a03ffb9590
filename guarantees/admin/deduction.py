"""Deductions by the purchaser: the list, the page of one, and the paper that it rests on."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.searching import FoldedSearch
from guarantees.models import Application, Deduction, Guarantee
from staff.desk.document import DocumentAdmin
from staff.desk.export import Column, columns
from staff.desk.filters import AmountRange, DayRange
from staff.desk.page import Row, Section, moment, money, rows, two_lines
from staff.desk.panels import Entry
from staff.desk.record import RecordAdmin
from staff.models import User


def deduction_entry(deduction: Deduction) -> Entry:
    """A deduction as the page of its case shows it."""
    return Entry(_("deduction"), amount=deduction.amount, note=deduction.document)


@admin.register(Deduction)
class DeductionAdmin(FoldedSearch, DocumentAdmin, RecordAdmin):
    document_field, digest_field, document_address = "paper", "paper_digest", "paper"
    list_display = ["number", "sum", "document", "recorded", "confirmed"]
    list_display_links = ["number"]
    list_filter = [("recorded_at", DayRange), ("amount", AmountRange)]
    search_fields = ["document"]
    folded = {"guarantee__": Guarantee, "guarantee__application__": Application}
    search_help_text = gettext_lazy("Guarantee number, applicant or document")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deduction]:
        return super().get_queryset(request).select_related("guarantee__application", "recorded_by", "confirmed_by")

    @admin.display(description=gettext_lazy("guarantee number"), ordering="guarantee__number")
    def number(self, deduction: Deduction) -> SafeString:
        return two_lines(deduction.guarantee.number, deduction.guarantee.application.applicant_name)

    @admin.display(description=gettext_lazy("amount (CNY)"), ordering="amount")
    def sum(self, deduction: Deduction) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(deduction.amount))

    @admin.display(description=gettext_lazy("recorded"), ordering="recorded_at")
    def recorded(self, deduction: Deduction) -> SafeString:
        return two_lines(deduction.recorded_by, moment(deduction.recorded_at))

    @admin.display(description=gettext_lazy("confirmed by"))
    def confirmed(self, deduction: Deduction) -> str:
        return str(deduction.confirmed_by)

    def export_columns(self, person: User) -> list[Column]:
        return columns(
            Deduction, "guarantee__number", "amount", "document", "recorded_by", "recorded_at", "confirmed_by"
        )

    def heading(self, record: Deduction) -> str:
        return record.guarantee.application.applicant_name

    def sections(self, record: Deduction, person: User) -> list[Section]:
        url = reverse("admin:guarantees_guarantee_change", args=[record.guarantee_id])
        return [
            Section(
                _("Deduction"),
                [
                    Row(_("guarantee"), format_html('<a href="{}">{}</a>', url, record.guarantee)),
                    *rows(record, "amount", "document"),
                    Row(_("purchaser's paper"), self.document_link(record)),
                    *rows(record, "recorded_by", "recorded_at", "confirmed_by"),
                ],
            )
        ]
