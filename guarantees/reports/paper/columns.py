"""How wide the columns of a table are on paper, and which of them stand on one page beside each other.

A table that is wider than a page goes over several: each begins with the first column, by which a row is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guarantees.reports.paper.setting import LEADING, SIZE, Setter
from staff.desk.reports.cells import FIGURES, cell_text
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Column, Row

PADDING = 4.0
#: Of a column, its padding not counted.
NARROWEST, WIDEST = 3 * SIZE, 17 * SIZE
#: Rows that are looked at.
SAMPLE = 100


@dataclass(frozen=True)
class Placed:
    """One column on one page: its place among the table's columns, its left side and its width, padding included."""

    number: int
    left: float
    width: float

    @property
    def room(self) -> float:
        return self.width - 2 * PADDING


@dataclass(frozen=True)
class Panel:
    """The columns that stand on one page."""

    columns: Sequence[Placed]

    @property
    def numbers(self) -> tuple[int, int]:
        """The first and the last of its columns as people count them, without the one that every page repeats."""
        own = [placed.number + 1 for placed in self.columns]
        return own[1] if len(own) > 1 and own[0] == 1 and own[1] > 2 else own[0], own[-1]


def natural(setter: Setter, columns: Sequence[Column], rows: Sequence[Row], scale: Scale) -> list[float]:
    """The width that each column would like to have, its padding included."""
    widths = []
    for place, column in enumerate(columns):
        texts = {cell_text(row.values[place], column.cell, scale) for row in rows}
        widest = max((setter.width(text) for text in texts), default=0.0)
        if column.cell not in FIGURES:
            widest = min(widest, WIDEST)
        heading = setter.width(str(column.label), bold=True)
        widths.append(max(widest, _narrowest(heading), NARROWEST) + 2 * PADDING)
    return widths


def _narrowest(heading: float) -> float:
    """A heading stands in two lines where its column is narrow."""
    return heading if heading <= 5 * SIZE else max(heading / 2 + SIZE, 5 * SIZE)


def panels(widths: Sequence[float], left: float, measure: float) -> list[Panel]:
    """The columns page by page: each page is filled from its left to its right side."""
    groups: list[list[int]] = [[0]]
    for number in range(1, len(widths)):
        if sum(widths[one] for one in groups[-1]) + widths[number] > measure and len(groups[-1]) > 1:
            groups.append([0])
        groups[-1].append(number)
    return [_panel(group, widths, left, measure) for group in groups]


def _panel(group: Sequence[int], widths: Sequence[float], left: float, measure: float) -> Panel:
    """What is left over is shared out; what is too wide is narrowed, every column by the same part."""
    stretch = measure / sum(widths[number] for number in group)
    placed = []
    for number in group:
        placed.append(Placed(number, left, widths[number] * stretch))
        left += widths[number] * stretch
    return Panel(placed)


def height(
    setter: Setter, texts: Sequence[str], columns: Sequence[Column], shown: Iterable[Panel], *, bold: bool
) -> float:
    """Of a row, the same on each page that it goes over."""
    most = 1
    for panel in shown:
        for placed in panel.columns:
            if columns[placed.number].cell not in FIGURES:
                most = max(most, len(setter.lines(texts[placed.number], placed.room, bold=bold)))
    return most * LEADING + PADDING


def is_figure(column: Column) -> bool:
    return column.cell in FIGURES
