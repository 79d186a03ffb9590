"""The visible signature: the registered seal where there is one, and nothing that could be taken for one."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from guarantees.letter.signature import credentials as letter_credentials
from guarantees.letter.signature import demonstration, pades
from guarantees.letter.typesetting import seal
from guarantees.letter.typesetting.fonts import MissingGlyph, Typeface
from guarantees.letter.typesetting.pages import Pages, draw
from guarantees.letter.typesetting.seal import SealError
from guarantees.letter.wording.particulars import Particulars
from guarantees.letter.wording.wordings import newest
from tests.guarantees.letter.conftest import GIVEN, WORDINGS

NAME = "浙江安信融资担保有限公司"


def png(
    across: int = 600, high: int = 600, *, ground: Any = (0, 0, 0, 0), mode: str = "RGBA", ring: bool = True
) -> bytes:
    """A blue ring: no colour that the letter has of its own."""
    image = Image.new("RGBA", (across, high), ground)
    if ring:
        ImageDraw.Draw(image).ellipse((20, 20, across - 20, high - 20), outline=(20, 40, 220, 255), width=30)
    return saved(image.convert(mode))


def saved(image: Image.Image, kind: str = "PNG") -> bytes:
    output = BytesIO()
    image.save(output, kind)
    return output.getvalue()


def noise(pixels: int) -> bytes:
    return saved(Image.frombytes("RGBA", (pixels, pixels), random.Random(1).randbytes(4 * pixels * pixels)))


@pytest.fixture(scope="module")
def letter(face: Typeface) -> Pages:
    return draw(Particulars(**GIVEN), newest(WORDINGS, "suretyship"), face=face)


@pytest.fixture(scope="module")
def sealed(letter: Pages) -> Callable[[bytes], bytes]:
    """Signs the letter with that seal upon it."""
    content, _authority = demonstration.credentials(NAME, datetime(2026, 1, 1, tzinfo=UTC))
    by = letter_credentials.load_pkcs12(content, "")
    given = {"signed_at": GIVEN["issued_at"], "reason": "出具预付款保函", "location": "中国"}
    return lambda look: pades.sign(letter.content, by, **given, box=letter.seal, seal=look)


def shown(letter: Pages, content: bytes, folder: Path) -> Image.Image:
    """The place of the seal as a reader shows it, 4 pixels a point."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed, and nothing else here shows a PDF")
    (folder / "letter.pdf").write_bytes(content)
    page = str(letter.seal.page + 1)
    command = ["pdftoppm", "-r", "288", "-f", page, "-l", page, "-singlefile", "-png", "letter.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    image = Image.open(folder / "page.png").convert("RGB")
    _page, left, bottom, right, top = (round(4 * side) for side in letter.seal)
    return image.crop((left, image.height - top, right, image.height - bottom))


def test_the_seals_image_is_pressed_over_the_name_which_stays_dark(
    letter: Pages, sealed: Callable[[bytes], bytes], face: Typeface, tmp_path: Path
) -> None:
    for ground in ((0, 0, 0, 0), (255, 255, 255, 255)):
        pixels = shown(letter, sealed(seal.image_seal(png(ground=ground), face)), tmp_path).get_flattened_data()
        assert sum(blue > red + 100 for red, _green, blue in pixels) > 5000
        assert sum(max(pixel) < 60 for pixel in pixels) > 3000  # the print
        assert sum(min(pixel) > 250 for pixel in pixels) > len(pixels) / 2  # the paper


def test_a_demonstrations_seal_is_red_and_as_wide_as_a_companys(
    letter: Pages, sealed: Callable[[bytes], bytes], face: Typeface, tmp_path: Path
) -> None:
    image = shown(letter, sealed(seal.demonstration_seal(NAME, face)), tmp_path)
    red = image.getchannel("G").point(lambda green: 255 * (green < 60)).getbbox()
    assert red is not None
    assert red[2] - red[0] == pytest.approx(4 * 113.4, abs=8)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")
def test_the_text_of_the_letter_is_extracted_without_the_seals(
    letter: Pages, sealed: Callable[[bytes], bytes], face: Typeface
) -> None:
    def text(content: bytes) -> str:
        done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
        return "".join(done.stdout.decode().split())

    assert "保证人（电子签章）浙江安信融资担保有限公司出具日期：2026年11月24日" in text(letter.content)
    assert text(sealed(seal.demonstration_seal(NAME, face))) == text(letter.content)


def test_the_same_seal_is_the_same_bytes(face: Typeface) -> None:
    for make in (
        lambda: seal.demonstration_seal.__wrapped__(NAME, face),
        lambda: seal.image_seal.__wrapped__(png(), face),
    ):
        assert make() == make()


def test_a_frame_says_when_it_was_signed(face: Typeface) -> None:
    at = GIVEN["issued_at"]
    made = [seal.frame(name, at, width=200, height=120, face=face) for name in (NAME, NAME, "青城融资担保有限公司")]
    assert made[0] == made[1] != made[2]
    assert made[0] != seal.frame(NAME, at.replace(second=6), width=200, height=120, face=face)


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "P", "L", "LA", "1"])
def test_any_kind_of_png_is_taken(mode: str, face: Typeface) -> None:
    assert seal.image_seal(png(ground=(255, 255, 255, 255), mode=mode), face).startswith(b"%PDF-")


def test_a_letter_with_any_seal_stays_small(sealed: Callable[[bytes], bytes], face: Typeface) -> None:
    for content in (png(200, 200), png(2000, 2000), png(600, 640), noise(480)):
        assert len(sealed(seal.image_seal(content, face))) < 140_000


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: b"", "cannot be read as PNG"),
        (lambda: b"no image", "cannot be read as PNG"),
        (lambda: png()[:300], "cannot be read as PNG"),
        (lambda: saved(Image.new("RGB", (600, 600)), "JPEG"), "cannot be read as PNG"),
        (lambda: png(199, 199), "200 to 2000 each way is right"),
        (lambda: png(2001, 2001), "200 to 2000 each way is right"),
        (lambda: png(600, 700), "as wide as high is right"),
        (lambda: png(ring=False), "everything in it is transparent"),
        (lambda: b"\x89PNG" + bytes(1024 * 1024), "at most 1048576 is right"),
    ],
)
def test_what_cannot_be_a_seal_is_refused_with_what_would_be_right(make: Callable[[], bytes], message: str) -> None:
    with pytest.raises(SealError, match=message):
        seal.open_image(make())


def test_a_name_that_no_font_has_is_refused(face: Typeface) -> None:
    with pytest.raises(MissingGlyph, match="𠮷"):
        seal.demonstration_seal("𠮷野融资担保有限公司", face)
