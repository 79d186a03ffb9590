"""What is known of a request, stage by stage: received, parsed, its platform named, its network allowed, its sender
known, opened, understood, answered.

A later stage is the earlier one and what has been found out since; none is changed any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

from protocol import envelope
from protocol.errors import SUCCESS
from protocol.gateway.body import Body
from protocol.gateway.large_bodies import Slot
from protocol.handlers import Handler, Inbound
from protocol.models import AcceptedMessage, Connection
from protocol.vocabulary import NEVER_REFUSED


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request as it arrived, whole or not; nothing of it is believed."""

    at: datetime
    #: The IP address that it came from.
    address: str
    #: Empty until it is read.
    body: Body = field(default_factory=Body)
    #: The transcode that its address names, "" where it names none; None where there is no such address.
    path_transcode: str | None = ""
    #: The server's word of why it did not arrive whole.
    broken: str = ""
    #: The slot of a large body among those that are handled at once.
    slot: Slot | None = None
    started: float = field(default_factory=monotonic)

    @property
    def duration_ms(self) -> int:
        return round((monotonic() - self.started) * 1000)


@dataclass(frozen=True, kw_only=True)
class Parsed(Received):
    """It has the shape of a request; anybody may have written it."""

    request: envelope.Request

    @property
    def is_never_refused(self) -> bool:
        """Whether it is a demand, which may be lost for good."""
        return self.request.transcode in NEVER_REFUSED


@dataclass(frozen=True, kw_only=True)
class PlatformNamed(Parsed):
    """It names a platform that we know, which nothing proves to be its sender."""

    connection: Connection


@dataclass(frozen=True, kw_only=True)
class NetworkAllowed(PlatformNamed):
    """It came from where that platform may send from; `party` are the agreement's keys and secrets."""

    party: envelope.Party
    #: What it holds, where that has been read already: the dialect may have the plaintext signed, and a message that
    #: was encrypted afresh is compared with the one accepted before.
    opened: envelope.Opened | None = None


@dataclass(frozen=True, kw_only=True)
class SenderKnown(NetworkAllowed):
    """Its signature holds. A digital envelope has none, and nothing proves who sent it (decisions E9)."""

    #: The signature's 32 bytes; b"" of a digital envelope.
    sign: bytes
    #: What was accepted under its name before.
    accepted: AcceptedMessage | None = None
    #: Whether it was accepted in spite of its reqtime (decisions C2).
    stale: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageOpened(SenderKnown):
    """Our key opens it, and it holds a JSON object."""

    opened: envelope.Opened = field()


@dataclass(frozen=True, kw_only=True)
class Understood(MessageOpened):
    """Its fields are as its transcode's table says; `inbound` is what its handler is given."""

    handler: Handler
    inbound: Inbound


@dataclass(frozen=True)
class Outcome:
    """What is answered: a code and its texts; with `fields`, sealed for the sender."""

    code: str = SUCCESS
    message: str = ""
    clear_message: str = ""
    fields: Mapping[str, str] | None = None
    status: int = 200
    incident: str = ""
    #: Why it was refused, a protocol.errors.Reason, and what in particular: for our record alone.
    reason: str = ""
    particulars: str = ""
    #: What was decrypted and could not be read; for our record too.
    unread: bytes = b""
    #: The answer that an accepted message got before.
    repeated: bool = False


@dataclass(frozen=True)
class Answered:
    """The end: what is answered, and how far the request had come."""

    stage: Received
    outcome: Outcome
    #: The journal's row, where it is written already.
    message_id: int | None = None


Later = TypeVar("Later", bound=Received)


def advanced(stage: Received, to: type[Later], **found: Any) -> Later:
    """The later stage: what the earlier one knows, and what has been found out."""
    return to(**{**{one.name: getattr(stage, one.name) for one in fields(stage)}, **found})
