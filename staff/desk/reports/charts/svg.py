"""A chart as SVG, drawn on the server: no script, no inline style; the classes are those of `static/desk/reports.css`.

Series are told apart by hatching and by the shape of their points too, so that it can be read in one colour. The table
beside it says the same to whoever cannot see it.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from staff.desk.page import NOTHING
from staff.desk.reports.cells import cell_text
from staff.desk.reports.charts.axis import axis, value_text
from staff.desk.reports.charts.layout import HALF, WHOLE, Bar, Key, Layout, Line, Size, layout
from staff.desk.reports.charts.text_width import width_of
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Chart, Shape

#: As many ways of filling there are; a chart of more series repeats them.
LOOKS = 5
#: So many values are told to whoever cannot see a chart that has no table beside it.
MOST_TOLD = 60


def svg(
    chart: Chart, scale: Scale = Scale.YUAN, ident: str = "chart", size: Size = WHOLE, *, beside_table: bool = True
) -> SafeString:
    """`ident` is unique on its page: the hatchings are named after it. Without a table beside it, it tells its values
    itself to whoever cannot see it. Nothing where there is nothing to draw. Its class is graph, since the theme's
    script takes what is called chart for a canvas of its own."""
    if not any(value for one in chart.series for value in one.values):
        return SafeString()
    placed = layout(chart, [str(point) for point in chart.points], axis(chart), size)
    parts = [
        _hatchings(ident) if len(chart.series) > 1 and chart.shape is not Shape.LINE else SafeString(),
        *(_key(key, chart, ident) for key in placed.keys),
        _grid(placed) if chart.shape is not Shape.RANKED else SafeString(),
        *(_bar(bar, chart, scale, ident) for bar in placed.bars),
        *(_line(line) for line in placed.lines),
        _zero(placed, chart),
        *_labels(placed, chart),
    ]
    return format_html(
        '<svg class="graph graph-{6}" viewBox="0 0 {0} {1}" role="img" aria-labelledby="{2}-title" '
        'aria-describedby="{2}-desc" preserveAspectRatio="xMinYMin meet"><title id="{2}-title">{3}</title>'
        '<desc id="{2}-desc">{4}</desc>{5}</svg>',
        _n(placed.width),
        _n(placed.height),
        ident,
        chart.title,
        _("The table has the same figures.") if beside_table else _told(chart, scale),
        format_html_join("", "{}", ((part,) for part in parts)),
        "whole" if size == WHOLE else "card",
    )


def _told(chart: Chart, scale: Scale) -> str:
    """The values in words, of the last points where they are many."""
    begin = max(len(chart.points) - MOST_TOLD // len(chart.series), 0)
    return "; ".join(
        f"{series.label}: "
        + ", ".join(
            f"{chart.points[point]} {cell_text(series.values[point], chart.cell, scale)}"
            for point in range(begin, len(chart.points))
        )
        for series in chart.series
    )


def _n(length: float) -> str:
    return f"{length:.1f}".rstrip("0").rstrip(".")


def _hatchings(ident: str) -> SafeString:
    """One for each series after the first, which is solid."""
    patterns = [
        '<pattern id="{0}-hatch-1" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="look-1" width="6" height="6"/><rect class="hatch" width="2" height="6"/></pattern>',
        '<pattern id="{0}-hatch-2" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect class="look-2" width="6" height="6"/><circle class="hatch" cx="3" cy="3" r="1.4"/></pattern>',
        '<pattern id="{0}-hatch-3" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
        '<rect class="look-3" width="6" height="6"/><rect class="hatch" width="2" height="6"/></pattern>',
        '<pattern id="{0}-hatch-4" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<rect class="look-4" width="5" height="5"/><rect class="hatch" width="5" height="1.4"/></pattern>',
    ]
    return format_html("<defs>{}</defs>", mark_safe("".join(one.format(ident) for one in patterns)))  # noqa: S308


def _fill(series: int, ident: str) -> SafeString:
    """A style sheet's fill would be drawn over the hatching, so a hatched one has no look of its own."""
    look = series % LOOKS
    if not look:
        return mark_safe('class="look-0"')
    return format_html('fill="url(#{1}-hatch-{0})"', look, ident)


def _key(key: Key, chart: Chart, ident: str) -> SafeString:
    if chart.shape is Shape.LINE:
        sign = format_html(
            '<path class="line look-{}" d="M{} {}h18"/>{}',
            key.series % LOOKS,
            _n(key.left - 3),
            _n(key.top),
            _point(key.left + 6, key.top, key.series),
        )
    else:
        fill = _fill(key.series, ident)
        sign = format_html('<rect x="{}" y="{}" width="12" height="12" {}/>', _n(key.left), _n(key.top - 6), fill)
    return format_html(
        '{}<text class="key" x="{}" y="{}">{}</text>', sign, _n(key.left + 20), _n(key.top + 4), key.text
    )


def _grid(placed: Layout) -> SafeString:
    return format_html_join(
        "",
        '<path class="grid" d="M{} {}H{}"/><text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (_n(placed.left), _n(top), _n(placed.right), _n(placed.left - 6), _n(top + 4), text)
            for top, text in placed.ticks
        ),
    )


def _zero(placed: Layout, chart: Chart) -> SafeString:
    """The line from which bars begin, over their ends."""
    if chart.shape is Shape.RANKED:
        return format_html('<path class="zero" d="M{} 2V{}"/>', _n(placed.zero), _n(placed.height - 4))
    return format_html('<path class="zero" d="M{} {}H{}"/>', _n(placed.left), _n(placed.zero), _n(placed.right))


def _bar(bar: Bar, chart: Chart, scale: Scale, ident: str) -> SafeString:
    series = chart.series[bar.series]
    said = cell_text(series.values[bar.point], chart.cell, scale)
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" {}><title>{} · {} · {}</title></rect>',
        _n(bar.left),
        _n(bar.top),
        _n(bar.width),
        _n(max(bar.height, 0.5)),
        _fill(bar.series, ident),
        chart.points[bar.point],
        series.label,
        said,
    )


def _line(line: Line) -> SafeString:
    look = line.series % LOOKS
    paths = format_html_join(
        "",
        '<path class="line look-{}" d="{}"/>',
        ((look, "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in piece)) for piece in line.pieces),
    )
    return format_html("{}{}", paths, format_html_join("", "{}", ((_point(x, y, line.series),) for x, y in line.marks)))


def _point(x: float, y: float, series: int) -> SafeString:
    """A disc, a square, a diamond, a triangle, a ring."""
    look = series % LOOKS
    shapes = {
        1: f"M{_n(x - 3.5)} {_n(y - 3.5)}h7v7h-7z",
        2: f"M{_n(x)} {_n(y - 4.5)}l4.5 4.5l-4.5 4.5l-4.5-4.5z",
        3: f"M{_n(x)} {_n(y - 4)}l4.5 8h-9z",
    }
    if look in shapes:
        return format_html('<path class="point look-{}" d="{}"/>', look, shapes[look])
    ring = " ring" if look == LOOKS - 1 else ""
    return format_html('<circle class="point look-{}{}" cx="{}" cy="{}" r="3.5"/>', look, ring, _n(x), _n(y))


def _labels(placed: Layout, chart: Chart) -> Iterator[SafeString]:
    for label in placed.labels:
        yield _text(label.left, label.top, label.anchor, label.text)
    if chart.shape is Shape.RANKED:
        for bar in placed.bars:
            end = bar.left + bar.width if bar.left + bar.width > placed.zero else placed.zero
            yield _text(end + 6, bar.top + bar.height - 4, "start", _over(bar, chart), "value")
    elif chart.shape is Shape.BARS and len(chart.series) == 1 and _have_room(placed, chart):
        for bar in placed.bars:
            # Of one that hangs, over the line from which it hangs: below it the points' names stand.
            yield _text(bar.left + bar.width / 2, bar.top - 5, "middle", _over(bar, chart), "value")
    elif chart.shape is Shape.LINE and len(chart.series) == 1 and placed.lines[0].pieces:
        left, top = placed.lines[0].pieces[-1][-1]
        last = next(value for value in reversed(chart.series[0].values) if value is not None)
        yield _text(left + 6, top - 8, "end", value_text(last, chart.cell), "value")


def _have_room(placed: Layout, chart: Chart) -> bool:
    """Whether no value over a bar would run into the next one's."""
    widest = max((width_of(_over(bar, chart)) for bar in placed.bars), default=0) * HALF
    return widest + 4 <= (placed.right - placed.left) / len(chart.points)


def _over(bar: Bar, chart: Chart) -> str:
    value = chart.series[bar.series].values[bar.point]
    return NOTHING if value is None else value_text(value, chart.cell)


def _text(left: float, top: float, anchor: str, text: str, look: str = "tick") -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', look, _n(left), _n(top), anchor, text
    )
