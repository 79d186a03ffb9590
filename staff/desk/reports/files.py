"""A report as a file: made for whoever may see the report, and told in the trail."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO, cast

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from staff.audit import record_of
from staff.desk.reports import runs
from staff.desk.reports.asking import ReportForm
from staff.desk.reports.comparing import tables_of
from staff.desk.reports.formats import Format, format_of
from staff.desk.reports.own_files import asked_for, handed_out
from staff.desk.reports.pages import refused_view
from staff.desk.reports.report import Asked, Report, report_for
from staff.desk.reports.table import Table
from staff.desk.reports.written import Progress, file_name, head_of
from staff.events import EventKind
from staff.models import FileOf, User

EXPORTED = EventKind("report.exported", _("Report exported"), "download")


def report_file_view(request: HttpRequest, code: str, form: str, site: dict[str, object]) -> HttpResponseBase:
    """The file of a report as its address asks for it; what cannot be meant is said on the report's page."""
    person = cast("User", request.user)
    report = report_for(person, code)
    found = format_of(report, form)
    if found is None:
        raise Http404
    questions = ReportForm(report, person, request.GET)
    if not questions.is_valid():
        return refused_view(request, report, questions, site)
    asked = questions.asked()
    tables = tables_of(report, asked)
    if runs.is_long(form, rows := sum(table.count() for table in tables if table.count)):
        back = f"{report.url()}?{asked.query}"
        title = name_of(report, asked, form)
        return asked_for(request, FileOf.REPORT, report.code, title, asked.query, form, rows, back=back)
    file = TemporaryFile()  # noqa: SIM115 (the answer closes it)
    write_report(file, report, asked, found, tables)
    return handed_out(file, name_of(report, asked, form))


def name_of(report: Report, asked: Asked, form: str) -> str:
    """The file's name: the report's, and of which days it is."""
    return file_name(report.label, asked.period or asked.day, form)


def write_report(
    file: IO[bytes],
    report: Report,
    asked: Asked,
    form: Format,
    tables: Sequence[Table] | None = None,
    progress: Progress | None = None,
    subscription: int | None = None,
) -> int:
    """Writes the file and tells the trail of it: the names of the filters alone, since what is searched for may be
    personal; how many rows it has."""
    rows = form.write(file, head_of(report, asked), tables or tables_of(report, asked), asked.scale, progress)
    named = {"report": report.code, "form": form.form, "filters": sorted(asked.filters), "rows": rows}
    if subscription:
        named["subscription"] = subscription
    record_of(asked.person, EXPORTED, named)
    return rows
