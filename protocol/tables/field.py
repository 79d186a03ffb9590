"""What the table of a family of platforms says of one field, and of one transcode."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Self

from protocol.vocabulary import Transcode
from protocol.wire_language import Labelled


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


#: The fact that says which others are told.
STATUS = "status"


class Code(StrEnum):
    """Base of the codes of one field, each as it stands on the wire with the word of ours that it means:
    `PERFORMED = "0", CancellationKind.PERFORMED`. `own` is the family's own word in Chinese, where the trade has
    another: `PAID = "01", DemandOutcome.PAID, "理赔成功"`."""

    word: Labelled
    own: str

    def __new__(cls, value: str, word: Labelled, own: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_, member.word, member.own = value, word, own
        return member


@dataclass(frozen=True)
class Field:
    """One row of a table: its name on the wire, the `fact` that is ours for it, and what people call it.

    `length` counts characters; None is unlimited.
    """

    name: str
    fact: str
    label: str
    length: int | None
    required: bool = True
    kind: Kind = Kind.TEXT
    codes: tuple[Code, ...] = ()
    accept_length: int | None = None
    #: The statuses in which the field is sent, in words of ours; None: always.
    present_in: tuple[Labelled, ...] | None = None
    #: The statuses in which an otherwise optional field must be there.
    required_in: tuple[Labelled, ...] = ()
    personal: Personal | None = None
    may_be_blank: bool = False
    #: What the platform gave goes back unchanged, even where it is longer (decisions F1).
    echo: bool = False

    @property
    def accepted_length(self) -> int | None:
        """The most characters that we accept."""
        return self.accept_length or self.length

    def code_of(self, word: object) -> str | None:
        """The code that means a word; None where it has none."""
        return next((code.value for code in self.codes if code.word == word), None)

    def is_present(self, status: object) -> bool:
        return self.present_in is None or status in self.present_in

    def is_required(self, status: object) -> bool:
        return self.is_present(status) and (self.required or status in self.required_in)


@dataclass(frozen=True)
class Table:
    """One transcode: the fields of its request, and those of its answer beside code and message."""

    transcode: Transcode
    request: tuple[Field, ...]
    answer: tuple[Field, ...] = ()

    @property
    def status(self) -> Field | None:
        """The request's field that says which of the others are sent."""
        return next((field for field in self.request if field.fact == STATUS), None)

    def name_of(self, fact: str) -> str:
        """What the request calls a fact; LookupError for what it does not tell."""
        for field in self.request:
            if field.fact == fact:
                return field.name
        raise LookupError(f"{self.transcode} does not tell {fact}.")
