"""How the values of an axis and those over bars read: short, in the units of the trade."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from staff.desk.reports.cells import WAN, cell_text
from staff.desk.reports.charts.layout import extent, ticks
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Cell, Chart

YI = Decimal(100_000_000)


def axis(chart: Chart) -> list[tuple[Decimal, str]]:
    """The values that are marked, from the least to the greatest, and how they read."""
    marked = ticks(*extent(chart), chart.cell)
    return [(value, _short(value, max(map(abs, marked)), chart.cell)) for value in marked]


def value_text(value: Decimal | int, cell: Cell) -> str:
    """A value over its bar, in the unit that suits it, with as many digits as tell bars apart."""
    number = Decimal(value)
    unit = next((unit for unit in (YI, WAN) if abs(number) >= unit), Decimal(1))
    if cell in (Cell.MONEY, Cell.COUNT) and not (cell is Cell.COUNT and abs(number) < WAN):
        places = Decimal(1) if abs(number) >= 100 * unit or unit == 1 else Decimal("0.01")
        number = (number / unit).quantize(places, ROUND_HALF_UP) * unit
    return _short(number, abs(number), cell)


def _short(value: Decimal, most: Decimal, cell: Cell) -> str:
    if cell is Cell.MONEY or (cell is Cell.COUNT and most >= WAN):
        if most >= YI:
            return _("%(number)s hundred million") % {"number": _bare(value / YI)} if value else "0"
        if most >= WAN:
            return _("%(number)s ten thousand") % {"number": _bare(value / WAN)} if value else "0"
        return _bare(value)
    if cell is Cell.SHARE:
        return f"{_bare((value * 100).quantize(Decimal('0.01')))} %"
    return _bare(value) if cell is not Cell.HOURS else cell_text(value, cell, Scale.YUAN)


def _bare(value: Decimal) -> str:
    return f"{value.normalize():,f}"
