"""Issued letters: the list, the page of one, and its file."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.order_case import OrderCaseAdmin
from guarantees.admin.paper import papers_section
from guarantees.admin.searching import FoldedSearch
from guarantees.admin.verification import VerificationAdmin
from guarantees.badges import guarantee_badge
from guarantees.letter.wording.wordings import in_words
from guarantees.models import Application, Guarantee, Order
from staff import clock
from staff.desk.document import DocumentAdmin
from staff.desk.export import Column, columns
from staff.desk.filters import AmountRange, ChoiceFilter, DayRange
from staff.desk.page import Badge, Row, Section, day, money, rows, two_lines, yuan
from staff.models import User


class EndsWithin(ChoiceFilter):
    """Letters in force whose end is near."""

    title = gettext_lazy("end")
    parameter_name = "ends"
    choices_of_rows = {"30": (gettext_lazy("within 30 days"), lambda letters: letters.ending_within(30))}


@admin.register(Guarantee)
class GuaranteeAdmin(FoldedSearch, VerificationAdmin, DocumentAdmin, OrderCaseAdmin):
    document_field, digest_field, document_address = "file", "file_digest", "letter"
    list_display = ["numbers", "parties", "sum", "left", "state_badge", "issued", "ends"]
    list_display_links = ["numbers"]
    list_filter = [
        ("application__order__connection", admin.RelatedOnlyFieldListFilter),
        EndsWithin,
        ("issued_at", DayRange),
        ("valid_until", DayRange),
        ("amount", AmountRange),
    ]
    tabs_field = "state"
    search_fields = ["verification_code__iexact"]
    folded = {"": Guarantee, "application__": Application}
    search_help_text = gettext_lazy("Guarantee number, order, verification code, name")
    ordering = ["-issued_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guarantee]:
        return (
            super()
            .get_queryset(request)
            .select_related("application__order__connection", "application__approval", "issued_by")
        )

    def document_name(self, record: Guarantee) -> str:
        return record.number

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        return [{"label": _("Check a file"), "url": reverse("admin:guarantees_guarantee_verify")}]

    # --- The list -------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("guarantee number"), ordering="number")
    def numbers(self, guarantee: Guarantee) -> SafeString:
        return two_lines(guarantee.number, guarantee.application)

    @admin.display(description=gettext_lazy("applicant and beneficiary"), ordering="application__applicant_name")
    def parties(self, guarantee: Guarantee) -> SafeString:
        return two_lines(guarantee.application.applicant_name, guarantee.application.beneficiary_name)

    @admin.display(description=gettext_lazy("amount (CNY)"), ordering="amount")
    def sum(self, guarantee: Guarantee) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(guarantee.amount))

    @admin.display(description=gettext_lazy("balance (CNY)"))
    def left(self, guarantee: Guarantee) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(guarantee.remaining))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, guarantee: Guarantee) -> str:
        return str(guarantee_badge(guarantee))

    @admin.display(description=gettext_lazy("until"), ordering="valid_until")
    def ends(self, guarantee: Guarantee) -> str:
        return day(clock.day(guarantee.valid_until))

    @admin.display(description=gettext_lazy("issued at"), ordering="issued_at")
    def issued(self, guarantee: Guarantee) -> str:
        return day(clock.day(guarantee.issued_at))

    # --- The page -------------------------------------------------------------------------------------------

    def export_columns(self, person: User) -> list[Column]:
        return [
            *columns(
                Guarantee,
                "application__order__connection__name",
                "number",
                "application__order__number",
                "state",
                "application__applicant_name",
                "application__applicant_code",
                "application__beneficiary_name",
                "application__beneficiary_code",
                "application__project_name",
                "application__project_code",
                "amount",
                "deducted",
                "paid",
            ),
            Column(_("balance"), lambda letter: letter.balance),
            *columns(
                Guarantee,
                "application__approval__premium",
                "application__guarantee_months",
                "application__contract_months",
                "valid_from",
                "valid_until",
                "issued_at",
                "issued_by",
                "ended_at",
            ),
        ]

    def heading(self, record: Guarantee) -> str:
        return f"{record.application.applicant_name} → {record.application.beneficiary_name}"

    def badge(self, record: Guarantee) -> Badge:
        return guarantee_badge(record)

    def sections(self, record: Guarantee, person: User) -> list[Section]:
        return [
            Section(
                _("Letter"),
                template="desk/letters.html",
                content=[letter_content(record)],
            ),
            *papers_section(record.papers.select_related("made_by")),
            Section(
                _("Guarantee"),
                [
                    *rows(record, "number"),
                    Row(_("application"), _application_link(record)),
                    *rows(record, "amount", "paid", "deducted"),
                    Row(_("balance"), money(record.remaining), "amount"),
                    *rows(record, "valid_from", "valid_until", "issued_at", "issued_by", "verification_code"),
                    Row(_("wording"), in_words(record.wording)),
                    *rows(record, "supersedes", "ended_at"),
                    Row(_("the letter's SHA-256"), record.file_digest, "code"),
                ],
            ),
        ]

    def background(self, case: Guarantee, person: User) -> list[Section]:
        return [
            Section(
                _("Verification"),
                note=_("Whether the stored file is the one that we issued, and whether its signature still holds."),
                template="desk/verify_link.html",
                content=reverse("admin:guarantees_guarantee_verify_stored", args=[case.pk]),
            ),
        ]

    def summary(self, case: Guarantee, person: User) -> Section:
        return Section(
            str(case),
            [
                *rows(case, "amount", "paid", "deducted", "valid_from", "valid_until"),
                Row(_("balance"), money(case.remaining), "amount"),
            ],
        )

    def order_of(self, case: Guarantee) -> Order:
        return case.application.order


def guarantee_rows(guarantee: Guarantee) -> list[Row]:
    """What other pages show of a guarantee: where it is, how it stands, what is left of it."""
    url = reverse("admin:guarantees_guarantee_change", args=[guarantee.pk])
    return [
        Row(_("guarantee"), format_html('<a href="{}">{}</a>', url, guarantee.number)),
        Row(_("its state"), guarantee_badge(guarantee)),
        *rows(guarantee, "amount", "paid", "deducted"),
        Row(_("balance"), money(guarantee.remaining), "amount"),
        *rows(guarantee, "valid_until"),
    ]


def letter_content(guarantee: Guarantee) -> dict[str, Any]:
    """What desk/letters.html shows of one letter."""
    begins, ends = clock.day(guarantee.valid_from), clock.day(guarantee.valid_until)
    return {
        "letter": guarantee,
        "badge": guarantee_badge(guarantee),
        "terms": f"{yuan(guarantee.amount)} · {day(begins)} – {day(ends)}",
    }


def _application_link(guarantee: Guarantee) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>',
        reverse("admin:guarantees_application_change", args=[guarantee.application_id]),
        guarantee.application,
    )
