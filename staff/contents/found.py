"""What can be found in a file, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a file is not kept."""

    KIND = "kind"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    PASSWORD = "password"  # noqa: S105 (a fault's name)
    PROGRAM = "program"
    CARRIES_FILE = "carries_file"
    TOO_LARGE_PICTURE = "too_large_picture"
    TOO_COMPLICATED = "too_complicated"
    UNAVAILABLE = "unavailable"


class Unfit(Exception):
    """The file is not kept."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Contents:
    """What a file is: `kind` is what its name ends with; `pages` is None where they are not counted (OFD)."""

    kind: str
    pages: int | None
