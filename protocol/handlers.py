"""Which room answers which inbound transcode: offered to the protocol, never imported by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rest_framework.serializers import BaseSerializer

from protocol.errors import InvalidFields, Problem
from protocol.models import Connection
from protocol.vocabulary import Transcode
from staff.offered import Offered


@dataclass(frozen=True)
class Inbound:
    """One opened message: who sent it, when it reached us, and what it says, checked and typed.

    `facts` are what the transcode's serializer validated, by our names: str (a word of the vocabulary where the field
    has codes), Decimal, date, aware datetime or int; absent optional ones are missing. `unknown_fields` are those that
    the family's table does not know, kept as they came; `doubtful` names texts that came as numbers which have lost
    digits (E12). `stale` says that a demand was accepted in spite of its reqtime (decisions C2).
    """

    connection: Connection
    transcode: Transcode
    msgcode: str
    received_at: datetime
    facts: Mapping[str, Any]
    unknown_fields: Mapping[str, Any] = field(default_factory=dict)
    doubtful: tuple[str, ...] = ()
    stale: bool = False

    def refusal(self, wrong: Mapping[str, str]) -> InvalidFields:
        """103 for facts that are wrong, each with its sentence; the platform reads its own names of them."""
        table = self.connection.speaks.tables[self.transcode]
        return InvalidFields([Problem(table.name_of(fact), text) for fact, text in wrong.items()])


@dataclass(frozen=True)
class Answer:
    """What the handler answers with code 000: for digital transcodes, the facts of the answer."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""


@dataclass(frozen=True)
class Handler:
    """The handler of one transcode. `handle` runs inside the transaction that also records the message, that of a
    digital transcode, which only reads, outside of any; it raises protocol.errors for anything but success, and then
    nothing of what it did remains."""

    transcode: Transcode
    serializer: type[BaseSerializer[Any]]
    handle: Callable[[Inbound], Answer]


HANDLERS: Offered[Handler] = Offered("HANDLERS", Handler, known_by=lambda handler: handler.transcode)


def handler_of(transcode: str) -> Handler:
    """The one handler of an inbound transcode, or LookupError; a system check sees that each has one."""
    for handler in HANDLERS:
        if handler.transcode == transcode:
            return handler
    raise LookupError(f"No room offers a handler of {transcode}.")
