"""Texts of a report in the letter's typefaces. A letter refuses what it cannot show; a report puts a mark for it."""

from __future__ import annotations

from functools import lru_cache
from math import inf
from unicodedata import category

from reportlab.pdfgen.canvas import Canvas

from guarantees.letter.typesetting.fonts import Typeface
from guarantees.letter.typesetting.linebreaking import TextLine, break_lines, shown
from guarantees.letter.typesetting.paragraphs import draw_line, draw_lines
from guarantees.letter.wording.lines import Run

SIZE, LEADING = 8.0, 11.5
#: Stands for a character that no typeface has (示亡号).
LACKING = "〓"
#: More lines than a page could hold are cut, and say so.
MOST_LINES = 24


class Setter:
    """Sets texts with one typeface."""

    def __init__(self, face: Typeface) -> None:
        self.face = face
        self._as_printed = lru_cache(maxsize=8192)(self._character)

    def lines(self, text: str, measure: float = inf, *, size: float = SIZE, bold: bool = False) -> list[TextLine]:
        """The lines of a text in a column of that many points."""
        found = break_lines([Run(self.clean(text))], self.face, size=size, measure=measure, bold=bold)
        if len(found) > MOST_LINES:
            kept = "".join(glyph.character for line in found[: MOST_LINES - 1] for glyph in line.glyphs)
            return [*self.lines(kept, measure, size=size, bold=bold), *self.lines("…", size=size)]
        return found

    def width(self, text: str, *, size: float = SIZE, bold: bool = False) -> float:
        """Of the text on one line, in points."""
        return sum(line.width for line in self.lines(text, size=size, bold=bold))

    def write(
        self,
        canvas: Canvas,
        text: str,
        x: float,
        y: float,
        *,
        size: float = SIZE,
        align: str = "start",
        bold: bool = False,
    ) -> None:
        """One line with its baseline at y; `x` is where it starts, its middle or its end."""
        for line in self.lines(text, size=size, bold=bold):
            left = x - line.width * {"start": 0, "middle": 0.5, "end": 1}[align]
            draw_line(canvas, line, left, y, size=size)

    def figure(self, canvas: Canvas, text: str, right: float, top: float, room: float, *, bold: bool = False) -> None:
        """A figure at the right of its column: one that is too wide is set smaller, since no figure may be parted."""
        width = self.width(text, bold=bold)
        size = SIZE if width <= room else SIZE * room / width
        lines = self.lines(text, size=size, bold=bold)
        for line in lines:
            draw_lines(canvas, [line], right - line.width, top, size=size, leading=LEADING)

    def clean(self, text: str) -> str:
        return "".join(map(self._as_printed, shown(text)))

    def _character(self, character: str) -> str:
        if category(character) in ("Cc", "Zl", "Zp"):
            return " "
        return character if self.face.font_for(character, bold=False) else LACKING
