"""A chart as SVG, drawn on the server: no script, no inline style; the classes are those of `static/desk/reports.css`.

Series are told apart by hatching and by the shape of their points too, so that it can be read in one colour. The table
beside it says the same to whoever cannot see it.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from staff.desk.reports.cells import cell_text
from staff.desk.reports.charts.axis import axis
from staff.desk.reports.charts.layout import LETTER, WIDTH, Bar, Layout, Line, layout
from staff.desk.reports.charts.text_width import shortened, width_of
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Chart, Shape

#: As many ways of filling there are; a chart of more series repeats them.
LOOKS = 5
#: Signs of a label of a ranking before it is cut.
LONGEST = 44


def svg(chart: Chart, scale: Scale = Scale.YUAN, ident: str = "chart") -> SafeString:
    """`ident` is unique on its page: the hatchings are named after it. Nothing where there is nothing to draw."""
    if not chart.points or not chart.series:
        return SafeString()
    say = [shortened(str(point), LONGEST) for point in chart.points]
    placed = layout(chart, say, axis(chart))
    head = _legend(chart, ident) if len(chart.series) > 1 else SafeString()
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title" '
        'preserveAspectRatio="xMinYMin meet"><title id="{}-title">{}</title>{}{}{}{}{}{}</svg>',
        _n(placed.width),
        _n(placed.height),
        ident,
        ident,
        chart.title,
        _hatchings(ident),
        head,
        _grid(placed) if chart.shape is not Shape.RANKED else SafeString(),
        format_html_join("", "{}", ((_bar(bar, chart, scale, ident),) for bar in placed.bars)),
        format_html_join("", "{}", ((_line(line),) for line in placed.lines)),
        _labels(placed, chart, scale),
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
    look = series % LOOKS
    if not look:
        return mark_safe('class="bar look-0"')
    return format_html('class="bar look-{0}" fill="url(#{1}-hatch-{0})"', look, ident)


def _legend(chart: Chart, ident: str) -> SafeString:
    parts, left = [], 12.0
    for series, one in enumerate(chart.series):
        mark = (
            format_html('<rect x="{}" y="8" width="12" height="12" {}/>', _n(left), _fill(series, ident))
            if chart.shape is not Shape.LINE
            else format_html(
                '<path class="line look-{}" d="M{} 14h18"/>{}',
                series % LOOKS,
                _n(left - 3),
                _point(left + 6, 14, series),
            )
        )
        text = format_html('<text class="legend" x="{}" y="18">{}</text>', _n(left + 20), one.label)
        parts.append(format_html("{}{}", mark, text))
        left += 36 + width_of(str(one.label)) * LETTER * 0.56
    return format_html_join("", "{}", ((part,) for part in parts))


def _grid(placed: Layout) -> SafeString:
    lines = format_html_join(
        "",
        '<path class="grid" d="M{} {}H{}"/><text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (_n(placed.left), _n(top), _n(placed.right), _n(placed.left - 6), _n(top + 4), text)
            for top, text in placed.ticks
        ),
    )
    zero = format_html('<path class="zero" d="M{} {}H{}"/>', _n(placed.left), _n(placed.zero), _n(placed.right))
    return format_html("{}{}", lines, zero)


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
    points = format_html_join("", "{}", ((mark,) for mark in _points(line)))
    return format_html("{}{}", paths, points)


def _points(line: Line) -> Iterator[SafeString]:
    for piece in line.pieces:
        for x, y in piece:
            yield _point(x, y, line.series)


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


def _labels(placed: Layout, chart: Chart, scale: Scale) -> SafeString:
    labels = format_html_join(
        "",
        '<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>',
        ((_n(label.left), _n(label.top), label.anchor, label.text) for label in placed.labels),
    )
    if chart.shape is not Shape.RANKED:
        return labels
    values = format_html_join(
        "",
        '<text class="tick" x="{}" y="{}">{}</text>',
        (
            (
                _n(min(bar.left + bar.width + 6, WIDTH - 104)),
                _n(bar.top + bar.height - 4),
                cell_text(chart.series[0].values[bar.point], chart.cell, scale),
            )
            for bar in placed.bars
        ),
    )
    return format_html("{}{}", labels, values)
