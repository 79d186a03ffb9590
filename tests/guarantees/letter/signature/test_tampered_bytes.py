"""Nothing in a letter can be changed where it stands: no byte, not what the signature covers, not its own place."""

from __future__ import annotations

import pytest

from tests.guarantees.letter.signature.letters import issued
from tests.guarantees.letter.signature.tampering import byte_range, faults, gap, message, refilled
from tests.guarantees.letter.signature.test_signature import KINDS

#: A piece of each part of the file, and how far into it a byte is changed.
PARTS = {
    "the version": (bytes.index, b"%PDF-1.", 7),
    "the page's content": (bytes.index, b"stream\n", 60),
    "the page's size": (bytes.index, b"/MediaBox [ 0 0 5", 16),
    "the title": (bytes.index, b"/Title (", 12),
    "the author": (bytes.index, b"/Author (", 12),
    "the date of creation": (bytes.index, b"/CreationDate (D:20", 19),
    "the first xref": (bytes.index, b"\nxref\n0 ", 30),
    "the first trailer": (bytes.index, b"/Size ", 6),
    "the field's name": (bytes.index, b"/T (", 4),
    "the seal's place": (bytes.index, b"/Rect [", 7),
    "the form": (bytes.index, b"/SigFlags ", 10),
    "the permissions": (bytes.index, b"/P 1\n", 3),
    "the signing time": (bytes.index, b"/M (D\\0722026", 8),
    "the kind of signature": (bytes.index, b"/SubFilter /ETSI", 13),
    "the last xref": (bytes.rindex, b"\nxref\n0 1\n", 12),
    "the last trailer": (bytes.rindex, b"/Prev ", 6),
    "where the last xref is": (bytes.rindex, b"\nstartxref\n", 11),
    "the end": (bytes.rindex, b"%%EOF", 3),
}


@pytest.mark.parametrize("key", KINDS)
def test_it_works(key: str) -> None:
    assert faults(issued(key), key) == ()


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("part", PARTS)
def test_a_changed_byte_is_found_in_each_part(part: str, key: str) -> None:
    find, marker, distance = PARTS[part]
    content = bytearray(issued(key))
    content[find(issued(key), marker) + distance] ^= 1
    assert faults(bytes(content), key)


#: What stands for the ByteRange [0 {a} {b} {c}] of a file of {all} bytes.
RANGES = {
    "emptied": "[]",
    "null": "null",
    "zeros": "[0 0 0 0]",
    "a text": "(0 {a} {b} {c})",
    "a number": "{a}",
    "without its second part": "[0 {a}]",
    "without its last number": "[0 {a} {b}]",
    "with a third part": "[0 {a} {b} {c} 0 0]",
    "nested": "[[0 {a}] [{b} {c}]]",
    "ending before the end": "[0 {a} {b} {c_less}]",
    "ending behind the end": "[0 {a} {b} {c_more}]",
    "beginning behind the beginning": "[1 {a_less} {b} {c}]",
    "with its first part only": "[0 {a} {a} 0]",
    "with its second part only": "[0 0 {b} {c}]",
    "with a wider gap before": "[0 {a_less} {b} {c}]",
    "with a wider gap behind": "[0 {a} {b_more} {c_less}]",
    "with the gap moved": "[0 {a_more} {b_more} {c_less}]",
    "without a gap": "[0 {all} {all} 0]",
    "overlapping": "[0 {b} {a} {c}]",
    "the file twice": "[0 {all} 0 {all}]",
    "in the other order": "[{b} {c} 0 {a}]",
    "huge": "[0 {a} {b} 99999999999999999999]",
    "huge before": "[0 9223372036854775807 {b} {c}]",
    "negative at its beginning": "[-1 {a} {b} {c}]",
    "negative before": "[0 -{a} {b} {c}]",
    "negative behind": "[0 {a} {b} -{c}]",
    "negative zero": "[-0 {a} {b} {c}]",
    "with signs": "[+0 +{a} +{b} +{c}]",
    "with fractions": "[0. {a}.0 {b}.9 {c}.]",
    "with leading zeros": "[00 0{a} 0{b} 0{c}]",
    "in hex": "[<00> {a} {b} {c}]",
    "with other white space": "[0\r\n{a}\t{b}\f{c}]",
    "with white space at its end": "[0 {a} {b} {c} \n]",
    "with a comment": "[0 {a} %{b}\n{b} {c}]",
    "by reference": "[0 {a} 1 0 R {c}]",
}


def ranged(content: bytes, template: str) -> bytes:
    """Another ByteRange in the place of the old one; nothing moves."""
    _first, a, b, c = byte_range(content)
    text = template.format(
        a=a,
        b=b,
        c=c,
        all=len(content),
        a_less=a - 1,
        a_more=a + 1,
        b_more=b + 1,
        c_less=c - 1,
        c_more=c + 1,
    )
    start = content.index(b"/ByteRange [") + len(b"/ByteRange ")
    end = content.index(b"\n", start)
    assert len(text) <= end - start
    return content[:start] + text.encode().ljust(end - start) + content[end:]


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("template", RANGES.values(), ids=RANGES)
def test_a_byte_range_that_was_changed_is_refused(template: str, key: str) -> None:
    assert faults(ranged(issued(key), template), key)


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("name", [b"/ByteRangf", b"/Byterange", b"%ByteRange", b"          "])
def test_a_byte_range_that_was_removed_is_refused(name: bytes, key: str) -> None:
    assert faults(issued(key).replace(b"/ByteRange", name), key)


def literal(data: bytes) -> bytes:
    """As a PDF string in brackets."""
    escaped = data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\r", b"\\r")
    return b"(" + escaped + b")"


def fillings(content: bytes) -> dict[str, bytes]:
    """What may stand in the signature's place instead of its hex and the zeros behind it."""
    room = gap(content)[1] - gap(content)[0] - 2
    der = message(content).dump()
    digits = der.hex().encode()
    unsigned = message(content)
    unsigned["content"]["signer_infos"] = []
    another = unsigned.dump(force=True).hex().encode()
    half = len(digits) // 4 * 2
    return {
        "zeros": b"<" + b"0" * room + b">",
        "nothing": b"",
        "an empty text": b"<>",
        "one zero byte": b"<00>",
        "null": b"null",
        "ones in the padding": b"<" + digits.ljust(room, b"1") + b">",
        "a one at the end": b"<" + digits.ljust(room - 1, b"0") + b"1>",
        "no padding": b"<" + digits + b">",
        "half the padding": b"<" + digits.ljust((len(digits) + room) // 4 * 2, b"0") + b">",
        "a first half": b"<" + digits[:half].ljust(room, b"0") + b">",
        "all but the last byte": b"<" + digits[:-2].ljust(room, b"0") + b">",
        "a second half": b"<" + digits[half:].ljust(room, b"0") + b">",
        "its bytes in brackets": literal(der),
        "a blank before it": b" <" + digits.ljust(room - 1, b"0") + b">",
        "blanks within it": b"<" + digits[:half] + b" " + digits[half:].ljust(room - half - 1, b"0") + b">",
        "letters of both cases": b"<" + digits[:half].upper() + digits[half:].ljust(room - half, b"0") + b">",
        "a message without a signer behind it": b"<"
        + (digits + another[: room - len(digits)]).ljust(room, b"0")
        + b">",
        "a comment behind it": b"<" + digits + b">%" + b"A" * 40,
        "zeros for it, then the signature": b"<00>/Contents<" + digits + b">",
        "the signature, then zeros for it": b"<" + digits + b">/Contents<00>",
        "the signature, then a range of its own": b"<" + digits + b">/ByteRange[0 0 0 0]",
        "the signature, then a page": b"<" + digits + b">>>endobj 4 0 obj<</Type/Page>>endobj 99 0 obj<<",
    }


@pytest.mark.parametrize("key", KINDS)
def test_what_stands_in_the_signatures_place_must_be_the_signature(key: str) -> None:
    for name, filling in fillings(issued(key)).items():
        content = refilled(issued(key), filling)
        assert len(content) == len(issued(key)), name
        assert faults(content, key), name


@pytest.mark.parametrize("key", KINDS)
def test_bytes_before_the_file_are_found(key: str) -> None:
    for before in (b"\n", b"%!PS\n", b"%PDF-1.4\n"):
        assert faults(before + issued(key), key)


@pytest.mark.parametrize("key", KINDS)
def test_the_letter_twice_in_one_file_is_refused(key: str) -> None:
    assert faults(issued(key) + issued(key), key)
