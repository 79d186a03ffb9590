"""In which forms a report can be taken."""

from __future__ import annotations

from dataclasses import dataclass

from staff.desk.page import Text
from staff.desk.reports.csv_file import write_csv
from staff.desk.reports.paper import printer
from staff.desk.reports.report import Report
from staff.desk.reports.written import Write
from staff.desk.reports.xlsx import write_xlsx


@dataclass(frozen=True)
class Format:
    """`form` ends the file's name and its address."""

    form: str
    label: Text
    write: Write


#: In the order in which they are offered: a workbook keeps what a value is.
FORMATS = (Format("xlsx", "XLSX", write_xlsx), Format("csv", "CSV", write_csv))


def formats_of(report: Report) -> list[Format]:
    """Those of a report: paper where it is made for it, and somebody draws."""
    drawn_by = printer() if report.on_paper else None
    return [*FORMATS, *([Format("pdf", "PDF", drawn_by.write)] if drawn_by else [])]


def format_of(report: Report, form: str) -> Format | None:
    return next((one for one in formats_of(report) if one.form == form), None)
