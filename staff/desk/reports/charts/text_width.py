"""How wide a text is, in halves of a Chinese sign: what a column or an axis leaves room for."""

from __future__ import annotations

import unicodedata


def width_of(text: str) -> int:
    """A Chinese sign counts two, a Latin letter one."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def is_wide(text: str) -> bool:
    """Whether it has a Chinese sign: then it is a name, and no month or day."""
    return width_of(text) > len(text)


def shortened(text: str, width: int) -> str:
    """The text, or as much of its beginning as fits, with a mark that something is left out."""
    if width_of(text) <= width:
        return text
    kept, used = "", 2
    for sign in text:
        used += width_of(sign)
        if used > width:
            break
        kept += sign
    return f"{kept}…"
