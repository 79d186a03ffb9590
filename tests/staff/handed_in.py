"""Files that somebody hands in, good ones and bad ones; each is made from a few lines."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from reportlab.pdfgen.canvas import Canvas

PROGRAM = b"MZ\x90\x00\x03" + bytes(1000)


def pdf(pages: int = 1, text: str = "page") -> bytes:
    output = BytesIO()
    canvas = Canvas(output, invariant=1)
    for number in range(pages):
        canvas.drawString(100, 700, f"{text} {number}")
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def rewritten(change: Callable[[Any], object]) -> bytes:
    """A PDF of two pages with something added to it."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf(2))))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def opening(action: str, **more: str) -> bytes:
    """A PDF that does something when it is opened."""
    named = {pdf_name("/S"): pdf_name(action), **{pdf_name(f"/{key}"): pdf_string(text) for key, text in more.items()}}

    def add(writer: Any) -> None:
        writer.root["/OpenAction"] = generic.DictionaryObject(named)

    return rewritten(add)


def locked(password: str) -> bytes:
    """Encrypted: opened by the password, or by anybody where it is empty, and changed by the owner alone."""
    return rewritten(lambda writer: writer.encrypt(owner_pass="owner", user_pass=password))


def carrying(content: bytes) -> bytes:
    """A PDF with another file in it."""

    def add(writer: Any) -> None:
        inside = embed.EmbeddedFileObject.from_file_data(writer, data=content)
        embed.embed_file(writer, embed.FileSpec(file_spec_string="data", embedded_data=inside))

    return rewritten(add)


def picture(width: int = 40, height: int = 30, form: str = "PNG") -> bytes:
    output = BytesIO()
    Image.new("1" if form == "PNG" else "L", (width, height)).save(output, form)
    return output.getvalue()


def archive(**parts: bytes) -> bytes:
    """A ZIP; a part's name has a double underscore for its dot."""
    output = BytesIO()
    with ZipFile(output, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "."), content)
    return output.getvalue()


def torn() -> bytes:
    """An OFD whose list of parts is whole, and of whose one part the beginning is not what was packed."""
    output = BytesIO()
    with ZipFile(output, "w", ZIP_DEFLATED) as made:
        made.writestr("OFD.xml", b"<ofd/>" * 100)
    content = output.getvalue()
    begins = content.index(b"OFD.xml") + len(b"OFD.xml")
    return content[:begins] + b"\xff" * 3 + content[begins + 3 :]


def upload(content: bytes, name: str = "scan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
