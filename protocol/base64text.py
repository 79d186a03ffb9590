"""Base64 as other programs write it: either alphabet, padded or not (RFC 4648, sections 4 and 5)."""

from __future__ import annotations

import base64
import binascii
import re

_URL_SAFE = str.maketrans("-_", "+/")


def from_base64(text: str) -> bytes | None:
    """The bytes of `text`, which holds no white space; None where it is no base64 of either kind."""
    bare = text.translate(_URL_SAFE).rstrip("=")
    if len(text) - len(bare) > 2 or not re.fullmatch(r"[A-Za-z0-9+/]*", bare, re.ASCII) or len(bare) % 4 == 1:
        return None
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return None
