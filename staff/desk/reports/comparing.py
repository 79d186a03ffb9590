"""The totals of a report's period beside those of the period before and of the same last year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from staff.desk.reports.period import Period
from staff.desk.reports.report import Asked, Report
from staff.desk.reports.table import Cell, Column, Row, Table
from staff.desk.reports.written import Passing

#: A table of more rows says its totals itself, or is not compared: they would all be read again for each period.
MOST_ADDED = 10_000


def tables_of(report: Report, asked: Asked) -> list[Table]:
    """What a report comes to, the comparison of its main table first where one is asked for: what is drawn, on the page
    and in files."""
    tables = list(report.tables(asked))
    if asked.comparisons and report.can_compare and tables:
        tables.insert(0, _compared(report, asked, tables[0]))
    return tables


def _compared(report: Report, asked: Asked, now: Table) -> Table:
    if not isinstance(now.rows, Sequence):
        now = report.tables(asked.over(asked.span))[0]  # its rows are read once, by whoever draws them
    added = [place for place, column in enumerate(now.columns) if column.total and column.cell is not Cell.SHARE]
    columns = [
        Column(_("period"), Cell.CODE),
        *([Column(_("rows"), Cell.COUNT)] if report.is_long else []),
        *(Column(now.columns[place].label, now.columns[place].cell) for place in added),
    ]
    try:
        return Table(_("Compared"), columns, list(_rows(report, asked, now, added)))
    except _TooMany:
        return Table(_("Compared"), [], [], notes=[_("There are too many rows to compare them here.")])


class _TooMany(Exception):
    """Nobody can say the totals at a bearable cost."""


def _rows(report: Report, asked: Asked, now: Table, places: Sequence[int]) -> Iterator[Row]:
    totals = _totals(report, now, places)
    yield Row([str(asked.span), *totals])
    for names, period in _periods(asked):
        then = _totals(report, report.tables(asked.over(period))[0], places)
        yield Row([_("%(comparison)s: %(period)s") % {"comparison": names, "period": period}, *then])
        yield Row([_("difference"), *map(change_text, totals, then)], is_sum=True)


def _periods(asked: Asked) -> Iterator[tuple[str, Period]]:
    """Each period that is compared with, and as what: the year before a year is both."""
    periods: dict[Period, list[str]] = {}
    for one in asked.comparisons:
        periods.setdefault(asked.span.compared(one), []).append(str(one.label))
    for period, names in periods.items():
        yield " / ".join(names), period


def _totals(report: Report, table: Table, places: Sequence[int]) -> list[Any]:
    """Of those columns; before them, of a list of cases, how many there are."""
    if table.totals and table.count:
        number, sums = table.count(), [table.totals.values[place] for place in places]
    else:
        passing = Passing(table)
        if sum(1 for _row in islice(passing, MOST_ADDED + 1)) > MOST_ADDED:
            raise _TooMany
        number, sums = passing.number, [passing.sums[place] for place in places]
    return [number, *sums] if report.is_long else sums


def change_text(now: Decimal | int, then: Decimal | int) -> str:
    """By which part it grew: "+12.50 %"; a dash where there was nothing to grow from."""
    if not then:
        return "—"
    return f"{(Decimal(now) - Decimal(then)) / abs(Decimal(then)) * 100:+,.2f} %"
