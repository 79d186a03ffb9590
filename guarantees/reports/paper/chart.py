"""A chart on paper: laid out as on the page, in ink that is told apart in one colour too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from guarantees.letter.typesetting.page_layout import GREY, INK, RULE, Colour
from guarantees.reports.paper.setting import Setter
from staff.desk.reports.cells import cell_text
from staff.desk.reports.charts.axis import axis
from staff.desk.reports.charts.layout import LETTER, WIDTH, Bar, Layout, Line, extent, layout
from staff.desk.reports.charts.text_width import shortened
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Chart, Shape

#: Signs of a label of a ranking before it is cut, as on the page.
LONGEST = 44
#: One for each series, the lines' dashes likewise; a chart of more series repeats them.
FILLS: Sequence[Colour] = (
    (0.16, 0.36, 0.6),
    (0.9, 0.74, 0.45),
    (0.6, 0.78, 0.7),
    (0.76, 0.64, 0.78),
    (0.82, 0.84, 0.87),
)
STROKES: Sequence[Colour] = (
    (0.16, 0.36, 0.6),
    (0.66, 0.46, 0.1),
    (0.2, 0.5, 0.42),
    (0.5, 0.3, 0.52),
    (0.42, 0.45, 0.5),
)
DASHES: Sequence[Sequence[float]] = ((), (6, 4), (2, 3), (8, 3, 2, 3), (1, 2))


@dataclass(frozen=True)
class Drawing:
    """A chart that knows its height at a width; `draw` puts it on a canvas below `top`."""

    chart: Chart
    placed: Layout
    scale: Scale
    setter: Setter
    width: float

    @property
    def height(self) -> float:
        return self.placed.height * self.width / WIDTH

    def draw(self, canvas: Canvas, left: float, top: float) -> None:
        canvas.saveState()
        factor = self.width / WIDTH
        canvas.translate(left, top)
        canvas.scale(factor, factor)
        pen = _Pen(canvas, self)
        if self.chart.shape is not Shape.RANKED:
            pen.grid()
        for bar in self.placed.bars:
            pen.bar(bar)
        for line in self.placed.lines:
            pen.line(line)
        pen.labels()
        if len(self.chart.series) > 1:
            pen.legend()
        canvas.restoreState()


def drawing(chart: Chart, scale: Scale, setter: Setter, width: float) -> Drawing | None:
    """None where there is nothing to draw, or all of it is nothing."""
    if not chart.points or not chart.series or not any(extent(chart)):
        return None
    placed = layout(chart, [shortened(str(point), LONGEST) for point in chart.points], axis(chart))
    return Drawing(chart, placed, scale, setter, width)


class _Pen:
    """Draws the parts; the layout counts from above, paper from below."""

    def __init__(self, canvas: Canvas, drawing: Drawing) -> None:
        self.canvas, self.drawing = canvas, drawing
        self.placed, self.chart, self.setter = drawing.placed, drawing.chart, drawing.setter

    def grid(self) -> None:
        self.canvas.setLineWidth(0.5)
        for top, text in self.placed.ticks:
            self.canvas.setStrokeColorRGB(*RULE)
            self.canvas.line(self.placed.left, -top, self.placed.right, -top)
            self._say(text, self.placed.left - 6, top + 4, "end", GREY)
        self.canvas.setStrokeColorRGB(*GREY)
        self.canvas.line(self.placed.left, -self.placed.zero, self.placed.right, -self.placed.zero)

    def bar(self, bar: Bar) -> None:
        self._box(bar.left, bar.top, bar.width, max(bar.height, 0.5), bar.series)

    def line(self, line: Line) -> None:
        look = line.series % len(FILLS)
        for piece in line.pieces:
            self.canvas.setStrokeColorRGB(*STROKES[look])
            self.canvas.setLineWidth(1.6)
            self.canvas.setDash(list(DASHES[look]))
            path = self.canvas.beginPath()
            path.moveTo(piece[0][0], -piece[0][1])
            for x, y in piece[1:]:
                path.lineTo(x, -y)
            self.canvas.drawPath(path)
            self.canvas.setDash()
            for x, y in piece:
                self._point(x, y, look)

    def labels(self) -> None:
        for label in self.placed.labels:
            self._say(label.text, label.left, label.top, label.anchor, INK)
        if self.chart.shape is Shape.RANKED:
            for bar in self.placed.bars:
                value = self.chart.series[0].values[bar.point]
                text = cell_text(value, self.chart.cell, self.drawing.scale)
                self._say(text, min(bar.left + bar.width + 6, WIDTH - 104), bar.top + bar.height - 4, "start", INK)

    def legend(self) -> None:
        left = 12.0
        for series, one in enumerate(self.chart.series):
            if self.chart.shape is Shape.LINE:
                self.line(Line([[(left - 3, 14), (left + 15, 14)]], series))
            else:
                self._box(left, 8, 12, 12, series)
            self._say(str(one.label), left + 20, 18, "start", INK)
            left += 44 + self.setter.width(str(one.label), size=LETTER)

    def _say(self, text: str, x: float, top: float, align: str, colour: Colour) -> None:
        self.canvas.setFillColorRGB(*colour)
        self.setter.write(self.canvas, text, x, -top, size=LETTER, align=align)

    def _box(self, left: float, top: float, width: float, height: float, series: int) -> None:
        look = series % len(FILLS)
        self.canvas.setFillColorRGB(*FILLS[look])
        self.canvas.setStrokeColorRGB(*STROKES[look])
        self.canvas.setLineWidth(0.4)
        self.canvas.rect(left, -top - height, width, height, stroke=1, fill=1)
        if not look:
            return
        self.canvas.saveState()
        within = self.canvas.beginPath()
        within.rect(left, -top - height, width, height)
        self.canvas.clipPath(within, stroke=0, fill=0)
        self.canvas.setLineWidth(0.7)
        for x1, y1, x2, y2 in _hatching(look, left, -top - height, width, height):
            self.canvas.line(x1, y1, x2, y2)
        self.canvas.restoreState()

    def _point(self, x: float, y: float, look: int) -> None:
        self.canvas.setFillColorRGB(*STROKES[look])
        if look == 1:
            self.canvas.rect(x - 3, -y - 3, 6, 6, stroke=0, fill=1)
        elif look in (2, 3):
            path = self.canvas.beginPath()
            corners = [(-4, 0), (0, 4), (4, 0), (0, -4)] if look == 2 else [(-4, -3.5), (0, 4), (4, -3.5)]
            path.moveTo(x + corners[0][0], -y + corners[0][1])
            for across, up in corners[1:]:
                path.lineTo(x + across, -y + up)
            path.close()
            self.canvas.drawPath(path, stroke=0, fill=1)
        else:
            if look == len(FILLS) - 1:
                self.canvas.setFillColorRGB(1, 1, 1)
            self.canvas.circle(x, -y, 3.2, stroke=1, fill=1)


def _hatching(
    look: int, x: float, y: float, width: float, height: float
) -> Iterator[tuple[float, float, float, float]]:
    """The lines that fill a box: rising, upright, falling, lying."""
    step = 5
    if look == 2:
        for number in range(int(width // step) + 1):
            yield x + number * step, y, x + number * step, y + height
    elif look == 4:
        for number in range(int(height // step) + 1):
            yield x, y + number * step, x + width, y + number * step
    else:
        for number in range(int((width + height) // step) + 1):
            start = x - height + number * step
            yield (start, y, start + height, y + height) if look == 1 else (start, y + height, start + height, y)
