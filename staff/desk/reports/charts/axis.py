"""How the values of an axis read: short, in the units of the trade."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from staff.desk.reports.cells import WAN, cell_text
from staff.desk.reports.charts.layout import extent, ticks
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Cell, Chart

YI = Decimal(100_000_000)


def axis(chart: Chart) -> list[tuple[Decimal, str]]:
    """The values that are marked, from the least to the greatest, and how they read."""
    marked = ticks(*extent(chart))
    return [(value, _short(value, max(map(abs, marked)), chart.cell)) for value in marked]


def _short(value: Decimal, most: Decimal, cell: Cell) -> str:
    if cell is Cell.MONEY or (cell is Cell.COUNT and most >= WAN):
        if most >= YI:
            return _("%(number)s hundred million") % {"number": _bare(value / YI)} if value else "0"
        if most >= WAN:
            return _("%(number)s ten thousand") % {"number": _bare(value / WAN)} if value else "0"
        return _bare(value)
    if cell is Cell.SHARE:
        return f"{_bare(value * 100)} %"
    return _bare(value) if cell is not Cell.HOURS else cell_text(value, cell, Scale.YUAN)


def _bare(value: Decimal) -> str:
    return f"{value.normalize():,f}"
