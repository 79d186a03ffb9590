"""One file, told by how it begins and never by its name."""

from __future__ import annotations

from staff.contents import image, ofd, pdf
from staff.contents.found import Contents, Fault, Unfit


def read(content: bytes) -> Contents:
    """Raises Unfit where it is not kept."""
    if content.startswith(b"%PDF-"):
        return Contents("pdf", pdf.pages(content))
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        image.check(content)
        return Contents("jpg" if content.startswith(b"\xff") else "png", 1)
    if content.startswith(b"PK\x03\x04"):
        ofd.check(content)
        return Contents("ofd", None)
    raise Unfit(Fault.KIND)
