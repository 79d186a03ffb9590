"""The business ledger (台账): a row for each letter, with all that a regulator's ledger asks and the case knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Round
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.arrival import region
from guarantees.book.posting import yuan
from guarantees.letter.wording.wordings import KINDS
from guarantees.models import Guarantee
from guarantees.models.guarantee import EXPOSED
from guarantees.reports import filters
from staff import clock
from staff.desk.reports.report import Asked, Report, Subject
from staff.desk.reports.table import Cell, Column, Row, Table
from staff.units import within

#: As the rows know what the filters of the book ask: of parties the digits of their codes, since merged or not is no
#: matter of the letter's own row.
CHUNK = 1000


@dataclass(frozen=True)
class Entry:
    """One column: its heading, what it is, its value for a letter; `total` adds it up."""

    label: Any
    cell: Cell
    value: Callable[[Guarantee], Any]
    total: bool = False


def entries() -> list[Entry]:
    """The columns in their order, headed in the reader's language."""
    return [
        Entry(_("guarantee number"), Cell.CODE, lambda one: one.number),
        Entry(_("order number"), Cell.CODE, lambda one: one.application.order.number),
        Entry(_("platform"), Cell.TEXT, lambda one: one.application.order.connection.name),
        Entry(_("unit"), Cell.TEXT, lambda one: str(one.application.order.unit)),
        Entry(_("kind of letter"), Cell.TEXT, lambda one: kind_text(one.letter_kind)),
        Entry(_("applicant"), Cell.TEXT, lambda one: one.application.applicant_name),
        Entry(_("applicant's credit code"), Cell.CODE, lambda one: one.application.applicant_code),
        Entry(_("place of registration"), Cell.CODE, lambda one: region(one.application.applicant_code)),
        Entry(_("beneficiary"), Cell.TEXT, lambda one: one.application.beneficiary_name),
        Entry(_("beneficiary's code"), Cell.CODE, lambda one: one.application.beneficiary_code),
        Entry(_("project code"), Cell.CODE, lambda one: one.application.project_code),
        Entry(_("project"), Cell.TEXT, lambda one: one.application.project_name),
        Entry(_("section"), Cell.TEXT, lambda one: one.application.section_name),
        Entry(_("nature of purchase"), Cell.TEXT, lambda one: one.application.get_purchase_nature_display()),
        Entry(_("date of award"), Cell.DAY, lambda one: one.application.award_date),
        Entry(_("award amount"), Cell.MONEY, lambda one: one.application.award_amount),
        Entry(_("guaranteed amount"), Cell.MONEY, lambda one: one.amount, total=True),
        Entry(_("deducted by the purchaser"), Cell.MONEY, lambda one: one.deducted, total=True),
        Entry(_("paid on demands"), Cell.MONEY, lambda one: one.paid, total=True),
        Entry(_("balance"), Cell.MONEY, lambda one: one.balance, total=True),
        Entry(_("premium"), Cell.MONEY, lambda one: one.application.premium, total=True),
        Entry(_("premium rate"), Cell.SHARE, _rate),
        Entry(_("settlement of the premium"), Cell.TEXT, lambda one: one.application.get_settlement_display()),
        Entry(_("guarantee term in months"), Cell.COUNT, lambda one: one.application.guarantee_months),
        Entry(_("contract term in months"), Cell.COUNT, lambda one: one.application.contract_months),
        Entry(_("valid from"), Cell.DAY, lambda one: clock.day(one.valid_from)),
        Entry(_("valid until"), Cell.DAY, lambda one: clock.day(one.valid_until)),
        Entry(_("issued at"), Cell.MOMENT, lambda one: one.issued_at),
        Entry(_("state"), Cell.TEXT, lambda one: one.get_state_display()),
        Entry(_("ended"), Cell.DAY, lambda one: clock.day(one.ended_at) if one.ended_at else None),
        Entry(_("replaces"), Cell.CODE, lambda one: one.supersedes.number if one.supersedes else None),
        Entry(_("approved by"), Cell.TEXT, _approver),
        Entry(_("issued by"), Cell.TEXT, lambda one: str(one.issued_by)),
    ]


def kind_text(kind: str) -> str:
    return str(KINDS[kind].label) if kind in KINDS else kind


def _rate(one: Guarantee) -> Decimal | None:
    return one.application.premium / one.amount if one.amount else None


def _approver(one: Guarantee) -> str:
    return str(one.application.approval.approved_by) if one.application.approval else ""


class Ledger(Report):
    """Letters that were issued in the period, as they stand now."""

    code = "ledger"
    label = gettext_lazy("Business ledger")
    help = gettext_lazy("Every letter issued in the period, as it stands now, with everything that a ledger asks.")
    subject = Subject.BUSINESS
    permission = "guarantees.view_guarantee"
    filters = (*filters.ALL, filters.OFFICER)
    is_long = True
    on_paper = True
    place = 10

    def tables(self, asked: Asked) -> Sequence[Table]:
        letters, columns = self.letters(asked), entries()
        return [
            Table(
                self.label,
                [Column(one.label, one.cell, one.total) for one in columns],
                _rows(letters, columns),
                count=letters.count,
                totals=_totals(letters, columns),
            )
        ]

    def letters(self, asked: Asked) -> QuerySet[Guarantee]:
        span = asked.span
        issued = Guarantee.objects.filter(
            issued_at__gte=clock.midnight(span.first), issued_at__lte=clock.end_of(span.last)
        )
        return within(issued, asked.person).filter(_condition(asked.filters)).order_by("issued_at", "id")


#: Of the filters, what a letter's rows are asked for.
PATHS = {
    "platform": "application__order__connection",
    "unit": "application__order__unit__in",
    "nature": "application__purchase_nature",
    "officer": "issued_by",
}


def _condition(chosen: Mapping[str, Any]) -> Q:
    found = Q()
    for name, value in chosen.items():
        if name == "region":
            found &= Q(movements__region__startswith=value, movements__kind__in=("issued", "reissued"))
        elif name in ("applicant", "purchaser"):
            of_party = Q(**{f"movements__{name}__in": value}) | Q(**{f"movements__{name}__merged_into__in": value})
            found &= of_party & Q(movements__kind__in=("issued", "reissued"))
        else:
            found &= Q(**{PATHS[name]: value})
    return found


def _rows(letters: QuerySet[Guarantee], columns: Sequence[Entry]) -> Iterator[Row]:
    together = letters.select_related(
        "application__order__connection",
        "application__order__unit",
        "application__approval__approved_by",
        "issued_by",
        "supersedes",
    ).defer("particulars", "application__ext_fields", "application__unknown_fields")
    for one in together.iterator(CHUNK):
        yield Row(
            [column.value(one) for column in columns], url=reverse("admin:guarantees_guarantee_change", args=[one.pk])
        )


def _totals(letters: QuerySet[Guarantee], columns: Sequence[Entry]) -> Row:
    """A ledger may be too long to be added up on the page: the database does it, in the order of the columns."""
    found = letters.order_by().aggregate(
        amount_fen=_fen("amount"),
        deducted_fen=_fen("deducted"),
        paid_fen=_fen("paid"),
        left_fen=_fen(F("amount") - F("deducted") - F("paid"), Q(state__in=EXPOSED)),
        premium_fen=_fen("application__approval__premium"),
    )
    sums = iter(yuan(found[f"{name}_fen"] or 0) for name in ("amount", "deducted", "paid", "left", "premium"))
    values = [next(sums) if column.total else None for column in columns]
    return Row([_("Total"), *values[1:]], is_sum=True)


def _fen(of: str | Combinable, only: Q | None = None) -> Sum:
    """A sum in whole fen, which a database adds up exactly; SQLite's own sum of decimals is one of fractions of two."""
    amount = F(of) if isinstance(of, str) else of
    return Sum(Cast(Round(amount * 100), BigIntegerField()), filter=only)
