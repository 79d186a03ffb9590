"""The A4 page: its measures and colours, the line at its bottom and the marks across it."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from guarantees.letter.typesetting.fonts import Typeface
from guarantees.letter.typesetting.linebreaking import break_lines
from guarantees.letter.typesetting.paragraphs import draw_line
from guarantees.letter.wording.lines import Run

WIDTH, HEIGHT = A4
SIZE, LEADING = 10.5, 16.8
MEASURE = 43 * SIZE  # a whole number of characters: full lines need no stretching
LEFT = (WIDTH - MEASURE) / 2
TOP, BOTTOM = HEIGHT - 66, 64
SMALL, SMALL_LEADING = 9.5, 15.0  # the table, the head and the footer

DIAGONAL = 700.0  # the longest mark across a page
LARGEST_MARK = 150.0
MARK_DESCENT = 0.12  # of its size: how far a character reaches below its baseline

Colour = tuple[float, float, float]
INK: Colour = (0.08, 0.08, 0.1)
GREY: Colour = (0.38, 0.4, 0.43)
RULE: Colour = (0.62, 0.66, 0.7)
TINT: Colour = (0.953, 0.96, 0.968)
RED: Colour = (0.7, 0.1, 0.1)


def frame(canvas: Canvas, footer: str, face: Typeface) -> None:
    rule(canvas, 50, 0.5, RULE)
    canvas.setFillColorRGB(*GREY)
    centred(canvas, footer, face, middle=WIDTH / 2, y=36, size=min(8.5, MEASURE / width(footer, face)))


def watermark(canvas: Canvas, marks: Sequence[str], face: Typeface) -> None:
    canvas.setFillColorRGB(*RED)
    centred(canvas, "  ·  ".join(marks), face, middle=WIDTH / 2, y=HEIGHT - 42, size=SMALL)
    canvas.saveState()
    canvas.setFillAlpha(0.08)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(52)
    # Whoever extracts the text finds it once, at the page's head, and not letter by letter between the lines.
    canvas.addLiteral("/Span <</ActualText ()>> BDC")
    sizes = [min(LARGEST_MARK, DIAGONAL / width(mark, face)) for mark in marks]
    y = sum(sizes) / 2
    for mark, size in zip(marks, sizes, strict=True):
        y -= size
        centred(canvas, mark, face, middle=0, y=y + MARK_DESCENT * size, size=size)
    canvas.addLiteral("EMC")
    canvas.restoreState()


def centred(canvas: Canvas, text: str, face: Typeface, *, middle: float, y: float, size: float) -> None:
    for line in break_lines([Run(text)], face, size=size, measure=inf):
        draw_line(canvas, line, middle - line.width / 2, y, size=size)


def width(text: str, face: Typeface) -> float:
    """The width of one line of text at the size 1."""
    return sum(line.width for line in break_lines([Run(text)], face, size=1, measure=inf))


def rule(canvas: Canvas, y: float, thickness: float, colour: Colour) -> None:
    canvas.setStrokeColorRGB(*colour)
    canvas.setLineWidth(thickness)
    canvas.line(LEFT, y, LEFT + MEASURE, y)
