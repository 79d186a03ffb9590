"""Files that make a reader of PDFs work for minutes, or fill the memory; each is made from a few lines."""

from __future__ import annotations

import zlib
from collections.abc import Callable


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    content, places = b"%PDF-1.7\n", []
    parts = [content]
    at = len(content)
    for number, body in enumerate(objects, start=1):
        part = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        places.append(at)
        parts.append(part)
        at += len(part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table))
    parts.append(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, at))
    return b"".join(parts)


def form(fields: bytes, *objects: bytes) -> bytes:
    return pdf(b"<</Type/Catalog/AcroForm<</Fields %b>>>>" % fields, *objects)


def stream(dictionary: bytes, data: bytes = b"") -> bytes:
    """A PDF whose table of objects is this stream."""
    head = b"1 0 obj\n<</Type/XRef/Root 2 0 R%b/Length %d>>\nstream\n" % (dictionary, len(data))
    return b"%PDF-1.5\n" + head + data + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


def endless() -> bytes:
    """A billion objects, each told in no byte at all: 130 bytes in all."""
    return stream(b"/Size 1000000000/W[0 0 0]")


def swelling() -> bytes:
    """A quarter of a megabyte that becomes a quarter of a gigabyte."""
    return stream(b"/Size 62500000/W[1 2 1]/Filter/FlateDecode", zlib.compress(bytes(250_000_000), 9))


def swelling_thrice() -> bytes:
    data = bytes(50_000_000)
    for _ in range(3):
        data = zlib.compress(data, 9)
    return stream(b"/Size 9/W[1 2 1]/Filter[/FlateDecode/FlateDecode/FlateDecode]", data)


def many_objects() -> bytes:
    return b"%PDF-1.7\nxref\n0 1000000\n" + b"0000000009 00000 n \n" * 1_000_000 + b"trailer\n<<>>\nstartxref\n9\n%%EOF"


def many_revisions() -> bytes:
    """Each is compared with all that came before it."""
    parts, at, before = [b"%PDF-1.7\n"], 9, b""
    for number in range(1, 30_000):
        part = b"xref\n%d 1\n0000000000 00001 f \ntrailer\n<</Size 30001/Root 1 0 R%b>>\n" % (number, before)
        before = b"/Prev %d" % at
        parts.append(part)
        at += len(part)
    return b"".join(parts) + b"startxref\n%d\n%%%%EOF\n" % (at - len(parts[-1]))


def revisions_in_a_circle() -> bytes:
    return b"%PDF-1.7\nxref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF"


def many_fields() -> bytes:
    return form(b"[" + b"2 0 R " * 3_000_000 + b"]", b"<</FT/Sig/T(a)>>")


def doubling_fields() -> bytes:
    """Sixty fields, each twice the child of the one before it: 2 to the 60th ways to the last."""
    twins = [b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (child, child) for child in range(3, 63)]
    return form(b"[2 0 R]", *twins, b"<</T(a)/FT/Sig>>")


def fields_in_a_circle() -> bytes:
    return form(b"[2 0 R]", b"<</T(a)/Kids[3 0 R]>>", b"<</T(b)/Kids[2 0 R]>>")


def deep_fields() -> bytes:
    return form(b"[2 0 R]", *[b"<</T(a)/Kids[%d 0 R]>>" % child for child in range(3, 50_000)], b"<</T(a)/FT/Sig>>")


def deep_arrays() -> bytes:
    return form(b"[" * 9_000_000 + b"]" * 9_000_000)


def long_number() -> bytes:
    return form(b"[" + b"9" * 19_000_000 + b"]")


def many_small_strings() -> bytes:
    return form(b"[" + b"(a)" * 6_000_000 + b"]")


def length_that_is_its_own() -> bytes:
    return form(b"2 0 R", b"<</Length 2 0 R>>\nstream\nabc\nendstream")


def large_signature() -> bytes:
    """Contents of 19 MB that begin as a signature's do."""
    signature = b"<</Type/Sig/ByteRange[0 1 2 3]/Contents<3080" + b"30" * 9_500_000 + b">>>"
    return form(b"[2 0 R]", b"<</FT/Sig/T(a)/V 3 0 R>>", signature)


FILES: tuple[Callable[[], bytes], ...] = (
    endless,
    swelling,
    swelling_thrice,
    many_objects,
    many_revisions,
    revisions_in_a_circle,
    many_fields,
    doubling_fields,
    fields_in_a_circle,
    deep_fields,
    deep_arrays,
    long_number,
    many_small_strings,
    length_that_is_its_own,
    large_signature,
)
