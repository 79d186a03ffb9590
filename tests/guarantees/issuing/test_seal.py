"""Which seal a letter bears."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from staff.decisions import NotPossible
from staff.roles import Role
from tests.institution import decide, issued, paid
from tests.platform import Platform

pytestmark = pytest.mark.django_db


def width(platform: Platform) -> int:
    """Of the visible signature on the letter that the institution issues, in points."""
    (found,) = PdfFileReader(BytesIO(issued(platform).file.open().read())).embedded_signatures
    left, _bottom, right, _top = found.sig_field["/Rect"]
    return int(right - left)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "seal.png"
    Image.new("RGBA", (400, 400), (200, 20, 20, 255)).save(path)
    return path


def test_a_letter_bears_the_seal_that_was_set(platform: Platform, settings: Any, image: Path) -> None:
    settings.SEAL_IMAGE = str(image)
    assert width(platform) == 113


def test_a_demonstration_bears_a_seal(platform: Platform, settings: Any) -> None:
    settings.DEMONSTRATION = True
    assert width(platform) == 113


def test_without_a_seal_a_letter_bears_a_frame(platform: Platform) -> None:
    assert width(platform) == 200


def test_a_seal_that_is_gone_leaves_the_application_paid(platform: Platform, settings: Any, image: Path) -> None:
    settings.SEAL_IMAGE = str(image)
    application = paid(platform)
    image.unlink()
    with pytest.raises(NotPossible, match="SEAL_IMAGE cannot be read"):
        decide("issue", application, Role.ISSUER)
