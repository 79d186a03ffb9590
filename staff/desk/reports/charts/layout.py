"""Where everything of a chart lies, as plain numbers: whoever draws it, on the page or on paper, adds ink alone.

Lengths are points of a drawing `WIDTH` wide, counted from its upper left corner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from staff.desk.reports.charts.text_width import width_of
from staff.desk.reports.table import Chart, Shape

WIDTH, HEIGHT = 720, 260
TOP, BOTTOM, RIGHT = 34, 30, 14
#: Of a ranking, a bar and the gap to the next.
LANE, BAR = 28, 16
LETTER = 11
MOST_TICKS = 6
#: At which height a value lies.
Height = Callable[[Decimal], float]


@dataclass(frozen=True)
class Bar:
    """`series` is the number of the series, by which it is filled."""

    left: float
    top: float
    width: float
    height: float
    series: int
    point: int


@dataclass(frozen=True)
class Line:
    """Pieces of a line, since it breaks where there is no value."""

    pieces: Sequence[Sequence[tuple[float, float]]]
    series: int


@dataclass(frozen=True)
class Label:
    """`anchor` is start, middle or end."""

    left: float
    top: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Layout:
    width: float
    height: float
    bars: Sequence[Bar]
    lines: Sequence[Line]
    #: From left to right, at the height of a tick: top, label.
    ticks: Sequence[tuple[float, str]]
    labels: Sequence[Label]
    left: float
    right: float
    #: Where zero is: of a ranking the left end of its bars.
    zero: float


def layout(chart: Chart, say: Sequence[str], ticked: Sequence[tuple[Decimal, str]]) -> Layout:
    """`say` are the points' texts, `ticked` the values of the axis and how they read (`ticks`)."""
    return _ranked(chart, say) if chart.shape is Shape.RANKED else _upright(chart, say, ticked)


def extent(chart: Chart) -> tuple[Decimal, Decimal]:
    """The least and the greatest that is drawn; zero always is."""
    values = (
        list(_stacks(chart))
        if chart.shape is Shape.STACKED
        else [Decimal(value) for one in chart.series for value in one.values if value is not None]
    )
    return min([Decimal(0), *values]), max([Decimal(0), *values])


def ticks(least: Decimal, most: Decimal) -> list[Decimal]:
    """Round values from at most `least` to at least `most`, zero among them."""
    span = most - least
    if not span:
        return [Decimal(0), Decimal(1)]
    raw = span / (MOST_TICKS - 1)
    unit = Decimal(10) ** raw.adjusted()
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= raw)
    first, last = (
        int((least / step).to_integral_value("ROUND_FLOOR")),
        int((most / step).to_integral_value("ROUND_CEILING")),
    )
    return [step * number for number in range(first, last + 1)]


def _stacks(chart: Chart) -> Iterator[Decimal]:
    for point in range(len(chart.points)):
        values = [Decimal(one.values[point] or 0) for one in chart.series]
        yield sum((value for value in values if value > 0), Decimal(0))
        yield sum((value for value in values if value < 0), Decimal(0))


def _upright(chart: Chart, say: Sequence[str], ticked: Sequence[tuple[Decimal, str]]) -> Layout:
    left = max((width_of(text) for _value, text in ticked), default=0) * LETTER * 0.55 + 12
    right, floor = WIDTH - RIGHT, HEIGHT - BOTTOM
    least, most = ticked[0][0], ticked[-1][0]

    def height(value: Decimal) -> float:
        return floor - float((value - least) / (most - least)) * (floor - TOP)

    number = max(len(chart.points), 1)
    lane = (right - left) / number
    bars = list(_bars(chart, left, lane, height)) if chart.shape is not Shape.LINE else []
    lines = (
        [Line(list(_pieces(one.values, left, lane, height)), series) for series, one in enumerate(chart.series)]
        if chart.shape is Shape.LINE
        else []
    )
    return Layout(
        WIDTH,
        HEIGHT,
        bars,
        lines,
        [(height(value), text) for value, text in ticked],
        list(_point_labels(say, left, lane, floor + 18)),
        left,
        right,
        height(Decimal(0)),
    )


def _bars(chart: Chart, left: float, lane: float, height: Height) -> Iterator[Bar]:
    stacked = chart.shape is Shape.STACKED
    beside = 1 if stacked else max(len(chart.series), 1)
    width = min(lane * 0.7 / beside, 46)
    for point in range(len(chart.points)):
        over = under = Decimal(0)
        begins = left + lane * point + (lane - width * beside) / 2
        for series, one in enumerate(chart.series):
            value = Decimal(one.values[point] or 0)
            if not value:
                continue
            base = (over if value > 0 else under) if stacked else Decimal(0)
            upper, lower = height(max(base, base + value)), height(min(base, base + value))
            yield Bar(begins + (0 if stacked else series * width), upper, width - 1, lower - upper, series, point)
            if value > 0:
                over += value
            else:
                under += value


def _pieces(
    values: Sequence[Decimal | int | None], left: float, lane: float, height: Height
) -> Iterator[list[tuple[float, float]]]:
    piece: list[tuple[float, float]] = []
    for point, value in enumerate(values):
        if value is None:
            if piece:
                yield piece
            piece = []
        else:
            piece.append((left + lane * (point + 0.5), height(Decimal(value))))
    if piece:
        yield piece


def _point_labels(say: Sequence[str], left: float, lane: float, top: float) -> Iterator[Label]:
    """As many as there is room for, the last one always."""
    widest = max((width_of(text) for text in say), default=0) * LETTER * 0.55 + 8
    every = max(1, -(-int(widest) // max(int(lane), 1)))
    for point, text in enumerate(say):
        if (len(say) - 1 - point) % every == 0:
            yield Label(left + lane * (point + 0.5), top, text)


def _ranked(chart: Chart, say: Sequence[str]) -> Layout:
    left = min(max((width_of(text) for text in say), default=0) * LETTER * 0.58 + 12, WIDTH * 0.45)
    right = WIDTH - 110
    _least, most = extent(chart)
    values = chart.series[0].values if chart.series else []
    bars, labels = [], []
    for point, value in enumerate(values):
        top = 8 + LANE * point
        length = float(Decimal(value or 0) / most) * (right - left) if most else 0
        bars.append(Bar(left, top, max(length, 0), BAR, 0, point))
        labels.append(Label(left - 8, top + BAR - 4, say[point], "end"))
    return Layout(WIDTH, 16 + LANE * len(say), bars, [], [], labels, left, right, left)
