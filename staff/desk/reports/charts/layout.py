"""Where everything of a chart lies, as plain numbers: whoever draws it, on the page or on paper, adds ink alone.

Lengths are points of a drawing of the size that is asked for, counted from its upper left corner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from staff.desk.reports.charts.text_width import is_wide, shortened, width_of
from staff.desk.reports.table import Cell, Chart, Shape

WIDTH, HEIGHT = 720, 260
#: Room above for the values over bars, for each line of the key; below for the points' names.
TOP, KEY, BOTTOM, RIGHT = 24, 18, 30, 14
#: Of a ranking, a bar and the gap to the next, and the room behind it for its value.
LANE, BAR, VALUE = 28, 16, 110
LETTER = 11
#: How wide half a Chinese sign of that size is.
HALF = LETTER * 0.56
MOST_TICKS = 6
WIDEST_BAR = 46
#: Of a line with more points not each is marked.
MOST_MARKS = 40
#: A name is rather cut than left out while so much of it is left.
LEAST_NAME = 8
#: At which height a value lies.
Height = Callable[[Decimal], float]


@dataclass(frozen=True)
class Size:
    """A ranking is as high as it has bars."""

    width: float = WIDTH
    height: float = HEIGHT


#: On a page or a sheet, and on a card of the dashboard.
WHOLE, CARD = Size(), Size(360, 170)


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
    """Pieces of a line, since it breaks where there is no value; `marks` are the points that are marked."""

    pieces: Sequence[Sequence[tuple[float, float]]]
    series: int
    marks: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True)
class Label:
    """`anchor` is start, middle or end."""

    left: float
    top: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Key:
    """What a series is called; its sign, 12 wide, begins at `left`, in the middle of which line is `top`."""

    left: float
    top: float
    text: str
    series: int


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
    #: Where zero is: of a ranking how far from the left.
    zero: float
    #: Empty for one series alone.
    keys: Sequence[Key] = ()


def layout(chart: Chart, say: Sequence[str], ticked: Sequence[tuple[Decimal, str]], size: Size = WHOLE) -> Layout:
    """`say` are the points' texts, `ticked` the values of the axis and how they read (`ticks`)."""
    return _ranked(chart, say, size) if chart.shape is Shape.RANKED else _upright(chart, say, ticked, size)


def extent(chart: Chart) -> tuple[Decimal, Decimal]:
    """The least and the greatest that is drawn; zero always is."""
    values = (
        list(_stacks(chart))
        if chart.shape is Shape.STACKED
        else [Decimal(value) for one in chart.series for value in one.values if value is not None]
    )
    return min([Decimal(0), *values]), max([Decimal(0), *values])


def ticks(least: Decimal, most: Decimal, cell: Cell = Cell.MONEY) -> list[Decimal]:
    """Round values from at most `least` to at least `most`, zero among them; whole ones of what is counted."""
    span = most - least
    if not span:
        return [Decimal(0), Decimal(1)]
    raw = span / (MOST_TICKS - 1)
    if cell is Cell.COUNT:
        raw = max(raw, Decimal(1))
    unit = Decimal(10) ** raw.adjusted()
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= raw)
    first = int((least / step).to_integral_value("ROUND_FLOOR"))
    last = int((most / step).to_integral_value("ROUND_CEILING"))
    return [step * number for number in range(first, last + 1)]


def _stacks(chart: Chart) -> Iterator[Decimal]:
    for point in range(len(chart.points)):
        values = [Decimal(one.values[point] or 0) for one in chart.series]
        yield sum((value for value in values if value > 0), Decimal(0))
        yield sum((value for value in values if value < 0), Decimal(0))


def _keys(chart: Chart, width: float) -> list[Key]:
    """In as many lines as they need."""
    keys: list[Key] = []
    if len(chart.series) < 2:
        return keys
    left, top = 12.0, 14.0
    for number, one in enumerate(chart.series):
        text = shortened(str(one.label), int((width - 60) / HALF))
        needed = 36 + width_of(text) * HALF
        if left > 12 and left + needed > width:
            left, top = 12.0, top + KEY
        keys.append(Key(left, top, text, number))
        left += needed
    return keys


def _upright(chart: Chart, say: Sequence[str], ticked: Sequence[tuple[Decimal, str]], size: Size) -> Layout:
    keys = _keys(chart, size.width)
    above = TOP + (keys[-1].top - keys[0].top + KEY - 6 if keys else 0)
    left = max((width_of(text) for _value, text in ticked), default=0) * HALF + 12
    right, floor = size.width - RIGHT, size.height - BOTTOM
    least, most = ticked[0][0], ticked[-1][0]

    def height(value: Decimal) -> float:
        return floor - float((value - least) / (most - least)) * (floor - above)

    lane = (right - left) / max(len(chart.points), 1)
    is_line = chart.shape is Shape.LINE
    return Layout(
        size.width,
        size.height,
        [] if is_line else list(_bars(chart, left, lane, height)),
        [_line(one.values, number, left, lane, height) for number, one in enumerate(chart.series)] if is_line else [],
        [(height(value), text) for value, text in ticked],
        list(_point_labels(say, left, lane, floor + 18)),
        left,
        right,
        height(Decimal(0)),
        keys,
    )


def _bars(chart: Chart, left: float, lane: float, height: Height) -> Iterator[Bar]:
    stacked = chart.shape is Shape.STACKED
    beside = 1 if stacked else max(len(chart.series), 1)
    width = min(lane * 0.7 / beside, WIDEST_BAR)
    gap = min(1.0, width * 0.15)
    for point in range(len(chart.points)):
        over = under = Decimal(0)
        begins = left + lane * point + (lane - width * beside) / 2
        for series, one in enumerate(chart.series):
            value = Decimal(one.values[point] or 0)
            if not value:
                continue
            base = (over if value > 0 else under) if stacked else Decimal(0)
            upper, lower = height(max(base, base + value)), height(min(base, base + value))
            yield Bar(begins + (0 if stacked else series * width), upper, width - gap, lower - upper, series, point)
            if value > 0:
                over += value
            else:
                under += value


def _line(values: Sequence[Decimal | int | None], series: int, left: float, lane: float, height: Height) -> Line:
    pieces = list(_pieces(values, left, lane, height))
    points = [point for piece in pieces for point in piece]
    return Line(pieces, series, points[:: -(-len(points) // MOST_MARKS) or 1])


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
    """Names are cut where they have too little room; of months and days as many stand there as there is room for, the
    last one always."""
    room = int((lane - 6) / HALF)
    if room >= LEAST_NAME:
        say = [shortened(text, room) if is_wide(text) else text for text in say]
    widest = max((width_of(text) for text in say), default=0) * HALF + 8
    every = max(1, -(-int(widest) // max(int(lane), 1)))
    for point, text in enumerate(say):
        if (len(say) - 1 - point) % every == 0:
            yield Label(left + lane * (point + 0.5), top, text)


def _ranked(chart: Chart, say: Sequence[str], size: Size) -> Layout:
    room = size.width * 0.42
    names = [shortened(text, int((room - 12) / HALF)) for text in say]
    left = min(max((width_of(text) for text in names), default=0) * HALF + 12, room)
    right = size.width - min(VALUE, size.width * 0.3)
    least, most = extent(chart)
    span = most - least
    values = chart.series[0].values if chart.series else []

    def place(value: Decimal) -> float:
        return left + (float((value - least) / span) * (right - left) if span else 0.0)

    zero = place(Decimal(0))
    bars, labels = [], []
    for point, value in enumerate(values):
        top, end = 8 + LANE * point, place(Decimal(value or 0))
        bars.append(Bar(min(zero, end), top, abs(end - zero), BAR, 0, point))
        labels.append(Label(left - 8, top + BAR - 4, names[point], "end"))
    return Layout(size.width, 16 + LANE * len(say), bars, [], [], labels, left, right, zero)
