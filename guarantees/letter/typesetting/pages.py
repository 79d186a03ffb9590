"""The letter's pages: a wording, filled with its particulars, set on A4 and written as PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import groupby
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from guarantees.letter.typesetting.fonts import DRAWING, Typeface
from guarantees.letter.typesetting.footer import Area, footer
from guarantees.letter.typesetting.linebreaking import TextLine, break_lines
from guarantees.letter.typesetting.page_layout import (
    BOTTOM,
    INK,
    LEADING,
    LEFT,
    MEASURE,
    RULE,
    SIZE,
    SMALL,
    SMALL_LEADING,
    TINT,
    TOP,
    frame,
    rule,
    watermark,
)
from guarantees.letter.typesetting.paragraphs import Strip, draw_lines, paginate, paragraph
from guarantees.letter.wording.lines import Mark, Run
from guarantees.letter.wording.particulars import Paper
from guarantees.letter.wording.wordings import Block, Wording
from staff.clock import CHINA

DEMONSTRATION = "演示文件，不具法律效力 (Demonstration)"

LABELS = 121.0  # the table's column of labels, its padding included
PADDING = 7.0
BELOW_TABLE = 8.0
HIGHEST_ROW = 40  # lines: a longer one goes on in a row without a label
ITEM, ITEM_NUMBER = 5 * SIZE, 4.5 * SIZE  # where an item's text begins, and its number ends


class Box(NamedTuple):
    """A place on a page: the page from 0, then left, bottom, right and top in points."""

    page: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Pages:
    """A letter that is not signed yet, and where its visible signature belongs."""

    content: bytes
    seal: Box  # a round or square seal, pressed over the issuer's name and date
    frame: Box  # a frame around them, where there is no seal


def draw(paper: Paper, wording: Wording, *, face: Typeface, mark: str = "") -> Pages:
    """The paper as PDF, the same bytes for equal particulars, wording and mark.

    A mark (样本) stands across each page and at its head, so that nobody takes the paper for a valid one.
    Raises MissingGlyph for a character that no font has, WordingError where a sentence lacks a value.
    """
    blocks = wording.compose(paper.placeholders())
    marks = [*filter(None, (mark, DEMONSTRATION if paper.demonstration else ""))]
    with DRAWING:
        last = footer([block for block in blocks if block.mark is Mark.FOOTER], paper, face)
        strips = list(_strips(paper, blocks, face))
        with_foot = [replace(strip, keep=True) for strip in strips[-2:]]  # nobody signs a page that says nothing
        pages = paginate([*strips[:-2], *with_foot, last.strip], TOP - BOTTOM)
        output = BytesIO()
        canvas = _canvas(output, paper, blocks, face, mark)
        for number, page in enumerate(pages, start=1):
            for strip, depth in page:
                canvas.setFillColorRGB(*INK)
                strip.draw(canvas, TOP - depth)
            page_of = f"第 {number} 页  共 {len(pages)} 页"
            frame(canvas, f"{paper.number}  ·  验证码 {paper.verification_code}  ·  {page_of}", face)
            if marks:
                watermark(canvas, marks, face)
            canvas.showPage()
        canvas.save()
    _strip, depth = pages[-1][-1]
    seal, around = (_box(area, page=len(pages) - 1, top=TOP - depth) for area in (last.seal, last.frame))
    return Pages(output.getvalue(), seal, around)


def _box(area: Area, *, page: int, top: float) -> Box:
    top -= area.drop
    return Box(page, area.left, top - area.height, area.left + area.width, top)


def _canvas(output: BytesIO, paper: Paper, blocks: Iterable[Block], face: Typeface, mark: str) -> Canvas:
    title = "".join(run.text for block in blocks if block.mark is Mark.TITLE for run in block.runs)
    subject = paper.subject.encode("utf-8", "ignore").decode()  # a lone surrogate, which no PDF can hold
    canvas = Canvas(output, pagesize=A4, pageCompression=1, invariant=1, lang="zh-CN", initialFontName=face.regular)
    canvas.setTitle(f"{title} {paper.number}{f'（{mark}）' if mark else ''}")
    canvas.setAuthor(paper.institution_name)
    canvas.setSubject(subject)
    canvas.setCreator("guarantee-desk")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    issued = paper.issued_at.astimezone(CHINA).strftime("D:%Y%m%d%H%M%S+08'00'")
    canvas.setDateFormatter(lambda *_today: issued)
    return canvas


def _strips(paper: Paper, blocks: Sequence[Block], face: Typeface) -> Iterator[Strip]:
    """The whole letter, from its title to what stands before the footer."""
    for block in blocks:
        if block.mark in (Mark.TITLE, Mark.SUBTITLE):
            yield from _heading(block, face)
    yield _head(paper, face)
    body = [block for block in blocks if block.mark not in (Mark.TITLE, Mark.SUBTITLE, Mark.FOOTER)]
    for is_row, group in groupby(body, key=lambda block: block.mark is Mark.ROW):
        if is_row:
            yield from _table(list(group), face)
        else:
            texts = list(group)
            pairs = zip(texts, [*texts[1:], None], strict=True)
            strips = [strip for block, after in pairs for strip in _text(block, after, face)]
            if strips:  # of text of which nothing is seen, none
                yield replace(strips[0], before=max(strips[0].before, BELOW_TABLE))
            yield from strips[1:]


def _heading(block: Block, face: Typeface) -> Iterator[Strip]:
    title = block.mark is Mark.TITLE
    size, leading = (24.0, 38.0) if title else (13.0, 24.0)
    for line in break_lines(block.runs, face, size=size, measure=MEASURE, bold=title):
        yield from paragraph(
            [line], LEFT + (MEASURE - line.width) / 2, size=size, leading=leading, measure=0, keep=True
        )


def _head(paper: Paper, face: Typeface) -> Strip:
    """Number, verification code and date between two rules: side by side where they fit, else below each other."""
    texts = (
        f"{paper.noun}编号：{paper.number}",
        f"验证码：{paper.verification_code}",
        f"签发日期：{paper.placeholders()['issued_on']}",
    )
    lines = [line for text in texts for line in break_lines([Run(text)], face, size=SMALL, measure=MEASURE)]
    abreast = len(lines) == len(texts) and sum(line.width for line in lines) <= MEASURE - 4 * SIZE
    height = (1 if abreast else len(lines)) * SMALL_LEADING + 10

    def paint(canvas: Canvas, top: float) -> None:
        rule(canvas, top, 1.2, INK)
        rule(canvas, top - height, 0.4, INK)
        text = partial(draw_lines, canvas, size=SMALL, leading=SMALL_LEADING)
        if not abreast:
            text(lines, LEFT, top - 5)
            return
        number, code, date = lines
        gap = (MEASURE - number.width - code.width - date.width) / 2
        text([number], LEFT, top - 5)
        text([code], LEFT + number.width + gap, top - 5)
        text([date], LEFT + MEASURE - date.width, top - 5)

    return Strip(height, paint, before=12, keep=True)


def _text(block: Block, after: Block | None, face: Typeface) -> list[Strip]:
    runs, bold = block.runs, block.mark in (Mark.ADDRESSEE, Mark.CLAUSE)
    x, indent, before = LEFT, 0.0, 0.0
    if block.mark is Mark.ADDRESSEE:
        before = 18.0
    elif block.mark is Mark.CLAUSE:
        runs, before = (Run(f"{numeral(block.ordinal)}、"), *runs), 8.0
    elif block.mark is Mark.ITEM:
        x = LEFT + ITEM
    else:
        indent = 2 * SIZE
    measure = MEASURE - (x - LEFT)
    lines = break_lines(runs, face, size=SIZE, measure=measure, indent=indent, bold=bold)
    strips = paragraph(lines, x, size=SIZE, leading=LEADING, measure=measure, indent=indent, before=before, keep=bold)
    if not strips:
        return []  # of a value nothing is left that can be seen
    if after and after.mark is Mark.ITEM and block.mark is not Mark.ITEM:
        strips[-1] = replace(strips[-1], keep=True)  # what announces the items stands with the first
    if block.mark is Mark.ITEM:
        (label,) = break_lines([Run(f"（{numeral(block.ordinal)}）")], face, size=SIZE, measure=measure)
        strips[0] = _beside(strips[0], label)
    return strips


def _beside(strip: Strip, label: TextLine) -> Strip:
    """An item's first line with its number before it."""

    def paint(canvas: Canvas, top: float) -> None:
        draw_lines(canvas, [label], LEFT + ITEM_NUMBER - label.width, top, size=SIZE, leading=LEADING)
        strip.draw(canvas, top)

    return replace(strip, draw=paint)


def _table(rows: Sequence[Block], face: Typeface) -> Iterator[Strip]:
    for index, row in enumerate(rows):
        labels = break_lines(row.label, face, size=SMALL, measure=LABELS - 2 * PADDING)
        values = break_lines(row.runs, face, size=SMALL, measure=MEASURE - LABELS - 2 * PADDING)
        for start in range(0, max(len(labels), len(values)), HIGHEST_ROW):
            cells = labels[start : start + HIGHEST_ROW], values[start : start + HIGHEST_ROW]
            height = max(map(len, cells)) * SMALL_LEADING + PADDING
            paint = partial(_paint_row, cells=cells, height=height)
            yield Strip(height, paint, before=0 if index or start else 8, keep=index in (0, len(rows) - 2))


def _paint_row(
    canvas: Canvas, top: float, *, cells: tuple[Sequence[TextLine], Sequence[TextLine]], height: float
) -> None:
    canvas.setFillColorRGB(*TINT)
    canvas.rect(LEFT, top - height, LABELS, height, stroke=0, fill=1)
    canvas.setStrokeColorRGB(*RULE)
    canvas.setLineWidth(0.5)
    canvas.rect(LEFT, top - height, MEASURE, height)
    canvas.line(LEFT + LABELS, top, LEFT + LABELS, top - height)
    canvas.setFillColorRGB(*INK)
    for lines, x, room in zip(cells, (LEFT, LEFT + LABELS), (LABELS, MEASURE - LABELS), strict=True):
        measure = room - 2 * PADDING
        draw_lines(canvas, lines, x + PADDING, top - PADDING / 2, size=SMALL, leading=SMALL_LEADING, measure=measure)


def numeral(number: int) -> str:
    """1 to 999 as 一 to 九百九十九."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if number < 20 else digits[tens]) + "十"
    elif hundreds and ones:
        words += digits[0]
    return words + (digits[ones] if ones else "")
