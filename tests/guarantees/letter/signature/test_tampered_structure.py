"""The published attacks on signed PDFs, built by hand: incremental saving, forgery of the signature's dictionary,
wrapping of the signed bytes, and shadows that were hidden in the letter before it was signed.

Each leaves the signed bytes whole, so that whoever checks the signature alone is deceived.
"""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.guarantees.letter.signature.letters import drawn, issued, sign
from tests.guarantees.letter.signature.tampering import byte_range, faults, gap, refilled, signed_bytes
from tests.guarantees.letter.signature.test_signature import KINDS, credentials
from tests.guarantees.letter.signature.test_tampered_updates import OTHER, annotation_added, updated

EOF = b"%%EOF\n"


def last_xref(content: bytes) -> int:
    return int(content[content.rindex(b"startxref") + 9 :].split()[0])


def number_before(content: bytes, marker: bytes) -> int:
    """The number of the object in which the marker stands."""
    return int(re.findall(rb"\n(\d+) 0 obj\n", content[: content.index(marker)])[-1])


def page_content(content: bytes) -> int:
    """The number of the first page's content."""
    return PdfFileReader(BytesIO(content)).root["/Pages"]["/Kids"][0].raw_get("/Contents").idnum


def stream(data: bytes) -> bytes:
    return b"<</Length %d>>stream\n%b\nendstream" % (len(data), data)


def objects(at: int, bodies: dict[int, bytes]) -> tuple[bytes, dict[int, int]]:
    """Objects to stand from `at` on, and where each begins."""
    written, places = b"", {}
    for number, body in bodies.items():
        places[number] = at + len(written)
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    return written, places


def xref(content: bytes, places: dict[int, int], previous: int) -> bytes:
    """A cross-reference to those places, and its trailer."""
    lines = b"".join(b"%d 1\n%010d 00000 n \n" % place for place in sorted(places.items()))
    trailer = PdfFileReader(BytesIO(content)).trailer
    values = (lines, trailer["/Size"], trailer.raw_get("/Root").idnum, previous)
    return b"xref\n%btrailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % values


def appended(content: bytes, bodies: dict[int, bytes]) -> bytes:
    """An incremental update by hand."""
    written, places = objects(len(content), bodies)
    table = xref(content, places, last_xref(content))
    return content + written + table + b"startxref\n%d\n" % (len(content) + len(written)) + EOF


# --- Incremental saving -----------------------------------------------------------------------------------------------


def savings(content: bytes) -> dict[str, bytes]:
    """Other content for the first page, in updates that lack what makes a reader notice them."""
    evil = {page_content(content): stream(OTHER)}
    written, places = objects(len(content), evil)
    table = xref(content, places, last_xref(content))
    start = b"startxref\n%d\n" % (len(content) + len(written))
    dictionary = {number_before(content, b"/ByteRange"): signature_dictionary(content)}
    return {
        "with all that belongs to it": content + written + table + start + EOF,
        "without its end": content + written + table + start,
        "without its place": content + written + table + EOF,
        "without cross-reference and trailer": content + written,
        "without a cross-reference": content + written + table[table.index(b"trailer") :] + start + EOF,
        "without a trailer": content + written + table[: table.index(b"trailer")] + start + EOF,
        "with the signature's dictionary once more": appended(content, evil | dictionary),
        "with the old place": content + written + b"startxref\n%d\n" % last_xref(content) + EOF,
        "with a comment alone": content + b"% nothing\n",
    }


def signature_dictionary(content: bytes) -> bytes:
    """As it stands in the file."""
    start = content.rindex(b" 0 obj\n", 0, gap(content)[0]) + len(b" 0 obj\n")
    return content[start : content.index(b"endobj", gap(content)[1])].strip()


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("saving", savings(issued("RSA")))
def test_incremental_saving_is_refused(saving: str, key: str) -> None:
    content = savings(issued(key))[saving]
    assert content.startswith(issued(key))
    assert faults(content, key)


# --- Forgery of the signature's dictionary ----------------------------------------------------------------------------


def forgeries(content: bytes) -> dict[str, tuple[bytes, bytes]]:
    """What is replaced in the dictionary, and by what."""
    begin, end = gap(content)
    contents = b"/Contents " + content[begin:end]
    start = content.index(b"/ByteRange")
    covered = content[start : content.index(b"]", start) + 1]
    _first, a, b, c = byte_range(content)
    return {
        "without contents": (contents, b""),
        "with null for contents": (contents, b"/Contents null"),
        "with empty contents": (contents, b"/Contents <>"),
        "with a zero for contents": (contents, b"/Contents <00>"),
        "with contents twice, the true ones first": (contents, contents + b"/Contents <00>"),
        "with contents twice, the true ones last": (contents, b"/Contents <00>" + contents),
        "without a byte range": (covered, b""),
        "with null for a byte range": (covered, b"/ByteRange null"),
        "with an empty byte range": (covered, b"/ByteRange []"),
        "with a byte range of zeros": (covered, b"/ByteRange [0 0 0 0]"),
        "with a negative byte range": (covered, b"/ByteRange [0 -%d %d %d]" % (a, b, c)),
        "with a huge byte range": (covered, b"/ByteRange [0 %d %d 99999999999999999999]" % (a, b)),
        "with the old byte range": (covered, covered),
        "with a byte range to the new end": (covered, b"/ByteRange [0 %d %d 10000000000]" % (a, b)),
        "with a byte range in three parts": (covered, covered[:-1] + b" %d 100]" % len(content)),
        "without a type": (b"/Type /Sig\n", b""),
        "of no known kind": (b"/ETSI.CAdES.detached", b"/adbe.pkcs7.none"),
        "of an old kind": (b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1"),
        "of a kind that carries its digest": (b"/ETSI.CAdES.detached", b"/adbe.pkcs7.sha1"),
    }


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("forgery", forgeries(issued("RSA")))
def test_a_forged_dictionary_is_refused(forgery: str, key: str) -> None:
    old, new = forgeries(issued(key))[forgery]
    dictionary = signature_dictionary(issued(key))
    assert dictionary.count(old) == 1
    forged = {
        number_before(issued(key), b"/ByteRange"): dictionary.replace(old, new),
        page_content(issued(key)): stream(OTHER),
    }
    content = appended(issued(key), forged)
    content = content.replace(b"10000000000]", b"%-11d]" % (len(content) - gap(content)[1]))
    assert faults(content, key)


@pytest.mark.parametrize("key", KINDS)
def test_contents_outside_their_gap_are_refused(key: str) -> None:
    """The true signature behind the end, zeros in its place."""
    begin, end = gap(issued(key))
    emptied = refilled(issued(key), b"<" + b"0" * (end - begin - 2) + b">")
    moved = {number_before(issued(key), b"/ByteRange"): signature_dictionary(issued(key))}
    assert faults(appended(emptied, moved), key)


# --- Wrapping ---------------------------------------------------------------------------------------------------------


def wrapped(content: bytes) -> bytes:
    """The second signed part moved to the end, other objects where it was: in its xref's old place stands one that
    leads to them, and the ByteRange, which is no longer signed there, tells of the move."""
    begin, end = gap(content)
    at = last_xref(content)
    rest, table = content[end:at], content[at : content.rindex(b"startxref")]
    number = page_content(content)
    body = b"%d 0 obj\n%b\nendobj\n" % (number, stream(OTHER))
    entry = b"%d 1\n%010d 00000 n \n"
    place = at + len(table) + len(entry % (number, 0))
    hidden = table.replace(b"trailer", entry % (number, place) + b"trailer") + body
    moved = at + len(hidden)
    start = rest.index(b"/ByteRange [")
    stop = rest.index(b"\n/Type", start)
    ranges = b"/ByteRange [0 %d %d %d]" % (begin, moved, len(content) - end)
    rest = rest[:start] + ranges.ljust(stop - start) + rest[stop:]
    return content[:end] + rest + hidden + content[end:]


@pytest.mark.parametrize("key", KINDS)
def test_wrapping_is_refused(key: str) -> None:
    content = wrapped(issued(key))
    (found,) = PdfFileReader(BytesIO(content)).embedded_signatures
    _first, before, second, after = found.byte_range
    assert content[:before] + content[second : second + after] == signed_bytes(issued(key))
    assert PdfFileReader(BytesIO(content)).root["/Pages"]["/Kids"][0]["/Contents"].data == OTHER
    assert faults(content, key)


# --- Shadows ----------------------------------------------------------------------------------------------------------


def pointed_back(content: bytes, place: int, number: int) -> bytes:
    """An update that holds nothing but the place of an object that was signed long ago."""
    table = xref(content, {number: place}, last_xref(content))
    return content + table + b"startxref\n%d\n" % len(content) + EOF


@pytest.mark.parametrize("key", KINDS)
def test_a_shadow_that_replaces_the_content_is_refused(key: str) -> None:
    """What the page should not say was in the file before what it should, and both are signed."""
    honest = drawn()
    number = page_content(honest.content)
    body = PdfFileReader(BytesIO(honest.content)).root["/Pages"]["/Kids"][0]["/Contents"].data
    prepared = appended(honest.content, {number: stream(OTHER)})
    place = prepared.rindex(b"%d 0 obj" % number)
    prepared = appended(prepared, {number: stream(body)})
    content = sign(replace(honest, content=prepared), credentials(key)[0])
    assert faults(content, key) == ()
    shadow = pointed_back(content, place, number)
    assert PdfFileReader(BytesIO(shadow)).root["/Pages"]["/Kids"][0]["/Contents"].data == OTHER
    assert faults(shadow, key)


@pytest.mark.parametrize("key", KINDS)
def test_a_shadow_that_uncovers_the_content_is_refused(key: str) -> None:
    """What covered the page when it was signed is taken away by a free entry."""
    honest = drawn()
    content = sign(replace(honest, content=updated(honest.content, annotation_added)), credentials(key)[0])
    assert faults(content, key) == ()
    number = number_before(content, b"/FreeText")
    entry = b"%010d 00001 f \n" % 0
    table = xref(content, {number: 0}, last_xref(content)).replace(b"%010d 00000 n \n" % 0, entry)
    assert entry in table
    assert faults(content + table + b"startxref\n%d\n" % len(content) + EOF, key)
