"""Base64 as other programs write it: either alphabet, padded or not (RFC 4648, sections 4 and 5)."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from io import BytesIO

_URL_SAFE = str.maketrans("-_", "+/")


#: Of longer texts no second copy is made.
_LONG = 1 << 20


def from_base64(text: str) -> bytes | None:
    """The bytes of `text`, which holds no white space; None where it is no base64 of either kind."""
    if len(text) <= _LONG:
        return _decoded(text)
    built = BytesIO()  # gives back what it holds without a copy
    try:
        for piece in decode(text[at : at + _LONG] for at in range(0, len(text), _LONG)):
            built.write(piece)
    except ValueError:
        return None
    return built.getvalue()


def decode(pieces: Iterable[str]) -> Iterator[bytes]:
    """The bytes of a text that comes in pieces and holds no white space; or ValueError."""
    held = ""
    for piece in pieces:
        held += piece
        whole = max(0, len(held) - 4) // 4 * 4  # the end may be padded
        if "=" in held[:whole] or (found := _decoded(held[:whole])) is None:
            raise ValueError("no base64")
        held = held[whole:]
        yield found
    if (found := _decoded(held)) is None:
        raise ValueError("no base64")
    yield found


def _decoded(text: str) -> bytes | None:
    if "-" in text or "_" in text:
        text = text.translate(_URL_SAFE)
    bare = text.rstrip("=")
    if len(text) - len(bare) > 2 or len(bare) % 4 == 1:
        return None
    try:
        return binascii.a2b_base64(bare + "=" * (-len(bare) % 4), strict_mode=True)
    except ValueError:  # of characters beyond ASCII no binascii.Error
        return None
