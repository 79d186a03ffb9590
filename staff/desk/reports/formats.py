"""As what files reports can be had."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO

from staff.desk.page import Text
from staff.desk.reports.csv_file import write_csv
from staff.desk.reports.report import Report, Scale
from staff.desk.reports.table import Table
from staff.desk.reports.written import Head, Progress
from staff.desk.reports.xlsx import write_xlsx

Write = Callable[[IO[bytes], Head, Sequence[Table], Scale, Progress | None], int]


@dataclass(frozen=True)
class Format:
    """`form` ends the file's name and its address."""

    form: str
    label: Text
    write: Write


#: In the order in which they are offered: a workbook keeps what a value is.
FORMATS = (Format("xlsx", "XLSX", write_xlsx), Format("csv", "CSV", write_csv))


def formats_of(report: Report) -> Sequence[Format]:
    """Those of a report, in the order in which they are offered."""
    return FORMATS


def format_of(report: Report, form: str) -> Format | None:
    return next((one for one in formats_of(report) if one.form == form), None)
