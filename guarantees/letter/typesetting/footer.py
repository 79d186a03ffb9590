"""The footer of a paper: whose it is, with room for the seal over name and date (骑年盖月), and how to verify it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import groupby
from typing import NamedTuple

from reportlab.graphics.barcode import qrencoder
from reportlab.pdfgen.canvas import Canvas

from guarantees.letter.typesetting.fonts import Typeface
from guarantees.letter.typesetting.linebreaking import TextLine, break_lines
from guarantees.letter.typesetting.page_layout import GREY, INK, LEFT, MEASURE, SMALL, SMALL_LEADING, rule
from guarantees.letter.typesetting.paragraphs import Strip, draw_lines
from guarantees.letter.wording.lines import Run
from guarantees.letter.wording.particulars import Paper
from guarantees.letter.wording.wordings import Block

CAPTION = "扫描二维码，或者打开下列网址，查验本{noun}的真实性和现时状态："
DATE = "日期"  # a line whose label ends so stands with the name, under the seal

SEAL = 113.4  # 40 mm, the width of a company's seal
MARGIN = 10.0  # above and below the seal
ISSUER = 200.0  # the column of name and date
ISSUER_LEFT = LEFT + MEASURE - ISSUER
ISSUER_MEASURE = ISSUER - 24
FRAME_ROOM = 36.0  # above and below the issuer, for what a frame around it says
NAME_SIZE, NAME_LEADING = 11.5, 18.0
NAME_TO_DATE = 5.0
LABELS = 88.0  # of the other lines
VALUES = MEASURE - LABELS - ISSUER - 12
ROW_GAP = 3.5
URL_SIZE = 8.5
QR_CODE = 76.0
QR_TEXT = LEFT + 94


class Area(NamedTuple):
    """A place within the footer: its left side on the page, how far its top lies below the footer's, and its extent."""

    left: float
    drop: float
    width: float
    height: float


class Footer(NamedTuple):
    """The footer's band, and where within it a seal belongs, or a frame around what the seal would stand on."""

    strip: Strip
    seal: Area
    frame: Area


def footer(blocks: Sequence[Block], paper: Paper, face: Typeface) -> Footer:
    """The first of the wording's lines names the issuer; name and dates stand under the seal, the others beside it."""
    guarantor, *others = blocks
    dates = [block for block in others if _text(block.label).endswith(DATE)]
    issuer = _Issuer(guarantor, dates, face)
    rows = [_row(block, face) for block in others if block not in dates]
    beside = sum(height for *_lines, height in rows)
    above, below = issuer.middle + FRAME_ROOM, issuer.height - issuer.middle + FRAME_ROOM
    middle = MARGIN + max(SEAL / 2, above, beside / 2)
    upper = middle + max(SEAL / 2, below, beside / 2) + MARGIN
    check = _Check(paper, face)

    def paint(canvas: Canvas, top: float) -> None:
        rule(canvas, top, 0.8, INK)
        issuer.draw(canvas, top - middle + issuer.middle)
        _draw_rows(canvas, rows, top - middle + beside / 2)
        check.draw(canvas, top - upper)

    return Footer(
        Strip(upper + check.height, paint, before=18),
        Area(ISSUER_LEFT + (ISSUER - SEAL) / 2, middle - SEAL / 2, SEAL, SEAL),
        Area(ISSUER_LEFT, middle - above, ISSUER, above + below),
    )


class _Issuer:
    """The issuer's name with what it is above and the dates below; the seal's middle is theirs."""

    def __init__(self, guarantor: Block, dates: Iterable[Block], face: Typeface) -> None:
        self._label = break_lines(guarantor.label, face, size=SMALL, measure=ISSUER_MEASURE)
        self._name = break_lines(guarantor.runs, face, size=NAME_SIZE, measure=ISSUER_MEASURE, bold=True)
        self._dates = [
            line
            for block in dates
            for line in break_lines((*block.label, Run("："), *block.runs), face, size=SMALL, measure=ISSUER_MEASURE)
        ]
        label, name = len(self._label) * SMALL_LEADING, len(self._name) * NAME_LEADING
        self.height = label + name + (NAME_TO_DATE + len(self._dates) * SMALL_LEADING if self._dates else 0)
        self.middle = (label + self.height) / 2

    def draw(self, canvas: Canvas, top: float) -> None:
        canvas.setFillColorRGB(*GREY)
        top = _draw_centred(canvas, self._label, top, size=SMALL, leading=SMALL_LEADING)
        canvas.setFillColorRGB(*INK)
        top = _draw_centred(canvas, self._name, top, size=NAME_SIZE, leading=NAME_LEADING)
        _draw_centred(canvas, self._dates, top - NAME_TO_DATE, size=SMALL, leading=SMALL_LEADING)


class _Check:
    """The QR code and the address that it leads to."""

    def __init__(self, paper: Paper, face: Typeface) -> None:
        self._url = paper.verification_url
        measure = LEFT + MEASURE - QR_TEXT
        self._caption = break_lines([Run(CAPTION.format(noun=paper.noun))], face, size=SMALL, measure=measure)
        self._address = break_lines([Run(self._url)], face, size=URL_SIZE, measure=measure)
        self._text_height = (len(self._caption) + len(self._address)) * SMALL_LEADING
        self.height = max(QR_CODE, self._text_height)

    def draw(self, canvas: Canvas, top: float) -> None:
        canvas.setFillColorRGB(0, 0, 0)
        _qr_code(canvas, self._url, LEFT, top - QR_CODE)
        canvas.setFillColorRGB(*INK)
        top -= (self.height - self._text_height) / 2
        draw_lines(canvas, self._caption, QR_TEXT, top, size=SMALL, leading=SMALL_LEADING)
        canvas.setFillColorRGB(*GREY)
        top -= len(self._caption) * SMALL_LEADING
        draw_lines(canvas, self._address, QR_TEXT, top, size=URL_SIZE, leading=SMALL_LEADING)


Row = tuple[list[TextLine], list[TextLine], float]


def _row(block: Block, face: Typeface) -> Row:
    labels = break_lines(block.label, face, size=SMALL, measure=LABELS - 6)
    values = break_lines(block.runs, face, size=SMALL, measure=VALUES)
    return labels, values, max(len(labels), len(values)) * SMALL_LEADING + ROW_GAP


def _draw_rows(canvas: Canvas, rows: Iterable[Row], top: float) -> None:
    text = partial(draw_lines, canvas, size=SMALL, leading=SMALL_LEADING)
    for labels, values, height in rows:
        canvas.setFillColorRGB(*GREY)
        text(labels, LEFT, top)
        canvas.setFillColorRGB(*INK)
        text(values, LEFT + LABELS, top, measure=VALUES)
        top -= height


def _draw_centred(canvas: Canvas, lines: Sequence[TextLine], top: float, *, size: float, leading: float) -> float:
    """Draw lines in the middle of the issuer's column; where they end."""
    for line in lines:
        draw_lines(canvas, [line], ISSUER_LEFT + (ISSUER - line.width) / 2, top, size=size, leading=leading)
        top -= leading
    return top


def _text(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def _qr_code(canvas: Canvas, text: str, x: float, y: float) -> None:
    modules, path = _modules(text)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(QR_CODE / modules, QR_CODE / modules)
    canvas.addLiteral(path)
    canvas.restoreState()


@lru_cache(maxsize=16)  # every preview has the same
def _modules(text: str) -> tuple[int, str]:
    """How many modules the code has on a side, and its dark ones: one path, so that no seams show between the bars."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    bars = []
    for row, modules in enumerate(reversed(code.modules)):
        column = 0
        for dark, run in groupby(modules, key=bool):
            length = len(list(run))
            if dark:
                bars.append(f"{column} {row} {length} 1 re")
            column += length
    return len(code.modules), " ".join([*bars, "f"])
