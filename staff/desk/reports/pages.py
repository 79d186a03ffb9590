"""The pages of reports: the list of those that a person may see, and one page for each, whose address says it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from staff.desk.page import Text
from staff.desk.reports.asking import ReportForm
from staff.desk.reports.cells import FIGURES, cell_text
from staff.desk.reports.charts.svg import svg
from staff.desk.reports.comparing import tables_of
from staff.desk.reports.formats import formats_of
from staff.desk.reports.period import day_text
from staff.desk.reports.report import REPORTS, Asked, Report, Subject, report_for
from staff.desk.reports.table import Cell, Column, Row, Table
from staff.desk.reports.written import Passing
from staff.models import User

#: So many rows stand on the page; a file has all of them.
MOST_ROWS = 200


@dataclass(frozen=True)
class ShownCell:
    text: str
    #: figure, code or text: how the CSS knows it.
    look: str


@dataclass(frozen=True)
class ShownRow:
    cells: Sequence[ShownCell]
    url: str
    is_sum: bool


@dataclass(frozen=True)
class ShownTable:
    """A table as the template takes it; `beyond` says that rows are left out, if any are."""

    title: Text
    columns: Sequence[tuple[Text, str]]
    rows: Sequence[ShownRow]
    totals: ShownRow | None
    chart: SafeString
    notes: Sequence[Text]
    beyond: str


def reports_view(request: HttpRequest, site: dict[str, Any]) -> HttpResponse:
    """Every report that this person may see, under its heading."""
    person = cast("User", request.user)
    seen = sorted((report for report in REPORTS if report.may_see(person)), key=lambda report: report.place)
    groups = [(subject.label, [report for report in seen if report.subject is subject]) for subject in Subject]
    context = {**site, "title": _("Reports"), "groups": [group for group in groups if group[1]]}
    return TemplateResponse(request, "desk/reports.html", context)


def report_view(request: HttpRequest, code: str, site: dict[str, Any]) -> HttpResponse:
    """One report, as its address asks for it; what cannot be meant is said beside the question."""
    person = cast("User", request.user)
    report = report_for(person, code)
    form = ReportForm(report, person, request.GET)
    asked = form.asked() if form.is_valid() else None
    if asked is None:
        return refused_view(request, report, form, site)
    made = tables_of(report, asked)
    context = {
        **site,
        **_about(report, form),
        "asked": asked,
        "said": _said(asked),
        "tables": [shown(table, asked, f"chart-{number}") for number, table in enumerate(made)],
        "files": _files(report, asked),
    }
    return TemplateResponse(request, "desk/report.html", context)


def refused_view(request: HttpRequest, report: Report, form: ReportForm, site: dict[str, Any]) -> HttpResponse:
    """The page with what cannot be meant said beside its question."""
    return TemplateResponse(request, "desk/report.html", {**site, **_about(report, form)}, status=400)


def _about(report: Report, form: ReportForm) -> dict[str, Any]:
    return {"title": report.label, "report": report, "form": form}


def _said(asked: Asked) -> str:
    """Of which days it is."""
    if asked.period:
        return str(asked.period)
    return _("at the end of %(day)s") % {"day": day_text(asked.day)} if asked.day else ""


def _files(report: Report, asked: Asked) -> list[tuple[Text, str]]:
    """As what files it can be had, and where."""
    return [
        (one.label, f"{reverse('admin:report_file', args=[report.code, one.form])}?{asked.query}")
        for one in formats_of(report)
    ]


def shown(table: Table, asked: Asked, ident: str) -> ShownTable:
    """The first of its rows in words and figures, its totals, its chart."""
    passing = Passing(table)
    rows = iter(passing)
    first = list(islice(rows, MOST_ROWS))
    more = next(rows, None) is not None
    totals = table.totals if more else passing.totals
    return ShownTable(
        table.title,
        [(column.label, look(column.cell)) for column in table.columns],
        [_row(row, table.columns, asked) for row in first],
        _row(totals, table.columns, asked) if totals and first else None,
        svg(table.chart, asked.scale, ident) if table.chart else SafeString(),
        table.notes,
        _beyond(table) if more else "",
    )


def _beyond(table: Table) -> str:
    """What is said where rows are left out."""
    if table.count:
        numbers = {"shown": MOST_ROWS, "number": f"{table.count():,}"}
        return _("The first %(shown)d of %(number)s rows are shown; a file has all of them.") % numbers
    return _("The first %(shown)d rows are shown; a file has all of them.") % {"shown": MOST_ROWS}


def look(cell: Cell) -> str:
    if cell in FIGURES:
        return "figure"
    return "code" if cell in (Cell.CODE, Cell.DAY, Cell.MOMENT) else "text"


def _row(row: Row, columns: Sequence[Column], asked: Asked) -> ShownRow:
    cells = [
        ShownCell("" if row.is_sum and value is None else cell_text(value, column.cell, asked.scale), look(column.cell))
        for value, column in zip(row.values, columns, strict=True)
    ]
    return ShownRow(cells, row.url, row.is_sum)
