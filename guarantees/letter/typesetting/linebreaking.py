"""Where the lines of a Chinese paragraph end.

The rules (GB/T 15834, 禁则): no line begins with closing punctuation, none ends with opening punctuation; numbers and
Latin words stay whole, and a number with its unit; two full-width marks in a row share one blank half, and a mark at
a line's edge gives its own up; no paragraph ends with a line of one character. Among the ways to keep them, the one
whose lines need the least stretching.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import inf
from unicodedata import normalize

from guarantees.letter.typesetting.fonts import MissingGlyph, Typeface, width
from guarantees.letter.wording.lines import Run

CLOSING = frozenset("，。、；：？！）》〉】〗〕］｝」』”’％‰℃°′″…—～－／．·々ー,.;:?!)]}%/-–")
OPENING = frozenset("（《〈【〖〔［｛「『“‘([{¥￥$＄£№#/-–")
MARKS = CLOSING | OPENING | {" "}
FULL_WIDTH_CLOSING = frozenset("，。、；：？！）》〉】〗〕］｝」』”’．")
FULL_WIDTH_OPENING = frozenset("（《〈【〖〔［｛「『“‘")
UNITS = frozenset("年月日时分秒天周期元万亿个号层室条款项次批％℃")  # stay with the figure before them
# Left out without loss: breaks, joins and hints of direction that nobody sees in a text from left to right; and which
# of several shapes of one character is meant.
INVISIBLE = dict.fromkeys(
    [
        *map(ord, "\u00ad\u200b\u200c\u200d\u200e\u202a\u202c\u202d\u2060\u2066\u2068\u2069\ufeff"),
        *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),
    ]
)
MARKED = re.compile(r".[\u0300-\u036f\u3099\u309a]+")  # a character with marks upon it, which may be one character

# In thousandths of the size:
HALF = 500  # the blank half of a full-width mark
LONGEST_WHOLE = 20_000  # a code or a Latin word beyond it is parted like any other text
LOOSE = 5_000  # a line that lacks more is considered only where no other way is left
NEVER = 1e6  # the cost of a last line of one character


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with its font and its advance in thousandths of the size, of which so much was taken away."""

    character: str
    font: str
    advance: float
    squeezed: float = 0


@dataclass(frozen=True, slots=True)
class TextLine:
    """One set line, its natural width in points."""

    glyphs: tuple[Glyph, ...]
    width: float
    last: bool  # of its paragraph: not justified
    lead: float = 0.0  # the blank before its first mark, which hangs out to the left


Piece = Sequence[Glyph]  # what no line's end parts


def break_lines(
    runs: Iterable[Run], face: Typeface, *, size: float, measure: float, indent: float = 0, bold: bool = False
) -> list[TextLine]:
    """The lines of one paragraph, `measure` points wide, the first `indent` points narrower.

    Raises MissingGlyph.
    """
    return [*_lines(tuple(runs), face, size, measure, indent, bold)]


@lru_cache(maxsize=512)  # of a few letters: most of what one says, its preview and the next letter say as well
def _lines(
    runs: tuple[Run, ...], face: Typeface, size: float, measure: float, indent: float, bold: bool
) -> tuple[TextLine, ...]:
    room, first_room = measure * 1000 / size, (measure - indent) * 1000 / size
    pieces = list(_pieces(_glyphs(runs, face, bold), first_room))
    begins = _line_begins(pieces, first_room + 0.01, room + 0.01) if pieces else []
    lines = []
    for begin, end in zip(begins, [*begins[1:], len(pieces)], strict=False):
        row = [glyph for piece in pieces[begin:end] for glyph in piece]
        lines.append(_line(row, size, first=not begin, last=end == len(pieces), room=room if begin else first_room))
    return tuple(lines)


def is_western(character: str) -> bool:
    """Latin letters, figures and their marks, the blank not among them."""
    return "!" <= character <= "\u024f"


def _line_begins(pieces: Sequence[Piece], first_room: float, room: float) -> list[int]:
    """The piece with which each line begins, so that the squares of what its gaps are stretched by add up to least."""
    count = len(pieces)
    before = [0.0, *accumulate(_width(piece) for piece in pieces)]
    if before[count] <= first_room:
        return [0]
    begin_at = [before[0] - room + first_room, *(before[i] + _leading(pieces[i]) for i in range(1, count))]
    end_at = [before[i + 1] - _trailing(pieces[i]) for i in range(count)]
    cost, came_from = [0.0] + [inf] * count, [0] * (count + 1)
    too_late = _last_character(pieces)  # for the last line to begin
    first = 0  # with which a line to the present end may begin
    for end in range(1, count + 1):
        limit = end_at[end - 1] - room
        while first < end - 1 and begin_at[first] < limit:
            first += 1
        for begin in range(first, end):
            slack = begin_at[begin] - limit
            if end == count:
                total = cost[begin] + (NEVER if 0 < too_late <= begin else 0)
            elif slack > LOOSE and begin > first:
                break
            else:
                stretch = slack / (end - begin) / 1000
                total = cost[begin] + stretch * stretch
            if total < cost[end]:
                cost[end], came_from[end] = total, begin
    begins = [came_from[count]]
    while begins[0]:
        begins.insert(0, came_from[begins[0]])
    return begins


def _last_character(pieces: Sequence[Piece]) -> int:
    """The first piece after which at most one character stands, marks not counted."""
    characters = 0
    for index in range(len(pieces) - 1, -1, -1):
        characters += sum(glyph.character not in MARKS for glyph in pieces[index])
        if characters > 1:
            return index + 1
    return 0


def _glyphs(runs: Iterable[Run], face: Typeface, bold: bool) -> list[Glyph]:
    glyphs: list[Glyph] = []
    for run in runs:
        for character in shown(run.text):
            glyph = _glyph(face, character, bold or run.bold)
            if glyph is None:
                raise MissingGlyph(character, run.text)
            if glyphs and _shares_blank(glyphs[-1].character, character):
                before = glyphs[-1]
                glyphs[-1] = Glyph(before.character, before.font, before.advance - HALF, HALF)
            glyphs.append(glyph)
    return glyphs


def shown(text: str) -> str:
    """`text` as it is printed: without what nobody sees, a letter and the mark upon it as one character."""
    return MARKED.sub(_composed, text.translate(INVISIBLE))


def _composed(marked: re.Match[str]) -> str:
    return normalize("NFC", marked[0])


@lru_cache(maxsize=8192)
def _glyph(face: Typeface, character: str, bold: bool) -> Glyph | None:
    font = face.font_for(character, bold=bold)
    return Glyph(character, font, width(character, font)) if font else None


def _shares_blank(before: str, after: str) -> bool:
    """A mark gives up a blank half before the next: a closing one its own, an opening one the next one's."""
    if before in FULL_WIDTH_CLOSING:
        return after in FULL_WIDTH_CLOSING or after in FULL_WIDTH_OPENING
    return before in FULL_WIDTH_OPENING and after in FULL_WIDTH_OPENING


def _pieces(glyphs: Sequence[Glyph], room: float) -> Iterator[Piece]:
    """What may not be parted by a line's end; what is too long for that is parted where no mark stands in the way."""
    for cluster in _parted(glyphs, _may_part):
        if _width(cluster) <= min(room, LONGEST_WHOLE):
            yield cluster
            continue
        for part in _parted(cluster, _may_part_if_needed):
            if _width(part) <= room:
                yield part
            else:  # nothing but marks, or a mark at every other place
                yield from _parted(part, _may_part_after_all)


def _parted(glyphs: Sequence[Glyph], may_part: Callable[[str, str], bool]) -> Iterator[list[Glyph]]:
    cluster: list[Glyph] = []
    for glyph in glyphs:
        if cluster and may_part(cluster[-1].character, glyph.character):
            yield cluster
            cluster = []
        cluster.append(glyph)
    if cluster:
        yield cluster


def _may_part(before: str, after: str) -> bool:
    if not _may_part_if_needed(before, after):
        return False
    if before == " ":
        return True
    if ("0" <= before <= "9" and after in UNITS) or (before == "第" and "0" <= after <= "9"):
        return False
    return not (is_western(before) and is_western(after))


def _may_part_if_needed(before: str, after: str) -> bool:
    return after not in CLOSING and before not in OPENING and after != " "


def _may_part_after_all(before: str, after: str) -> bool:
    """Not after a hyphen: whoever copies the text would lose it, as one that stands where a word is parted."""
    return before != "-" or after == "-"


def _width(glyphs: Iterable[Glyph]) -> float:
    return sum(glyph.advance for glyph in glyphs)


def _leading(glyphs: Sequence[Glyph]) -> float:
    """The blank that a line beginning with `glyphs` can do without."""
    return HALF if glyphs[0].character in FULL_WIDTH_OPENING else 0


def _trailing(glyphs: Sequence[Glyph]) -> float:
    """The blank that a line ending with `glyphs` can do without."""
    last = glyphs[-1]
    if last.character == " ":
        return last.advance
    return HALF if last.character in FULL_WIDTH_CLOSING and not last.squeezed else 0


def _line(row: list[Glyph], size: float, *, first: bool, last: bool, room: float) -> TextLine:
    while len(row) > 1 and row[-1].character == " ":
        row.pop()
    lead = 0 if first else _leading(row)
    natural = _width(row) - lead
    if not last or natural > room:
        natural -= _trailing(row)
    return TextLine(tuple(row), natural * size / 1000, last, lead * size / 1000)
