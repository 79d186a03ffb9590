"""What a table of the specification says of one field, and of one transcode."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from protocol.prep.codes import Transcode


class Kind(Enum):
    """How a value is written; `reader` and `writer` turn it into Python's types and back."""

    TEXT = "text"
    MONEY = "decimal string, CNY yuan"
    MONTHS = "whole months"
    DATE = "yyyyMMdd"
    DAY = "yyyy-MM-dd"
    DATETIME = "yyyy-MM-dd HH:mm:ss, China Standard Time"
    BASE64 = "base64"


class Personal(Enum):
    """Whose disclosure would hurt a person: encrypted when stored, masked on screen, never logged."""

    PERSON = "a person's name"
    ID_NUMBER = "an identity card's number"
    TELEPHONE = "a telephone number"
    ACCOUNT = "a bank account"


@dataclass(frozen=True)
class Field:
    """One row of a table. `length` counts characters; None is unlimited."""

    name: str
    label: str
    length: int | None
    required: bool = True
    kind: Kind = Kind.TEXT
    values: tuple[str, ...] = ()
    accept_length: int | None = None
    #: The statuses in which the field is sent; None: always.
    present_in: tuple[str, ...] | None = None
    #: The statuses in which an otherwise optional field must be there.
    required_in: tuple[str, ...] = ()
    personal: Personal | None = None
    may_be_blank: bool = False
    #: What the platform gave goes back unchanged, even where it is longer (decisions F1).
    echo: bool = False

    @property
    def accepted_length(self) -> int | None:
        """The most characters that we accept."""
        return self.accept_length or self.length

    def is_present(self, status: str) -> bool:
        return self.present_in is None or status in self.present_in

    def is_required(self, status: str) -> bool:
        return self.is_present(status) and (self.required or status in self.required_in)


@dataclass(frozen=True)
class Table:
    """One transcode: the fields of its request, and those of its answer beside code and message."""

    transcode: Transcode
    request: tuple[Field, ...]
    answer: tuple[Field, ...] = ()
    outbound: bool = False
    digital: bool = False
    #: It may be lost for good, so neither a rate, a suspension nor an old reqtime refuses it; what is odd in it is told
    #: to a person (decisions B6, C2, C4), and where it cannot be accepted, an alert says so (C5).
    never_refused: bool = False
    #: The request's field that says which of the others are sent.
    status_field: str = ""

    @property
    def has_file(self) -> bool:
        """Whether its request holds one: it may be large."""
        return any(field.kind is Kind.BASE64 for field in self.request)
