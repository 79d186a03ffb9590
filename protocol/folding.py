"""How texts that were given twice are compared, and how they are searched (decisions F8).

The same name or number is written in many ways: in full-width letters, in lower case, in groups of four, with another
kind of bracket. Folded texts are compared with each other only; what came is kept and shown as it came.
"""

from __future__ import annotations

import unicodedata

#: Which folding this is. Folded columns that an earlier one filled are filled anew (protocol.searching).
VERSION = 1
COUNTRY = "+86"
_BRACKETS = str.maketrans("[{〔【〖《〈「『", "(((((((((") | str.maketrans("]}〕】〗》〉」』", ")))))))))")


def name(text: str) -> str:
    """A name, a project, any words: NFKC, in capitals, without outer blanks, with one kind of bracket."""
    # Capitals may bring forth what NFKC would write otherwise, so it comes last too.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper()).translate(_BRACKETS).strip()


def number(text: str) -> str:
    """A number, code, account or telephone: as a name, without blanks, dashes and the country's +86."""
    bare = "".join(sign for sign in name(text) if not sign.isspace() and not _is_dash(sign))
    return bare.removeprefix(COUNTRY)


def same(one: object, other: object, *, is_number: bool = False) -> bool:
    """Whether two given values say the same: texts folded, anything else as it is."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return one == other
    return same_number(one, other) if is_number else same_name(one, other)


def same_name(one: str, other: str) -> bool:
    return name(one) == name(other)


def same_number(one: str, other: str) -> bool:
    return number(one) == number(other)


def _is_dash(sign: str) -> bool:
    return sign == "−" or unicodedata.category(sign) in ("Pd", "Cf")
