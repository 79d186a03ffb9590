"""How a cell reads to people: the same on the page, on paper and in a chart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from staff.desk.page import NOTHING, day, moment
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Cell

WAN = Decimal(10_000)
FEN = Decimal("0.01")
#: Those that stand right, figure under figure.
FIGURES = frozenset({Cell.MONEY, Cell.COUNT, Cell.SHARE, Cell.HOURS, Cell.DAYS})


def scaled(amount: Decimal, scale: Scale) -> Decimal:
    """CNY in the scale, rounded half up to two places."""
    return (amount / WAN if scale is Scale.WAN else amount).quantize(FEN, ROUND_HALF_UP)


def _money(value: Any, scale: Scale) -> str:
    return f"{scaled(Decimal(value), scale):,.2f}"


TEXTS: dict[Cell, Callable[[Any, Scale], str]] = {
    Cell.MONEY: _money,
    Cell.COUNT: lambda value, _scale: f"{value:,}",
    Cell.SHARE: lambda value, _scale: f"{Decimal(value) * 100:.2f} %",
    Cell.HOURS: lambda value, _scale: f"{value:,.1f}",
    Cell.DAYS: lambda value, _scale: f"{value:,}" if isinstance(value, int) else f"{value:,.1f}",
    Cell.DAY: lambda value, _scale: day(value),
    Cell.MOMENT: lambda value, _scale: moment(value),
}


def cell_text(value: Any, cell: Cell, scale: Scale = Scale.YUAN) -> str:
    """The value in words and figures; a dash where there is none."""
    if value is None or value == "":
        return NOTHING
    write = TEXTS.get(cell)
    # A report may say in a cell of figures why there is none.
    return str(value) if write is None or isinstance(value, str) else write(value, scale)


def kind_of(value: Any, cell: Cell) -> Cell:
    """What a value is in a column: where that says a text, by the value's own kind."""
    if cell is not Cell.TEXT:
        return cell
    match value:
        case bool():
            return Cell.TEXT
        case Decimal():
            return Cell.MONEY
        case int():
            return Cell.COUNT
        case datetime():
            return Cell.MOMENT
        case date():
            return Cell.DAY
    return Cell.TEXT


def text_of(value: Any) -> str:
    """A value where it is a text: yes and no in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def part(of: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """A share as cells have it; None where there is nothing to have a share of."""
    return Decimal(of) / Decimal(whole) if whole else None
