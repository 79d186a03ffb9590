"""Tables as a workbook: typed cells, a sheet each, to be read on the screen and printed on paper as it is.

Rows are written as they come, so a ledger of 100,000 takes no more memory than one of ten. A text is never taken for a
formula, a link or a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from staff.desk.reports.cells import FIGURES, cell_text, kind_of, scaled, text_of
from staff.desk.reports.charts.text_width import width_of
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Cell, Row, Table
from staff.desk.reports.written import EXACT_BELOW, Head, Passing, Progress

FORMATS = {
    Cell.TEXT: "@",
    Cell.CODE: "@",
    Cell.MONEY: "#,##0.00",
    Cell.COUNT: "#,##0",
    Cell.SHARE: "0.00%",
    Cell.HOURS: "#,##0.0",
    Cell.DAYS: "#,##0",
    Cell.DAY: "yyyy-mm-dd",
    Cell.MOMENT: "yyyy-mm-dd hh:mm:ss",
}
A4 = 9
NARROWEST, WIDEST = 8, 60
#: A sheet's name has so many characters, and none of these.
LONGEST_NAME, BARRED = 31, str.maketrans("[]:*?/\\", "（）：＊？／＼")


def write_xlsx(
    file: IO[bytes], head: Head, tables: Sequence[Table], scale: Scale = Scale.YUAN, progress: Progress | None = None
) -> int:
    """Writes the workbook; how many rows it has."""
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "in_memory": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": False,
        },
    )
    book.set_properties({"title": head.title})
    rows = 0
    taken: set[str] = set()
    for table in tables:
        sheet = _Sheet(book, book.add_worksheet(_sheet_name(str(table.title), taken)), table, scale)
        rows += sheet.write(head, progress, rows)
    book.close()
    return rows


def _sheet_name(title: str, taken: set[str]) -> str:
    stem = title.translate(BARRED)[: LONGEST_NAME - 3].strip("'") or "-"
    name, number = stem, 1
    while name.lower() in taken:
        number += 1
        name = f"{stem} {number}"
    taken.add(name.lower())
    return name


class _Sheet:
    def __init__(self, book: Any, sheet: Any, table: Table, scale: Scale) -> None:
        self.sheet, self.table, self.scale = sheet, table, scale
        self.widths = [NARROWEST] * len(table.columns)
        look = {"valign": "top", "font_size": 10}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.fact = book.add_format({"font_size": 10})
        heading = {
            "bold": True,
            "border": 1,
            "bg_color": "#E8ECF2",
            "text_wrap": True,
            "valign": "vcenter",
            "font_size": 10,
        }
        self.heading = book.add_format({**heading, "align": "center"})
        self.cells = {cell: book.add_format({**look, "border": 1, "num_format": FORMATS[cell]}) for cell in Cell}
        total = {**look, "border": 1, "bold": True, "bg_color": "#F4F5F7"}
        self.sums = {cell: book.add_format({**total, "num_format": FORMATS[cell]}) for cell in Cell}

    def write(self, head: Head, progress: Progress | None, before: int) -> int:
        named = str(self.table.title)
        self.sheet.write_string(0, 0, head.title if named in head.title else f"{head.title} · {named}", self.title)
        for number, (label, text) in enumerate(head.facts, start=1):
            self.sheet.write_string(number, 0, f"{label}：{text}", self.fact)
        heading = len(head.facts) + 2
        for place, column in enumerate(self.table.columns):
            self.sheet.write_string(heading, place, str(column.label), self.heading)
            self._widen(place, str(column.label))
        passing, line = Passing(self.table, progress, before), heading
        for row in passing:
            line += 1
            self._row(line, row)
        last = line
        if totals := passing.totals:
            line += 1
            self._row(line, totals)
        for note in self.table.notes:
            line += 1
            self.sheet.write_string(line + 1, 0, str(note), self.fact)
        self._dress(heading, last)
        return passing.number

    def _row(self, line: int, row: Row) -> None:
        looks = self.sums if row.is_sum else self.cells
        for place, (value, column) in enumerate(zip(row.values, self.table.columns, strict=True)):
            self._cell(line, place, value, kind_of(value, column.cell), looks)

    def _cell(self, line: int, place: int, value: Any, cell: Cell, looks: Mapping[Cell, Any]) -> None:
        if value is None or value == "":
            self.sheet.write_blank(line, place, None, looks[cell])
            return
        if isinstance(value, datetime):
            self.sheet.write_datetime(line, place, timezone.localtime(value).replace(tzinfo=None), looks[cell])
        elif isinstance(value, date):
            at = datetime(value.year, value.month, value.day)  # noqa: DTZ001 (a cell knows no time zone)
            self.sheet.write_datetime(line, place, at, looks[cell])
        elif cell in FIGURES and isinstance(value, Decimal | int) and abs(Decimal(value)) < EXACT_BELOW:
            figure = scaled(Decimal(value), self.scale) if cell is Cell.MONEY else value
            self.sheet.write_number(line, place, figure, looks[cell])
        else:
            self.sheet.write_string(line, place, text_of(value), looks[Cell.TEXT])
        self._widen(place, cell_text(value, cell, self.scale))

    def _widen(self, place: int, text: str) -> None:
        self.widths[place] = min(max(self.widths[place], max(map(width_of, text.splitlines()), default=0) + 2), WIDEST)

    def _dress(self, heading: int, last: int) -> None:
        sheet, columns = self.sheet, len(self.table.columns)
        for place, width in enumerate(self.widths):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(heading + 1, 1)
        if last > heading:
            sheet.autofilter(heading, 0, last, columns - 1)
        sheet.repeat_rows(heading)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
