"""The letter's pages: a wording, filled with its particulars, set on A4 and written as PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import groupby
from typing import NamedTuple

from reportlab.graphics.barcode import qrencoder
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from guarantees.letter.fonts import DRAWING, Typeface
from guarantees.letter.lines import Mark, Run
from guarantees.letter.particulars import Paper
from guarantees.letter.typesetting import Strip, TextLine, break_lines, draw_line, draw_lines, paginate, paragraph
from guarantees.letter.wording import Block, Wording
from protocol.chinatime import CHINA

DEMONSTRATION = "演示保函，不具法律效力 (Demonstration)"
CAPTION = "扫描二维码，或者打开下列网址，查验本{noun}的真实性和现时状态："

WIDTH, HEIGHT = A4
SIZE, LEADING = 10.5, 16.8
MEASURE = 43 * SIZE  # a whole number of characters: full lines need no stretching
LEFT = (WIDTH - MEASURE) / 2
TOP, BOTTOM = HEIGHT - 66, 64
SMALL, SMALL_LEADING = 9.5, 15.0  # the table, the head and the foot
LABELS = 121.0  # the table's column of labels, its padding included
PADDING = 7.0
FOOT_LABELS = 94.0
QR_CODE = 76.0
DIAGONAL = 700.0  # the longest mark across a page
LARGEST_MARK = 150.0
MARK_DESCENT = 0.12  # of its size: how far a character reaches below its baseline
SEAL = 113.4  # 40 mm, the width of a company's seal
SEAL_DROP = 14.0  # from the top of the foot

Colour = tuple[float, float, float]
INK: Colour = (0.08, 0.08, 0.1)
GREY: Colour = (0.38, 0.4, 0.43)
RULE: Colour = (0.62, 0.66, 0.7)
TINT: Colour = (0.953, 0.96, 0.968)
RED: Colour = (0.7, 0.1, 0.1)


class SealBox(NamedTuple):
    """Where the visible seal belongs: the page from 0, then left, bottom, right and top in points."""

    page: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Pages:
    """A letter that is not signed yet."""

    content: bytes
    seal: SealBox


def draw(paper: Paper, wording: Wording, *, face: Typeface, mark: str = "") -> Pages:
    """The paper as PDF, the same bytes for equal particulars, wording and mark.

    A mark (样本) stands across each page and at its head, so that nobody takes the paper for a valid one.
    Raises MissingGlyph for a character that no font has, WordingError where a sentence lacks a value.
    """
    blocks = wording.compose(paper.placeholders())
    marks = [*filter(None, (mark, DEMONSTRATION if paper.demonstration else ""))]
    with DRAWING:
        pages = paginate(_strips(paper, blocks, face), TOP - BOTTOM)
        output = BytesIO()
        canvas = _canvas(output, paper, blocks, face, mark)
        for number, page in enumerate(pages, start=1):
            for strip, depth in page:
                canvas.setFillColorRGB(*INK)
                strip.draw(canvas, TOP - depth)
            _frame(canvas, f"{paper.number}  ·  第 {number} 页  共 {len(pages)} 页", face)
            if marks:
                _watermark(canvas, marks, face)
            canvas.showPage()
        canvas.save()
    _foot, depth = pages[-1][-1]
    top, right = TOP - depth - SEAL_DROP, LEFT + MEASURE
    return Pages(output.getvalue(), SealBox(len(pages) - 1, right - SEAL, top - SEAL, right, top))


def _canvas(output: BytesIO, paper: Paper, blocks: Iterable[Block], face: Typeface, mark: str) -> Canvas:
    title = "".join(run.text for block in blocks if block.mark is Mark.TITLE for run in block.runs)
    canvas = Canvas(output, pagesize=A4, pageCompression=1, invariant=1, lang="zh-CN", initialFontName=face.regular)
    canvas.setTitle(f"{title} {paper.number}{f'（{mark}）' if mark else ''}")
    canvas.setAuthor(paper.institution_name)
    canvas.setSubject(paper.subject)
    canvas.setCreator("guarantee-desk")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    issued = paper.issued_at.astimezone(CHINA).strftime("D:%Y%m%d%H%M%S+08'00'")
    canvas.setDateFormatter(lambda *_today: issued)
    return canvas


def _frame(canvas: Canvas, footer: str, face: Typeface) -> None:
    _rule(canvas, 50, 0.5, RULE)
    canvas.setFillColorRGB(*GREY)
    _centred(canvas, footer, face, middle=WIDTH / 2, y=36, size=8.5)


def _watermark(canvas: Canvas, marks: Sequence[str], face: Typeface) -> None:
    canvas.setFillColorRGB(*RED)
    _centred(canvas, "  ·  ".join(marks), face, middle=WIDTH / 2, y=HEIGHT - 42, size=SMALL)
    canvas.saveState()
    canvas.setFillAlpha(0.08)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(52)
    # Whoever extracts the text finds it once, at the page's head, and not letter by letter between the lines.
    canvas.addLiteral("/Span <</ActualText ()>> BDC")
    sizes = [min(LARGEST_MARK, DIAGONAL / _width(mark, face)) for mark in marks]
    y = sum(sizes) / 2
    for mark, size in zip(marks, sizes, strict=True):
        y -= size
        _centred(canvas, mark, face, middle=0, y=y + MARK_DESCENT * size, size=size)
    canvas.addLiteral("EMC")
    canvas.restoreState()


def _centred(canvas: Canvas, text: str, face: Typeface, *, middle: float, y: float, size: float) -> None:
    (line,) = break_lines([Run(text)], face, size=size, measure=float("inf"))
    draw_line(canvas, line, middle - line.width / 2, y, size=size)


def _width(text: str, face: Typeface) -> float:
    """The width of one line of text at the size 1."""
    return sum(line.width for line in break_lines([Run(text)], face, size=1, measure=float("inf")))


def _rule(canvas: Canvas, y: float, thickness: float, colour: Colour) -> None:
    canvas.setStrokeColorRGB(*colour)
    canvas.setLineWidth(thickness)
    canvas.line(LEFT, y, LEFT + MEASURE, y)


def _strips(paper: Paper, blocks: Sequence[Block], face: Typeface) -> Iterator[Strip]:
    """The whole letter from the title to the foot; the last text stands on the foot's page."""
    for block in blocks:
        if block.mark in (Mark.TITLE, Mark.SUBTITLE):
            yield from _heading(block, face)
    yield _head(paper, face)
    body = [block for block in blocks if block.mark not in (Mark.TITLE, Mark.SUBTITLE, Mark.FOOT)]
    for is_row, group in groupby(body, key=lambda block: block.mark is Mark.ROW):
        if is_row:
            yield from _table(list(group), face)
        else:
            texts = list(group)
            for block, after in zip(texts, [*texts[1:], None], strict=True):
                yield from _text(block, after, face, last=block is body[-1])
    yield _foot([block for block in blocks if block.mark is Mark.FOOT], paper, face)


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
        _rule(canvas, top, 1.2, INK)
        _rule(canvas, top - height, 0.4, INK)
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


def _text(block: Block, after: Block | None, face: Typeface, *, last: bool) -> list[Strip]:
    runs, bold = block.runs, block.mark in (Mark.ADDRESSEE, Mark.CLAUSE)
    x, indent, before = LEFT, 0.0, 0.0
    if block.mark is Mark.ADDRESSEE:
        before = 18.0
    elif block.mark is Mark.CLAUSE:
        runs, before = (Run(f"{numeral(block.ordinal)}、"), *runs), 8.0
    elif block.mark is Mark.ITEM:
        x = LEFT + 5 * SIZE
    else:
        indent = 2 * SIZE
    measure = MEASURE - (x - LEFT)
    lines = break_lines(runs, face, size=SIZE, measure=measure, indent=indent, bold=bold)
    strips = paragraph(
        lines, x, size=SIZE, leading=LEADING, measure=measure, indent=indent, before=before, keep=last or bold
    )
    if after and after.mark is Mark.ITEM and block.mark is not Mark.ITEM:
        strips[-1] = replace(strips[-1], keep=True)  # what announces the items stands with the first
    if block.mark is Mark.ITEM:
        label = break_lines([Run(f"（{numeral(block.ordinal)}）")], face, size=SIZE, measure=measure)
        strips[0] = _beside(strips[0], label)
    return strips


def _beside(strip: Strip, label: Sequence[TextLine]) -> Strip:
    """An item's first line with its number before it, whose first mark's blank half hangs out."""

    def paint(canvas: Canvas, top: float) -> None:
        draw_lines(canvas, label, LEFT + 1.5 * SIZE, top, size=SIZE, leading=LEADING)
        strip.draw(canvas, top)

    return replace(strip, draw=paint)


def _table(rows: Sequence[Block], face: Typeface) -> Iterator[Strip]:
    for index, row in enumerate(rows):
        labels = break_lines(row.label, face, size=SMALL, measure=LABELS - 2 * PADDING)
        values = break_lines(row.runs, face, size=SMALL, measure=MEASURE - LABELS - 2 * PADDING)
        height = max(len(labels), len(values)) * SMALL_LEADING + PADDING
        paint = partial(_paint_row, labels=labels, values=values, height=height)
        yield Strip(height, paint, before=0 if index else 8, keep=index in (0, len(rows) - 2))


def _paint_row(
    canvas: Canvas, top: float, *, labels: Sequence[TextLine], values: Sequence[TextLine], height: float
) -> None:
    canvas.setFillColorRGB(*TINT)
    canvas.rect(LEFT, top - height, LABELS, height, stroke=0, fill=1)
    canvas.setStrokeColorRGB(*RULE)
    canvas.setLineWidth(0.5)
    canvas.rect(LEFT, top - height, MEASURE, height)
    canvas.line(LEFT + LABELS, top, LEFT + LABELS, top - height)
    canvas.setFillColorRGB(*INK)
    for lines, x, room in ((labels, LEFT, LABELS), (values, LEFT + LABELS, MEASURE - LABELS)):
        measure = room - 2 * PADDING
        draw_lines(canvas, lines, x + PADDING, top - PADDING / 2, size=SMALL, leading=SMALL_LEADING, measure=measure)


def _foot(blocks: Sequence[Block], paper: Paper, face: Typeface) -> Strip:
    """Who answers for the letter, room for the seal beside it, and how to verify it: never parted."""
    room = MEASURE - SEAL - 16 - FOOT_LABELS
    rows = []
    for index, block in enumerate(blocks):
        labels = break_lines(block.label, face, size=SMALL, measure=FOOT_LABELS - 6)
        values = break_lines(block.runs, face, size=SMALL, measure=room, bold=index == 0)
        rows.append((labels, values, max(len(labels), len(values)) * SMALL_LEADING + 3.5))
    upper = max(sum(height for *_lines, height in rows), SEAL) + SEAL_DROP + 14
    beside = MEASURE - FOOT_LABELS
    caption = break_lines([Run(CAPTION.format(noun=paper.noun))], face, size=SMALL, measure=beside)
    address = break_lines([Run(paper.verification_url)], face, size=8.5, measure=beside)
    told = (len(caption) + len(address)) * SMALL_LEADING

    def paint(canvas: Canvas, top: float) -> None:
        _rule(canvas, top, 0.8, INK)
        text = partial(draw_lines, canvas, size=SMALL, leading=SMALL_LEADING)
        y = top - SEAL_DROP
        for labels, values, height in rows:
            canvas.setFillColorRGB(*GREY)
            text(labels, LEFT, y)
            canvas.setFillColorRGB(*INK)
            text(values, LEFT + FOOT_LABELS, y, measure=room)
            y -= height
        y = top - upper
        canvas.setFillColorRGB(0, 0, 0)
        _qr_code(canvas, paper.verification_url, LEFT, y - QR_CODE)
        canvas.setFillColorRGB(*INK)
        y -= max(0.0, (QR_CODE - told) / 2)
        text(caption, LEFT + FOOT_LABELS, y, measure=beside)
        canvas.setFillColorRGB(*GREY)
        text(address, LEFT + FOOT_LABELS, y - len(caption) * SMALL_LEADING, size=8.5)

    return Strip(upper + max(QR_CODE, told), paint, before=18)


def _qr_code(canvas: Canvas, text: str, x: float, y: float) -> None:
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    module = QR_CODE / code.getModuleCount()
    path = canvas.beginPath()  # one path, so that no seams show between the modules
    for row, modules in enumerate(code.modules):
        for column, dark in enumerate(modules):
            if dark:
                path.rect(x + column * module, y + QR_CODE - (row + 1) * module, module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def numeral(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")
