"""What is known of one request while it passes through the gateway."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import cast

from django.http import HttpRequest

from protocol.envelope import Opened, Party, Request
from protocol.errors import SUCCESS
from protocol.gateway.body import Body
from protocol.models import Connection


@dataclass(frozen=True)
class Outcome:
    """What is answered: a code and its texts; with `fields`, sealed for the sender."""

    code: str = SUCCESS
    message: str = ""
    clear_message: str = ""
    fields: dict[str, str] | None = None
    status: int = 200
    incident: str = ""
    #: Why it was refused, a protocol.errors.Reason, and what in particular: for our record alone.
    reason: str = ""
    particulars: str = ""
    #: The answer that an accepted message got before.
    repeated: bool = False


@dataclass
class Exchange:
    """One request and what has been found out about it so far; the journal is written from it."""

    received_at: datetime
    address: str
    body: Body = field(default_factory=Body)
    path_transcode: str = ""
    started: float = field(default_factory=monotonic)
    request: Request | None = None
    connection: Connection | None = None
    party: Party | None = None
    opened: Opened | None = None
    #: What was decrypted and could not be read.
    unread: bytes = b""
    outcome: Outcome = field(default_factory=Outcome)
    #: The journal's row, once it is written.
    message_id: int | None = None

    def close(self) -> None:
        """Lets go of what was sent. Views and serializers refer to each other: of a large message, the collector frees
        dozens of megabytes that it would else find much later."""
        large = self.body.is_large
        self.body.close()
        self.request = self.opened = None
        if large:
            gc.collect()

    @property
    def duration_ms(self) -> int:
        return round((monotonic() - self.started) * 1000)


def exchange_of(request: object) -> Exchange:
    """The exchange that the middleware laid beside the request."""
    return cast("Exchange", request.exchange)  # type: ignore[attr-defined]


def attach(request: HttpRequest, exchange: Exchange) -> None:
    request.exchange = exchange  # type: ignore[attr-defined]
