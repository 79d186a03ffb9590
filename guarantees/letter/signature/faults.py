"""What can be wrong with a signed file. No Django: the isolated process knows none, and hands over a fault's name."""

from __future__ import annotations

from enum import StrEnum, auto


class Fault(StrEnum):
    """Each has its words in `fault_texts`."""

    NO_PDF = auto()
    ENCRYPTED = auto()
    UNSIGNED = auto()
    NOT_WHOLE = auto()
    MALFORMED = auto()
    CHANGED = auto()
    FORGED = auto()
    UNTIMED = auto()
    UNTRUSTED = auto()
    OUT_OF_DATE = auto()
    REVOKED = auto()
    UNFIT = auto()
    UNSTAMPED = auto()
    MISTIMED = auto()
    TOO_COMPLICATED = auto()  # to be validated within the limits
    UNAVAILABLE = auto()  # the validation, not the file
