"""The dashboard: how the business stands, in figures that the rooms offer, each leading to its report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from staff.desk.page import Text
from staff.desk.reports.cells import cell_text
from staff.desk.reports.charts.layout import CARD, Size
from staff.desk.reports.charts.svg import svg
from staff.desk.reports.comparing import change_text
from staff.desk.reports.report import PERMISSION, Scale
from staff.desk.reports.table import Cell, Chart
from staff.models import User
from staff.offered import Offered


@dataclass(frozen=True)
class Value:
    """One number of a figure. `before` is what it was in the period or at the day that `compared` names ("last month to
    the same day"); `url` opens what it counts; it is shown as trouble where it `is_trouble`."""

    value: Any
    cell: Cell
    label: Text = ""
    before: Decimal | int | None = None
    compared: Text = ""
    url: str = ""
    is_trouble: bool = False


@dataclass(frozen=True)
class Reading:
    """What a figure says now: the number that stands large, others below it, a chart. `url` opens its report."""

    main: Value
    lines: Sequence[Value] = ()
    chart: Chart | None = None
    url: str = ""
    note: Text = ""


@dataclass(frozen=True)
class Figure:
    """One card of the dashboard.

    `read` says it for a person at a moment (aware, UTC); None: there is nothing to say. It is read whenever the page
    is, so it asks for sums that are kept, not for rows. It is shown to whoever sees the dashboard and holds
    `permission`. The smaller `place` comes first; a `wide` one has room for two.
    """

    label: Text
    read: Callable[[User, datetime], Reading | None]
    permission: str
    place: int
    wide: bool = False


UNITS = {Cell.HOURS: _("%(number)s h"), Cell.DAYS: _("%(number)s d")}

FIGURES: Offered[Figure] = Offered("FIGURES", Figure, known_by=lambda figure: str(figure.label))


@dataclass(frozen=True)
class ShownValue:
    text: str
    unit: Text
    label: Text
    change: str
    compared: Text
    url: str
    is_trouble: bool


@dataclass(frozen=True)
class ShownFigure:
    label: Text
    main: ShownValue
    lines: Sequence[ShownValue]
    chart: SafeString
    url: str
    note: Text
    wide: bool


def dashboard(person: User, now: datetime) -> list[ShownFigure]:
    """The cards of this person; none for whoever sees no reports."""
    if not person.has_perm(PERMISSION):
        return []
    figures = sorted((one for one in FIGURES if person.has_perm(one.permission)), key=lambda one: one.place)
    read = [(figure, figure.read(person, now)) for figure in figures]
    return [_shown(figure, reading) for figure, reading in read if reading]


def _shown(figure: Figure, reading: Reading) -> ShownFigure:
    return ShownFigure(
        figure.label,
        _value(reading.main),
        [_value(one) for one in reading.lines],
        _drawn(reading.chart, figure) if reading.chart else SafeString(),
        reading.url,
        reading.note,
        figure.wide,
    )


def _drawn(chart: Chart, figure: Figure) -> SafeString:
    size = Size(2 * CARD.width, CARD.height) if figure.wide else CARD
    return svg(chart, Scale.WAN, f"figure-{figure.place}", size, beside_table=False)


def _value(one: Value) -> ShownValue:
    is_money = one.cell is Cell.MONEY
    text = cell_text(one.value, one.cell, Scale.WAN if is_money else Scale.YUAN)
    if one.value is not None and one.cell in UNITS:
        text = UNITS[one.cell] % {"number": text}
    return ShownValue(
        text,
        Scale.WAN.label if is_money and one.value is not None else "",
        one.label,
        "" if one.before is None or one.value is None else change_text(one.value, one.before),
        one.compared,
        one.url,
        one.is_trouble,
    )
