"""Cancellations (PREP107): the list, and the page of one."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.guarantee import guarantee_rows
from guarantees.admin.order_case import OrderCaseAdmin
from guarantees.admin.paper import papers_section
from guarantees.admin.searching import FoldedSearch
from guarantees.badges import cancellation_badge
from guarantees.blockers import what_blocks_the_end
from guarantees.former_codes import CANCELLATION_KINDS
from guarantees.models import Application, Cancellation, CancellationState, Guarantee
from guarantees.models.paper import papers_for
from guarantees.word_lists import REFUSAL
from staff.desk.export import Column, columns
from staff.desk.filters import DayRange, by_reason, once_called
from staff.desk.page import Badge, Flag, Section, moment, money, rows, two_lines
from staff.desk.panels import Entry
from staff.desk.targets import TargetList
from staff.models import User


def cancellation_entry(cancellation: Cancellation) -> Entry:
    """A cancellation as the page of its case shows it: of which letter, for how much."""
    letter = cancellation.guarantee
    return Entry(cancellation.get_kind_display(), cancellation_badge(cancellation), letter.amount, letter.number)


@admin.register(Cancellation)
class CancellationAdmin(TargetList, FoldedSearch, OrderCaseAdmin):
    open_states = (CancellationState.RECEIVED,)
    list_display = ["numbers", "parties", "kind", "amount", "state_badge", "target", "wanted", "received"]
    list_display_links = ["numbers"]
    list_filter = [
        ("order__connection", admin.RelatedOnlyFieldListFilter),
        ("kind", once_called(CANCELLATION_KINDS)),
        ("received_at", DayRange),
        ("effective_at", DayRange),
        by_reason(REFUSAL),
    ]
    tabs_field = "state"
    search_fields = ["order__number"]
    folded = {"guarantee__": Guarantee, "guarantee__application__": Application}
    search_help_text = gettext_lazy("Guarantee number, order or applicant")
    ordering = ["-received_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cancellation]:
        return super().get_queryset(request).select_related("guarantee__application", "order__connection", "decided_by")

    @admin.display(description=gettext_lazy("guarantee number"), ordering="guarantee__number")
    def numbers(self, cancellation: Cancellation) -> SafeString:
        return two_lines(cancellation.guarantee.number, cancellation.order.number)

    @admin.display(description=gettext_lazy("applicant and beneficiary"))
    def parties(self, cancellation: Cancellation) -> SafeString:
        application = cancellation.guarantee.application
        return two_lines(application.applicant_name, application.beneficiary_name)

    @admin.display(description=gettext_lazy("amount (CNY)"), ordering="guarantee__amount")
    def amount(self, cancellation: Cancellation) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(cancellation.guarantee.amount))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, cancellation: Cancellation) -> str:
        return str(cancellation_badge(cancellation))

    @admin.display(description=gettext_lazy("to end at"), ordering="invalid_time")
    def wanted(self, cancellation: Cancellation) -> SafeString:
        return two_lines(*moment(cancellation.invalid_time).split())

    @admin.display(description=gettext_lazy("received at"), ordering="received_at")
    def received(self, cancellation: Cancellation) -> SafeString:
        return two_lines(*moment(cancellation.received_at).split())

    def export_columns(self, person: User) -> list[Column]:
        return columns(
            Cancellation,
            "order__connection__name",
            "order__number",
            "guarantee__number",
            "guarantee__application__applicant_name",
            "guarantee__application__beneficiary_name",
            "guarantee__amount",
            "kind",
            "invalid_time",
            "state",
            "received_at",
            "decided_by",
            "decided_at",
            "effective_at",
            "reason",
            "reason_code",
        )

    def heading(self, record: Cancellation) -> str:
        application = record.guarantee.application
        return f"{application.applicant_name} → {application.beneficiary_name}"

    def badge(self, record: Cancellation) -> Badge:
        return cancellation_badge(record)

    def flags(self, record: Cancellation, person: User) -> list[Flag]:
        flags = []
        if record.is_open and (reason := what_blocks_the_end(record.guarantee)):
            flags.append(Flag(reason))
        if record.state == CancellationState.REFUSED and not record.purchaser_told_at:
            flags.append(Flag(_("The purchaser must be told of the refusal by other means; it is not recorded yet.")))
        return flags

    def sections(self, record: Cancellation, person: User) -> list[Section]:
        return [
            *papers_section(papers_for(record)),
            Section(
                _("Request"),
                [*rows(record, "kind", "invalid_time", "remark", "received_at"), *guarantee_rows(record.guarantee)],
            ),
            Section(
                _("Decision"),
                rows(
                    record,
                    "decided_by",
                    "decided_at",
                    "reason",
                    "effective_at",
                    "purchaser_told_at",
                    "purchaser_told_how",
                ),
            ),
        ]

    def summary(self, case: Cancellation, person: User) -> Section:
        return Section(str(case), [*rows(case, "kind", "invalid_time", "remark"), *guarantee_rows(case.guarantee)])
