"""Issued, ended and premium by month, beside the same month of the year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.book import kinds
from guarantees.book.figures import Sums, flows
from guarantees.models import Measure
from guarantees.reports import filters
from guarantees.reports.behind import behind
from guarantees.reports.narrowing import narrowed, notes
from staff.desk.reports.period import Period
from staff.desk.reports.report import Asked, Report, Subject
from staff.desk.reports.table import Cell, Chart, Column, Row, Series, Shape, Table

MEASURED = {
    "issued": (Measure.EXPOSURE, (kinds.ISSUED,)),
    "ended": (Measure.EXPOSURE, kinds.ENDS),
    "premium": (Measure.RECEIVED, kinds.PREMIUM),
    "refunded": (Measure.RECEIVED, (kinds.REFUND_DUE,)),
}


class Monthly(Report):
    """A letter that replaces another is no new letter; what ended is told at the balance with which it ended."""

    code = "monthly"
    label = gettext_lazy("Issued, ended and premium by month")
    help = gettext_lazy("Letters issued and ended, and premiums, month by month, beside the same month last year.")
    subject = Subject.BUSINESS
    filters = filters.ALL
    compares = False
    on_paper = True
    place = 20

    def tables(self, asked: Asked) -> Sequence[Table]:
        months = list(asked.span.months())
        now, then = by_month(asked, asked.span), by_month(asked, asked.span.same_last_year())
        columns = [
            Column(_("month"), Cell.CODE),
            Column(_("letters issued"), Cell.COUNT, total=True),
            Column(_("issued, amount"), Cell.MONEY, total=True),
            Column(_("the same month last year"), Cell.MONEY, total=True),
            Column(_("on the year before"), Cell.SHARE),
            Column(_("letters ended"), Cell.COUNT, total=True),
            Column(_("ended, balance"), Cell.MONEY, total=True),
            Column(_("premium received"), Cell.MONEY, total=True),
            Column(_("of it to refund"), Cell.MONEY, total=True),
            Column(_("premium last year"), Cell.MONEY, total=True),
            Column(_("change of premium"), Cell.SHARE),
        ]
        rows = [_row(asked, month, now, then) for month in months]
        chart = Chart(
            _("Issued by month"),
            Shape.BARS,
            [month_text(month.first) for month in months],
            [
                Series(_("this period"), [now["issued"].get(key(month), Sums()).amount for month in months]),
                Series(_("last year"), [then["issued"].get(key(month, 1), Sums()).amount for month in months]),
            ],
        )
        return [Table(self.label, columns, rows, chart=chart, notes=notes(asked))]


def by_month(asked: Asked, period: Period) -> Mapping[str, dict[date, Sums]]:
    """What moved, for each of `MEASURED` by the first day of the month."""
    who = narrowed(asked)
    return {name: flows(who, measure, period, of, by=("month",)) for name, (measure, of) in MEASURED.items()}


def key(month: Period, years_ago: int = 0) -> date:
    return month.first.replace(year=month.first.year - years_ago, day=1)


def month_text(day: date) -> str:
    return f"{day:%Y-%m}"


def change(now: Decimal, then: Decimal) -> Decimal | None:
    """By which share it grew; None where there was nothing."""
    return (now - then) / then if then else None


def _row(asked: Asked, month: Period, now: Mapping[str, Any], then: Mapping[str, Any]) -> Row:
    got = {name: now[name].get(key(month), Sums()) for name in MEASURED}
    before = {name: then[name].get(key(month, 1), Sums()) for name in MEASURED}
    issued, premium = got["issued"], got["premium"]
    return Row(
        [
            month_text(month.first),
            issued.count,
            issued.amount,
            before["issued"].amount,
            change(issued.amount, before["issued"].amount),
            -got["ended"].count,
            -got["ended"].amount,
            premium.amount,
            -got["refunded"].amount,
            before["premium"].amount,
            change(premium.amount, before["premium"].amount),
        ],
        url=behind(asked, Measure.EXPOSURE, first=month.first, last=month.last, kinds=(kinds.ISSUED,)),
    )
