"""Lines of Chinese text: broken where the rules of the script allow, justified, drawn.

The rules (GB/T 15834, 禁则): no line begins with closing punctuation, none ends with opening punctuation; numbers and
Latin words stay whole; two full-width marks in a row share one blank half.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from reportlab.pdfgen.canvas import Canvas

from guarantees.letter.fonts import MissingGlyph, Typeface, width
from guarantees.letter.wording import Run

CLOSING = frozenset("，。、；：？！）》〉】〕」』”’％‰…—～·,.;:?!)]}%")
OPENING = frozenset("（《〈【〔「『“‘([{¥￥")
FULL_WIDTH_CLOSING = frozenset("，。、；：？！）》〉】〕」』”’")
FULL_WIDTH_OPENING = frozenset("（《〈【〔「『“‘")
MOST_STRETCH = 0.35  # of the size, between two characters: beyond it a short line stays ragged


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


def break_lines(
    runs: Iterable[Run], face: Typeface, *, size: float, measure: float, indent: float = 0, bold: bool = False
) -> list[TextLine]:
    """The lines of one paragraph, `measure` points wide, the first `indent` points narrower.

    Raises MissingGlyph.
    """
    lines: list[TextLine] = []
    current: list[Glyph] = []
    filled, room = 0.0, measure - indent
    for cluster in _clusters(_glyphs(runs, face, bold)):
        needed = _width(cluster, size)
        # What is wider than a whole line (a long address, an unbroken code) is broken anywhere.
        pieces = [cluster] if needed <= measure else [[glyph] for glyph in cluster]
        for piece in pieces:
            needed = _width(piece, size)
            trailing = piece[-1].advance * size / 1000 if piece[-1].character == " " else 0
            if current and filled + needed - trailing > room + 1e-6:
                lines.append(_line(current, size, last=False))
                current, filled, room = [], 0.0, measure
                if all(glyph.character == " " for glyph in piece):
                    continue
            current += piece
            filled += needed
    if current:
        lines.append(_line(current, size, last=True))
    return lines


def draw_line(canvas: Canvas, line: TextLine, x: float, y: float, *, size: float, measure: float = 0) -> None:
    """Draw with the baseline at y; `measure` justifies a line that is not its paragraph's last."""
    gaps = len(line.glyphs) - 1
    slack = measure - line.width
    stretch = 0.0
    if measure and not line.last and gaps > 0 and 0 < slack <= MOST_STRETCH * size * gaps:
        stretch = slack / gaps
    text = canvas.beginText(x, y)
    for (font, spacing), glyphs in groupby(_spaced(line.glyphs, size, stretch), key=lambda pair: pair[1:]):
        text.setFont(font, size)
        text.setCharSpace(round(spacing, 3))
        text.textOut("".join(glyph for glyph, *_ in glyphs))
    text.setCharSpace(0)
    canvas.drawText(text)


def _spaced(glyphs: Sequence[Glyph], size: float, stretch: float) -> Iterator[tuple[str, str, float]]:
    for glyph in glyphs:
        squeeze = (glyph.advance - width(glyph.character, glyph.font)) * size / 1000
        yield glyph.character, glyph.font, stretch + squeeze


def _glyphs(runs: Iterable[Run], face: Typeface, bold: bool) -> list[Glyph]:
    glyphs: list[Glyph] = []
    for run in runs:
        for character in run.text:
            font, advance = _lookup(face, character, bold or run.bold)
            if font is None:
                raise MissingGlyph(character, run.text)
            if glyphs and (squeezed := _squeezed(glyphs[-1], character)):
                glyphs[-1] = squeezed
            glyphs.append(Glyph(character, font, advance))
    return glyphs


@lru_cache(maxsize=8192)
def _lookup(face: Typeface, character: str, bold: bool) -> tuple[str | None, float]:
    font = face.font_for(character, bold=bold)
    return font, width(character, font) if font else 0.0


def _squeezed(before: Glyph, character: str) -> Glyph | None:
    """A closing mark gives up its blank half before another mark."""
    if before.character in FULL_WIDTH_CLOSING and character in FULL_WIDTH_CLOSING | FULL_WIDTH_OPENING:
        return Glyph(before.character, before.font, before.advance - 500)
    return None


def _clusters(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """What may not be parted by a line's end."""
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
    return not (_is_western(before) and _is_western(after))


def _is_western(character: str) -> bool:
    return "!" <= character <= "\u024f"


def _width(glyphs: Iterable[Glyph], size: float) -> float:
    return sum(glyph.advance for glyph in glyphs) * size / 1000


def _line(glyphs: list[Glyph], size: float, *, last: bool) -> TextLine:
    while glyphs and glyphs[-1].character == " ":
        glyphs.pop()
    return TextLine(tuple(glyphs), _width(glyphs, size), last)
