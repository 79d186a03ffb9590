"""What the visible signature looks like: the institution's registered seal, or a mark that imitates none.

Each is a PDF of one page, which the signature takes over as its appearance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageChops, ImageOps
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from guarantees.letter.typesetting.fonts import DRAWING, Typeface
from guarantees.letter.typesetting.footer import SEAL
from guarantees.letter.typesetting.linebreaking import break_lines
from guarantees.letter.typesetting.paragraphs import draw_line
from guarantees.letter.wording.lines import Run
from staff.clock import CHINA

RED = (0.78, 0.07, 0.09)

LARGEST_FILE = 1024 * 1024
LEAST_PIXELS, MOST_PIXELS = 200, 2000
MOST_OBLONG = 1.1
LARGEST_IMAGE = 24 * 1024  # bytes of the letter
RESOLUTIONS = (480, 360, 240, 160, 100)  # pixels for its 40 mm: the first that stays within that size

RING = 3.2
STAR = 17.0
NAME_SIZE, NAME_RADIUS = 13.0, 36.5  # of the circle that the name stands on
NAME_STEP, NAME_SPAN = 23.0, 270.0  # degrees from character to character, and for the whole name at most
DEMONSTRATION, DEMONSTRATION_SIZE, DEMONSTRATION_DEPTH = "演示专用章", 9.0, 34.0

FRAME_TITLE = "电子签名"
FRAME_TITLE_SIZE, FRAME_SIZE, FRAME_LEADING = 10.0, 6.5, 8.0


class SealError(ValueError):
    """An image that cannot be the seal; the message says why and what would be right."""


class Appearance(PdfContent):
    """A seal's page, as the signature's stamp wants it."""

    def __init__(self, seal: bytes) -> None:
        self._page = PdfFileReader(BytesIO(seal))
        _left, _bottom, across, high = self._page.root["/Pages"]["/Kids"][0]["/MediaBox"]
        super().__init__(box=BoxConstraints(width=across, height=high))

    def render(self) -> bytes:
        """The drawing instructions; what they need goes into the file that is being signed."""
        self.resources.xobject["/Seal"] = self._ensure_writer.import_page_as_xobject(self._page)
        return b"/Seal Do"


@lru_cache(maxsize=4)
def image_seal(png: bytes, face: Typeface) -> bytes:
    """The institution's registered seal, from the content of a PNG file. Raises SealError."""
    image = open_image(png)
    for pixels in RESOLUTIONS:
        with _page(SEAL, SEAL, face) as (canvas, output):
            reduced = ImageReader(_reduced(image, pixels))
            canvas.drawImage(reduced, 0, 0, SEAL, SEAL, mask="auto", preserveAspectRatio=True)
        if len(output.getvalue()) <= LARGEST_IMAGE:
            break
    return output.getvalue()


@lru_cache(maxsize=4)
def demonstration_seal(name: str, face: Typeface) -> bytes:
    """A company's round seal that says below its star what it is. Raises MissingGlyph."""
    with DRAWING, _page(SEAL, SEAL, face) as (canvas, output):
        canvas.translate(SEAL / 2, SEAL / 2)
        canvas.setLineWidth(RING)
        canvas.circle(0, 0, (SEAL - RING) / 2)
        canvas.drawPath(_star(canvas), stroke=0, fill=1, fillMode=FILL_NON_ZERO)
        step = min(NAME_STEP, NAME_SPAN / max(len(name) - 1, 1))
        width = min(NAME_SIZE, math.radians(step) * NAME_RADIUS)
        for number, character in enumerate(name):
            canvas.saveState()
            canvas.rotate(step * ((len(name) - 1) / 2 - number))
            canvas.translate(0, NAME_RADIUS)
            canvas.scale(width / NAME_SIZE, 1)  # a long name stands in narrow characters
            _centred(canvas, character, face, y=0, size=NAME_SIZE)
            canvas.restoreState()
        _centred(canvas, DEMONSTRATION, face, y=-DEMONSTRATION_DEPTH, size=DEMONSTRATION_SIZE)
    return output.getvalue()


def frame(signer: str, signed_at: datetime, *, width: float, height: float, face: Typeface) -> bytes:
    """A plain red frame that says who signed and when, and leaves its middle free. Raises MissingGlyph."""
    time = f"{signed_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}（北京时间）"
    with DRAWING, _page(width, height, face) as (canvas, output):
        canvas.setLineWidth(0.8)
        canvas.rect(0.4, 0.4, width - 0.8, height - 0.8)
        canvas.translate(width / 2, 0)
        _centred(canvas, FRAME_TITLE, face, y=height - 20, size=FRAME_TITLE_SIZE)
        lines = [
            line
            for text in (signer, time)
            for line in break_lines([Run(text)], face, size=FRAME_SIZE, measure=width - 12, bold=True)
        ]
        for number, line in enumerate(reversed(lines)):
            draw_line(canvas, line, -line.width / 2, 5 + number * FRAME_LEADING, size=FRAME_SIZE)
    return output.getvalue()


def open_image(png: bytes) -> Image.Image:
    """What a PNG file shows; SealError where it cannot be the seal."""
    if len(png) > LARGEST_FILE:
        message = _("The seal's image has %(bytes)d bytes: at most %(most)d is right.")
        raise SealError(message % {"bytes": len(png), "most": LARGEST_FILE})
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as opened:
            _check_size(*opened.size)
            image = opened.convert("RGBA")
    except SealError:
        raise
    except (OSError, ValueError, SyntaxError) as error:  # what Pillow raises for what is none, or a damaged one
        raise SealError(_("The seal's image cannot be read as PNG.")) from error
    if not image.getchannel("A").getbbox():
        raise SealError(_("The seal's image shows nothing: everything in it is transparent."))
    return image


def _check_size(across: int, high: int) -> None:
    short, long = sorted((across, high))
    values = {"across": across, "high": high, "least": LEAST_PIXELS, "most": MOST_PIXELS}
    if short < LEAST_PIXELS or long > MOST_PIXELS:
        message = _("The seal's image has %(across)d × %(high)d pixels: %(least)d to %(most)d each way is right.")
        raise SealError(message % values)
    if long > MOST_OBLONG * short:
        raise SealError(_("The seal's image has %(across)d × %(high)d pixels: as wide as high is right.") % values)


def _reduced(image: Image.Image, pixels: int) -> Image.Image:
    """In no more pixels and colours than 40 mm of print need, and see-through where an opaque image is white."""
    image = ImageOps.contain(image, (min(pixels, image.width), min(pixels, image.height)))
    red, green, blue, alpha = image.split()
    if alpha.getextrema()[0] == 255:
        ink = ImageChops.invert(ImageChops.darker(red, ImageChops.darker(green, blue)))
        alpha = ink.point(lambda value: 4 * value)  # at most 255: whatever is not nearly white is there in full
    seen = alpha.point(lambda value: 255 * bool(value))
    shown = Image.composite(Image.merge("RGB", (red, green, blue)), Image.new("RGB", image.size), seen)
    reduced = ImageOps.posterize(shown, 5).convert("RGBA")
    reduced.putalpha(ImageOps.posterize(alpha, 5))
    return reduced


@contextmanager
def _page(width: float, height: float, face: Typeface) -> Iterator[tuple[Canvas, BytesIO]]:
    """A page to draw on in the seal's ink, which lets the print beneath it be read; what it gave when that ends."""
    output = BytesIO()
    canvas = Canvas(output, (width, height), pageCompression=1, invariant=1, initialFontName=face.regular)
    canvas.setBlendMode("Multiply")
    canvas.addLiteral("/Span <</ActualText ()>> BDC")  # the letter's text is extracted without the seal's
    canvas.setFillColorRGB(*RED)
    canvas.setStrokeColorRGB(*RED)
    yield canvas, output
    canvas.addLiteral("EMC")
    canvas.showPage()
    canvas.save()


def _star(canvas: Canvas) -> PDFPathObject:
    path = canvas.beginPath()
    for corner in range(5):
        turn = math.radians(90 + 144 * corner)
        (path.lineTo if corner else path.moveTo)(STAR * math.cos(turn), STAR * math.sin(turn))
    path.close()
    return path


def _centred(canvas: Canvas, text: str, face: Typeface, *, y: float, size: float) -> None:
    for line in break_lines([Run(text)], face, size=size, measure=math.inf, bold=True):
        draw_line(canvas, line, -line.width / 2, y, size=size)
