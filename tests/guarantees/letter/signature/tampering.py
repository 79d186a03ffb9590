"""What every attack on a letter needs: where its signature stands, and another one in its place."""

from __future__ import annotations

from asn1crypto import cms

from guarantees.letter.signature import validation
from guarantees.letter.signature.faults import Fault
from tests.guarantees.letter.signature.test_signature import credentials


def faults(content: bytes, key: str) -> tuple[Fault, ...]:
    """Why the letter is refused, by whoever trusts the root of its signer; none where it is valid."""
    return validation.validate(content, [credentials(key)[1]]).faults


def byte_range(content: bytes) -> tuple[int, int, int, int]:
    start = content.index(b"/ByteRange [") + len(b"/ByteRange [")
    first, before, second, after = (int(number) for number in content[start : content.index(b"]", start)].split())
    return first, before, second, after


def gap(content: bytes) -> tuple[int, int]:
    """Where the signature's place begins and ends, its angle brackets included."""
    _first, before, second, _after = byte_range(content)
    return before, second


def refilled(content: bytes, instead: bytes) -> bytes:
    """Other bytes in the signature's place, blanks behind them; everything else stays where it is."""
    begin, end = gap(content)
    assert len(instead) <= end - begin
    return content[:begin] + instead.ljust(end - begin) + content[end:]


def message(content: bytes) -> cms.ContentInfo:
    """The signature's CMS message."""
    begin, end = gap(content)
    return cms.ContentInfo.load(bytes.fromhex(content[begin + 1 : end - 1].decode()))


def with_message(content: bytes, instead: cms.ContentInfo) -> bytes:
    """Another CMS message in the signature's place, padded as it should be."""
    begin, end = gap(content)
    return refilled(content, b"<" + instead.dump().hex().encode().ljust(end - begin - 2, b"0") + b">")


def signed_bytes(content: bytes) -> bytes:
    begin, end = gap(content)
    return content[:begin] + content[end:]


def number_of(content: bytes, marker: bytes) -> int:
    """The number of the last object before `marker`."""
    head = content[: content.rindex(marker)]
    start = head.rindex(b" 0 obj")
    return int(head[head.rindex(b"\n", 0, start) + 1 : start])
