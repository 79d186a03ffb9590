"""What a service that signs or stamps is asked by: whoever makes the keys gives a function that posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class NoAnswer(Exception):
    """No answer came back; `str()` says why, for a person."""


@dataclass(frozen=True)
class Reply:
    """What came back: the HTTP status, and the body, of a size that whoever posts limits."""

    status: int
    body: bytes


class Post(Protocol):
    """Posts to a service whose address and trust it knows."""

    def __call__(self, path: str, body: bytes, *, within: float, headers: Mapping[str, str]) -> Reply:
        """The answer to `body` at `path` below the address, all in all within so many seconds, or NoAnswer."""
