"""JPEG and PNG: the head says how large the picture is before any of it is unpacked; then it must unpack."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image

from staff.contents.found import Fault, Unfit

#: A page of A3 scanned at 600 dots an inch has 70 million.
MOST_PIXELS = 72_000_000
FORMATS = ("JPEG", "PNG")


def check(content: bytes) -> None:
    """Raises Unfit where it cannot be shown."""
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise Unfit(Fault.TOO_LARGE_PICTURE)
                picture.load()
    except (Unfit, MemoryError):
        raise
    except Exception as error:
        raise Unfit(Fault.DAMAGED) from error
