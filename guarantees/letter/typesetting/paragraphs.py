"""Lines drawn and justified, and put on pages where a reader would turn them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, repeat
from operator import itemgetter

from reportlab.pdfgen.canvas import Canvas

from guarantees.letter.typesetting.linebreaking import TextLine, is_western

MIDDLE = 0.38  # of the size: how far a character's middle lies above its baseline
MOST_STRETCH = 0.35  # of the size, between two characters: beyond it a short line stays ragged


@dataclass(frozen=True, slots=True)
class Strip:
    """A band of the page that no page's end cuts."""

    height: float
    draw: Callable[[Canvas, float], None]  # from its top
    before: float = 0.0  # space above it, unless it begins a page
    keep: bool = False  # on one page with the next


def paginate(strips: Iterable[Strip], height: float) -> list[list[tuple[Strip, float]]]:
    """The strips of each page, with their distance from the page's top; only what is taller than a page is parted."""
    pages: list[list[tuple[Strip, float]]] = [[]]
    depth = 0.0
    for chunk in _chunks(strips):
        whole = sum(strip.before + strip.height for strip in chunk)
        breaks = depth + whole > height
        for strip in chunk:
            if pages[-1] and (breaks or depth + strip.before + strip.height > height):
                pages.append([])
                depth = 0.0
            breaks = False
            depth += strip.before if pages[-1] else 0.0
            pages[-1].append((strip, depth))
            depth += strip.height
    return pages


def _chunks(strips: Iterable[Strip]) -> Iterator[list[Strip]]:
    chunk: list[Strip] = []
    for strip in strips:
        chunk.append(strip)
        if not strip.keep:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def paragraph(
    lines: Sequence[TextLine],
    x: float,
    *,
    size: float,
    leading: float,
    measure: float,
    indent: float = 0,
    before: float = 0,
    keep: bool = False,
) -> list[Strip]:
    """Lines as strips, of which at least two stand together at a page's end and at its beginning.

    `keep` keeps the last of them on one page with what follows.
    """
    strips = []
    for index, line in enumerate(lines):
        start = 0 if index else indent

        def paint(canvas: Canvas, top: float, line: TextLine = line, start: float = start) -> None:
            draw_lines(canvas, [line], x + start, top, size=size, leading=leading, measure=measure - start)

        strips.append(Strip(leading, paint, 0 if index else before, keep=index in (0, len(lines) - 2)))
    return [*strips[:-1], *(replace(strip, keep=keep) for strip in strips[-1:])]


def draw_lines(
    canvas: Canvas, lines: Iterable[TextLine], x: float, top: float, *, size: float, leading: float, measure: float = 0
) -> None:
    """Draw lines below each other, each in the middle of its leading; `measure` as in `draw_line`."""
    for number, line in enumerate(lines):
        draw_line(canvas, line, x, top - (number + 0.5) * leading - MIDDLE * size, size=size, measure=measure)


def draw_line(canvas: Canvas, line: TextLine, x: float, y: float, *, size: float, measure: float = 0) -> None:
    """Draw with the baseline at y; `measure` justifies a line that is not its paragraph's last."""
    stretches = _stretches(line, measure - line.width, size) if measure and not line.last else repeat(0.0)
    spaced = [
        (glyph.character, glyph.font, round(stretch - glyph.squeezed * size / 1000, 3))
        for glyph, stretch in zip(line.glyphs, stretches, strict=False)
    ]
    text = canvas.beginText(x - line.lead, y)
    for (font, spacing), glyphs in groupby(spaced, key=itemgetter(1, 2)):
        text.setFont(font, size)
        text.setCharSpace(spacing)
        text.textOut("".join(character for character, *_ in glyphs))
    text.setCharSpace(0)
    canvas.drawText(text)


def _stretches(line: TextLine, slack: float, size: float) -> Iterable[float]:
    """What each glyph is followed by so that the line takes up the slack; numbers and Latin words stay as they are."""
    pairs = pairwise(glyph.character for glyph in line.glyphs)
    gaps = [not (is_western(before) and is_western(after)) for before, after in pairs]
    if slack <= 0 or slack > MOST_STRETCH * size * sum(gaps):
        return repeat(0.0)
    return [*(slack / sum(gaps) * gap for gap in gaps), 0.0]
