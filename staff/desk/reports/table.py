"""What a report comes to, as plain values: columns of typed cells, rows, totals, a chart; screens and files draw it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from staff.looks import Text


class Cell(StrEnum):
    """What a column's values are, so that screens, spreadsheets and paper show them as such. In brackets the type."""

    TEXT = "text"  # str, or a lazy text
    CODE = "code"  # str: digits and letters of which none may be lost
    DAY = "day"  # date
    MOMENT = "moment"  # aware datetime
    MONEY = "money"  # Decimal, CNY to the fen; shown in yuan or in ten thousands
    COUNT = "count"  # int
    SHARE = "share"  # Decimal, 0.25 is 25 %
    HOURS = "hours"  # Decimal, working hours
    DAYS = "days"  # Decimal or int


@dataclass(frozen=True)
class Column:
    """`total` says that the column is added up at the end."""

    label: Text
    cell: Cell = Cell.TEXT
    total: bool = False


@dataclass(frozen=True)
class Row:
    """The values in the order of the columns, None where there is none; `url` opens the cases behind the row."""

    values: Sequence[Any]
    url: str = ""
    #: A heading above others, or a sum of those before it.
    is_sum: bool = False


@dataclass(frozen=True)
class Series:
    """One line or row of bars: as many values as the chart has points; None where there is none."""

    label: Text
    values: Sequence[Decimal | int | None]


class Shape(StrEnum):
    BARS = "bars"  # series side by side over the points
    STACKED = "stacked"
    LINE = "line"
    RANKED = "ranked"  # bars that lie, the largest first


@dataclass(frozen=True)
class Chart:
    """Drawn on the server, as SVG and on paper; told apart without colour too."""

    title: Text
    shape: Shape
    points: Sequence[Text]
    series: Sequence[Series]
    cell: Cell = Cell.MONEY


@dataclass(frozen=True)
class Table:
    """`rows` may be read once, row by row (a ledger has 100,000); `totals` are those of the columns that have one,
    known beforehand, or None, where whoever draws adds them up while it passes the rows."""

    title: Text
    columns: Sequence[Column]
    rows: Iterable[Row]
    totals: Row | None = None
    chart: Chart | None = None
    #: Said below it: how far the figures are complete, as known when, what is not counted.
    notes: Sequence[Text] = ()
    #: How many rows there are where that is known without reading them.
    count: Callable[[], int] | None = field(default=None, compare=False)
