"""Lines of Chinese text: broken where the rules of the script allow, justified, drawn; and lines put on pages.

The rules (GB/T 15834, 禁则): no line begins with closing punctuation, none ends with opening punctuation; numbers and
Latin words stay whole, and a number with its unit; two full-width marks in a row share one blank half, and a mark at
a line's edge gives its own up; no paragraph ends with a line of one character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from unicodedata import normalize

from reportlab.pdfgen.canvas import Canvas

from guarantees.letter.fonts import MissingGlyph, Typeface, width
from guarantees.letter.wording import Run

CLOSING = frozenset("，。、；：？！）》〉】〕」』”’％‰…—～·,.;:?!)]}%/")
OPENING = frozenset("（《〈【〔「『“‘([{¥￥")
FULL_WIDTH_CLOSING = frozenset("，。、；：？！）》〉】〕」』”’")
FULL_WIDTH_OPENING = frozenset("（《〈【〔「『“‘")
UNITS = frozenset("年月日时分秒元个号层条％")  # stay with the figure before them
# Left out without loss: breaks, joins and hints of direction that nobody sees in a text from left to right.
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u202a\u202c\u202d\u2060\u2066\u2068\u2069\ufeff"))
MARKED = re.compile(r".[\u0300-\u036f\u3099\u309a]+")  # a character with marks upon it, which may be one character
HALF = 500  # the blank half of a full-width mark, in thousandths of the size
MIDDLE = 0.38  # of the size: how far a character's middle lies above its baseline
MOST_STRETCH = 0.35  # of the size, between two characters: beyond it a short line stays ragged
MOST_CARRIED = 4  # of the size: what is wider is not carried over to a last line of one character


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with its font and its advance in thousandths of the size."""

    character: str
    font: str
    advance: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One set line, its natural width in points."""

    glyphs: tuple[Glyph, ...]
    width: float
    last: bool  # of its paragraph: not justified
    lead: float = 0.0  # the blank before its first mark, which hangs out to the left


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

    `keep` keeps all of them on one page with what follows.
    """
    strips = []
    for index, line in enumerate(lines):
        start = 0 if index else indent

        def paint(canvas: Canvas, top: float, line: TextLine = line, start: float = start) -> None:
            draw_lines(canvas, [line], x + start, top, size=size, leading=leading, measure=measure - start)

        together = keep or (len(lines) > 1 and index in (0, len(lines) - 2))
        strips.append(Strip(leading, paint, 0 if index else before, together))
    return strips


def break_lines(
    runs: Iterable[Run], face: Typeface, *, size: float, measure: float, indent: float = 0, bold: bool = False
) -> list[TextLine]:
    """The lines of one paragraph, `measure` points wide, the first `indent` points narrower.

    Raises MissingGlyph.
    """
    rows: list[list[list[Glyph]]] = []
    filled, room = 0.0, measure - indent
    for piece in _pieces(_glyphs(runs, face, bold), size, measure):
        needed = _width(piece, size)
        if rows and filled + needed - _trailing(piece) * size / 1000 <= room + 1e-6:
            rows[-1].append(piece)
            filled += needed
        elif not rows:
            rows.append([piece])
            filled = needed
        elif any(glyph.character != " " for glyph in piece):
            rows.append([piece])
            filled, room = needed - _leading(piece) * size / 1000, measure
    _lengthen_last(rows, size)
    return [_line(row, size, first=row is rows[0], last=row is rows[-1]) for row in rows]


def draw_lines(
    canvas: Canvas, lines: Iterable[TextLine], x: float, top: float, *, size: float, leading: float, measure: float = 0
) -> None:
    """Draw lines below each other, each in the middle of its leading; `measure` as in `draw_line`."""
    for number, line in enumerate(lines):
        draw_line(canvas, line, x, top - (number + 0.5) * leading - MIDDLE * size, size=size, measure=measure)


def draw_line(canvas: Canvas, line: TextLine, x: float, y: float, *, size: float, measure: float = 0) -> None:
    """Draw with the baseline at y; `measure` justifies a line that is not its paragraph's last."""
    gaps = len(line.glyphs) - 1
    slack = measure - line.width
    stretch = 0.0
    if measure and not line.last and gaps > 0 and 0 < slack <= MOST_STRETCH * size * gaps:
        stretch = slack / gaps
    text = canvas.beginText(x - line.lead, y)
    for (font, spacing), glyphs in groupby(_spaced(line.glyphs, size, stretch), key=lambda glyph: glyph[1:]):
        text.setFont(font, size)
        text.setCharSpace(round(spacing, 3))
        text.textOut("".join(character for character, *_ in glyphs))
    text.setCharSpace(0)
    canvas.drawText(text)


def _spaced(glyphs: Sequence[Glyph], size: float, stretch: float) -> Iterator[tuple[str, str, float]]:
    for glyph in glyphs:
        squeeze = (glyph.advance - width(glyph.character, glyph.font)) * size / 1000
        yield glyph.character, glyph.font, stretch + squeeze


def _glyphs(runs: Iterable[Run], face: Typeface, bold: bool) -> list[Glyph]:
    glyphs: list[Glyph] = []
    for run in runs:
        for character in MARKED.sub(_composed, run.text.translate(INVISIBLE)):
            font, advance = _lookup(face, character, bold or run.bold)
            if font is None:
                raise MissingGlyph(character, run.text)
            if glyphs and (squeezed := _squeezed(glyphs[-1], character)):
                glyphs[-1] = squeezed
            glyphs.append(Glyph(character, font, advance))
    return glyphs


def _composed(marked: re.Match[str]) -> str:
    return normalize("NFC", marked[0])


@lru_cache(maxsize=8192)
def _lookup(face: Typeface, character: str, bold: bool) -> tuple[str | None, float]:
    font = face.font_for(character, bold=bold)
    return font, width(character, font) if font else 0.0


def _squeezed(before: Glyph, character: str) -> Glyph | None:
    """A mark gives up a blank half before the next: a closing one its own, an opening one the next one's."""
    closed = before.character in FULL_WIDTH_CLOSING and character in FULL_WIDTH_CLOSING | FULL_WIDTH_OPENING
    opened = before.character in FULL_WIDTH_OPENING and character in FULL_WIDTH_OPENING
    return Glyph(before.character, before.font, before.advance - HALF) if closed or opened else None


def _pieces(glyphs: Sequence[Glyph], size: float, measure: float) -> Iterator[list[Glyph]]:
    """What may not be parted by a line's end; what is wider than a line (an unbroken code) is parted anywhere."""
    for cluster in _clusters(glyphs):
        if _width(cluster, size) <= measure:
            yield cluster
        else:
            yield from ([glyph] for glyph in cluster)


def _clusters(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    cluster: list[Glyph] = []
    for glyph in glyphs:
        if cluster and _may_part(cluster[-1].character, glyph.character):
            yield cluster
            cluster = []
        cluster.append(glyph)
    if cluster:
        yield cluster


def _may_part(before: str, after: str) -> bool:
    if after in CLOSING or before in OPENING or after == " ":
        return False
    if before == " ":
        return True
    if "0" <= before <= "9" and after in UNITS:
        return False
    return not (_is_western(before) and _is_western(after))


def _is_western(character: str) -> bool:
    return "!" <= character <= "\u024f"


def _width(glyphs: Iterable[Glyph], size: float) -> float:
    return sum(glyph.advance for glyph in glyphs) * size / 1000


def _leading(glyphs: Sequence[Glyph]) -> float:
    """The blank that a line beginning with `glyphs` can do without."""
    return HALF if glyphs[0].character in FULL_WIDTH_OPENING else 0


def _trailing(glyphs: Sequence[Glyph]) -> float:
    """The blank that a line ending with `glyphs` can do without."""
    last = glyphs[-1]
    if last.character == " ":
        return last.advance
    return HALF if last.character in FULL_WIDTH_CLOSING and last.advance > HALF else 0


def _lengthen_last(rows: list[list[list[Glyph]]], size: float) -> None:
    """Carry over from the line before until the last line has two characters, marks not counted."""
    while len(rows) > 1 and len(rows[-2]) > 2:
        text = [glyph for piece in rows[-1] for glyph in piece if glyph.character not in CLOSING | {" "}]
        if len(text) > 1 or _width(rows[-2][-1], size) > MOST_CARRIED * size:
            return
        rows[-1].insert(0, rows[-2].pop())


def _line(row: Sequence[Sequence[Glyph]], size: float, *, first: bool, last: bool) -> TextLine:
    glyphs = [glyph for piece in row for glyph in piece]
    while len(glyphs) > 1 and glyphs[-1].character == " ":
        glyphs.pop()
    lead = 0 if first else _leading(glyphs) * size / 1000
    trail = 0 if last else _trailing(glyphs) * size / 1000
    return TextLine(tuple(glyphs), _width(glyphs, size) - lead - trail, last, lead)
