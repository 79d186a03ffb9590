"""Tables as CSV: UTF-8 with a mark in front, by which Excel knows it; no digit of a code is lost, no text is a formula.

A spreadsheet guesses what each text of such a file is. So a tab stands behind digits, and an apostrophe before what
would be a formula; whoever wants cells with types takes the workbook.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone

from staff.desk.reports.cells import scaled, text_of
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Cell, Table
from staff.desk.reports.written import EXACT_BELOW, Head, Passing, Progress

#: A spreadsheet takes a text that begins so for a formula, be it after blanks and line ends or in full width.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
#: A spreadsheet takes such a text for a number, and drops its leading zeros, its last digits or its E.
NUMERAL = re.compile(r"\s*(0[0-9]+|[0-9]{12,}|[0-9]+[eE][0-9]+)\s*")
MARK = "\ufeff"


def write_csv(
    file: IO[bytes], head: Head, tables: Sequence[Table], scale: Scale = Scale.YUAN, progress: Progress | None = None
) -> int:
    """Writes the tables below each other; how many rows they have. Of one table alone the headings come first, so that
    other programs can read it; what its head would say, its name does."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    text.write(MARK)
    writer, rows = csv.writer(text), 0
    for number, table in enumerate(tables):
        if len(tables) > 1:
            writer.writerows([[], [plain(str(table.title))]] if number else [[plain(str(table.title))]])
        writer.writerow([plain(str(column.label)) for column in table.columns])
        passing = Passing(table, progress, rows)
        for row in passing:
            writer.writerow(
                [_cell(value, column.cell, scale) for value, column in zip(row.values, table.columns, strict=True)]
            )
        rows += passing.number
    text.flush()
    text.detach()
    return rows


def _cell(value: Any, cell: Cell, scale: Scale) -> str:
    return plain(scaled(value, scale) if cell is Cell.MONEY and isinstance(value, Decimal) else value)


def plain(value: Any) -> str:
    """The value where no cell has a type: a spreadsheet that opens the file must leave every text as it is."""
    match value:
        case None:
            return ""
        case bool():
            return text_of(value)
        case datetime():
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case Decimal():
            return str(value) if abs(value) < EXACT_BELOW else f"{value}\t"
    text = str(value)
    if FORMULA.match(text):
        return f"'{text}"
    return f"{text}\t" if NUMERAL.fullmatch(text) else text
