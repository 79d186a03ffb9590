"""Payments on demands: the list, the page of one, and its voucher."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Demand, Payment
from guarantees.admin.personal import PERSONAL_DATA, may_see_personal_data
from guarantees.admin.searching import FoldedSearch
from guarantees.models import Guarantee, Order
from protocol.tables import Personal, mask_value
from staff.desk.document import DocumentAdmin
from staff.desk.export import Column, columns
from staff.desk.filters import AmountRange, DayRange
from staff.desk.page import NOTHING, Badge, Row, Section, Tone, moment, money, rows, two_lines
from staff.desk.record import RecordAdmin
from staff.models import User


@admin.register(Payment)
class PaymentAdmin(FoldedSearch, DocumentAdmin, RecordAdmin):
    document_field, digest_field, document_address = "voucher", "voucher_digest", "voucher"
    list_display = ["number", "sum", "paid", "reference", "state_badge"]
    list_display_links = ["number"]
    list_filter = [
        ("demand__order__connection", admin.RelatedOnlyFieldListFilter),
        ("paid_at", DayRange),
        ("amount", AmountRange),
    ]
    #: A bank's voucher shows the account that the page masks.
    document_permission = PERSONAL_DATA
    search_fields = ["reference"]
    folded = {"demand__": Demand, "demand__guarantee__": Guarantee, "demand__order__": Order}
    search_help_text = gettext_lazy("Guarantee number, order, beneficiary or bank reference")
    ordering = ["-paid_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return super().get_queryset(request).select_related("demand__guarantee", "demand__order", "recorded_by")

    @admin.display(description=gettext_lazy("guarantee number"), ordering="demand__named_number")
    def number(self, payment: Payment) -> SafeString:
        return two_lines(payment.demand.named_number, payment.demand.beneficiary_name)

    @admin.display(description=gettext_lazy("amount (CNY)"), ordering="amount")
    def sum(self, payment: Payment) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(payment.amount))

    @admin.display(description=gettext_lazy("paid at"), ordering="paid_at")
    def paid(self, payment: Payment) -> SafeString:
        return two_lines(*moment(payment.paid_at).split())

    @admin.display(description=gettext_lazy("state"))
    def state_badge(self, payment: Payment) -> str:
        return str(self.badge(payment))

    def badge(self, record: Payment) -> Badge:
        return Badge(_("bounced"), Tone.BAD) if record.bounced_at else Badge(_("paid"), Tone.GOOD)

    def export_columns(self, person: User) -> list[Column]:
        return columns(
            Payment,
            "demand__order__number",
            "demand__named_number",
            "demand__beneficiary_name",
            "amount",
            "paid_at",
            "bank",
            "reference",
            "bounced_at",
            "recorded_by",
            "recorded_at",
        )

    def heading(self, record: Payment) -> str:
        return record.demand.beneficiary_name

    def sections(self, record: Payment, person: User) -> list[Section]:
        account = record.account if may_see_personal_data(person) else mask_value(Personal.ACCOUNT, record.account)
        return [
            Section(
                _("Payment"),
                [
                    *rows(record, "demand", "amount", "paid_at", "bank"),
                    Row(_("account"), account),
                    *rows(record, "reference"),
                    Row(_("Voucher"), self.document_link(record) if may_see_personal_data(person) else NOTHING),
                    *rows(record, "bounced_at", "recorded_by", "recorded_at"),
                ],
            )
        ]
