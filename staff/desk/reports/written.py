"""What every file of a report says beside its figures, and passing a table row by row while it is added up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from staff.desk.page import Text, moment
from staff.desk.reports.report import Asked, Report, Scale
from staff.desk.reports.table import Cell, Row, Table

#: A spreadsheet's numbers have 15 digits; what is beyond them is written as a text.
EXACT_BELOW = Decimal(10) ** 13
#: Not in a file's name, on any system.
BARRED = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
#: Called with the number of rows that are written, now and then.
Progress = Callable[[int], None]
#: After so many rows somebody who waits is told.
STEP = 500


@dataclass(frozen=True)
class Head:
    """What stands above the tables."""

    title: str
    facts: Sequence[tuple[str, str]]


#: Writes tables to a file, and says how many rows they have.
Write = Callable[[IO[bytes], Head, Sequence[Table], Scale, Progress | None], int]


def head_of(report: Report, asked: Asked) -> Head:
    """Title, period, filters, in what sums are, who asked for it and when."""
    facts: list[tuple[str, str]] = []
    if asked.period:
        facts.append((_("Period"), str(asked.period)))
    if asked.day:
        facts.append((_("Day"), asked.day.isoformat()))
    facts += [(str(label), str(text)) for label, text in asked.words]
    if report.has_money:
        facts.append((_("Sums in"), str(asked.scale.label)))
    facts.append((_("Made by"), str(asked.person)))
    facts.append((_("Made at"), moment(asked.at)))
    title = f"{settings.INSTITUTION_NAME} {report.label}".strip()
    return Head(title, facts)


def file_name(label: Text, when: object, form: str) -> str:
    """As people know it: 业务台账_2026年11月.xlsx."""
    stem = "_".join(filter(None, (str(label), str(when or ""))))
    return f"{BARRED.sub('-', stem).strip('. ')[:120]}.{form}"


class Passing:
    """The rows of a table as they pass; `sums`, one for each column, and `totals` are asked for when they have."""

    def __init__(self, table: Table, progress: Progress | None = None, before: int = 0) -> None:
        self.table, self.progress, self.number, self.before = table, progress, 0, before
        self.sums: list[Any] = [Decimal(0) if one.cell is Cell.MONEY else 0 for one in table.columns]

    def __iter__(self) -> Iterator[Row]:
        for row in self.table.rows:
            self.number += 1
            if not row.is_sum:
                for place, column in enumerate(self.table.columns):
                    if column.total and row.values[place] is not None:
                        self.sums[place] += row.values[place]
            yield row
            if self.progress and self.number % STEP == 0:
                self.progress(self.before + self.number)

    @property
    def totals(self) -> Row | None:
        columns = self.table.columns
        if self.table.totals:
            return self.table.totals
        if not self.number or not any(column.total for column in columns):
            return None
        values = [value if column.total else None for value, column in zip(self.sums, columns, strict=True)]
        return Row(values if columns[0].total else [_("Total"), *values[1:]], is_sum=True)
