"""Writes the message journal: accepted messages in their own transaction, refusals outside what was rolled back.

What proves nothing takes room from its network's budget of the hour (decisions C7); a repetition of an accepted message
has no row, since it is counted where it was accepted.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from django.db import transaction

from protocol import alerts, envelope, strictjson
from protocol.errors import CannotOpen, Reason
from protocol.gateway import budget
from protocol.gateway.body import MOST_OF_A_DEMAND
from protocol.gateway.stages import (
    Answered,
    MessageOpened,
    NetworkAllowed,
    Outcome,
    Parsed,
    PlatformNamed,
    Received,
    SenderKnown,
)
from protocol.models import Alert, Connection, Message
from protocol.models.journal import UNPROVEN, Direction
from protocol.models.tally import Share
from protocol.vocabulary import NEVER_REFUSED
from staff.network import network_of

log = logging.getLogger(__name__)

#: Larger bodies are kept as size and digest only.
MOST_KEPT = 256 * 1024
#: A refused demand whose signature held is kept whole: it is read by a person.
MOST_KEPT_DEMAND = MOST_OF_A_DEMAND
#: Of what proves nothing, a body is kept up to here.
MOST_KEPT_UNPROVEN = 64 * 1024


def accepted(message: MessageOpened, outcome: Outcome) -> int:
    """Writes the row in the transaction of what the message did, if anything; `complete` adds the answer. Its key."""
    return _row(message, outcome, _Read.of(message), most=MOST_KEPT).pk


def complete(answered: Answered, answer: bytes) -> None:
    """Adds the answer as it was sealed; writes the row of a refusal. A failure here is logged and answers nobody."""
    if answered.outcome.repeated:
        return
    try:
        message_id = answered.message_id
        if message_id is None:
            with transaction.atomic():
                message_id = _refused(answered)
        if message_id is not None:
            Message.objects.filter(pk=message_id).update(
                answer=answer if len(answer) <= MOST_KEPT else None, duration_ms=answered.stage.duration_ms
            )
    except Exception:
        log.exception("The journal could not be written")


NAMES = ("transcode", "msgcode", "version", "appid")


@dataclass(frozen=True)
class _Read:
    """What can be read of a message, whatever became of it."""

    connection: Connection | None
    transcode: str
    msgcode: str
    version: str
    appid: str
    plaintext: bytes = b""
    order_number: str = ""
    guarantee_number: str = ""

    @classmethod
    def of(cls, stage: Received, unread: bytes = b"") -> _Read:
        opened = stage.opened if isinstance(stage, NetworkAllowed) else None
        if isinstance(stage, Parsed):
            request = stage.request
            names = (request.transcode, request.msgcode, request.version, request.appid)
        else:
            seen = stage.body.glance()
            transcode, msgcode, version, appid = (seen.get(name, "") for name in NAMES)
            names = (transcode, msgcode, version, appid)
        connection = stage.connection if isinstance(stage, PlatformNamed) else None
        return cls(connection, *names).holding(opened, unread)

    def holding(self, opened: envelope.Opened | None, unread: bytes = b"") -> _Read:
        """With what it held, as far as our key opens it."""
        if opened is None or self.connection is None:
            return replace(self, plaintext=unread)
        order, guarantee = (
            _named(opened, self.connection.speaks.names_of(fact)) for fact in ("order_number", "guarantee_number")
        )
        return replace(self, plaintext=opened.plaintext, order_number=order, guarantee_number=guarantee)


def _refused(answered: Answered) -> int | None:
    """The key of the refusal's row, if it has one."""
    stage, outcome = answered.stage, answered.outcome
    read = _Read.of(stage, outcome.unread)
    demand = _is_demand(stage, read)
    if read.connection is None and read.appid:
        read = replace(read, connection=Connection.objects.filter(appid=read.appid).first())
    about = (read.connection, stage.body.digest, outcome.code, outcome.reason)
    if _is_proven(answered):
        alert = alerts.refused_demand(*about, outcome.particulars) if demand else None
        if alert is not None and Message.objects.filter(alert=alert).exists():
            return None
        most = MOST_KEPT_DEMAND if demand else MOST_KEPT
        return _row(stage, outcome, read, most=most, alert=alert).pk
    network = network_of(stage.address)
    if demand and not read.plaintext and budget.has_room(network, stage.at, Share.OPENED_DEMAND):
        read = _opened_for_the_record(stage, read)
    share = Share.OTHER if not demand else Share.OPENED_DEMAND if read.plaintext else Share.DEMAND
    wanted = _wanted(answered, read)
    room = budget.take(network, stage.at, share, wanted)
    alert = None
    if share == Share.OPENED_DEMAND and room.row:
        alert = alerts.refused_demand(*about, outcome.particulars, proven=False)
        if Message.objects.filter(alert=alert).exists():
            return None  # the very same bytes again: the alert counts them
    elif demand:
        alert = alerts.unproven_demand(network, *about)
    if not room.row:
        return None
    most = MOST_KEPT_UNPROVEN if wanted and room.body else 0
    return _row(stage, outcome, read, most=most, alert=alert).pk


def _is_proven(answered: Answered) -> bool:
    """Whether the signature held, and was not just any that somebody may have recorded."""
    stage = answered.stage
    return isinstance(stage, SenderKnown) and not stage.request.is_digital and answered.outcome.reason not in UNPROVEN


def _wanted(answered: Answered, read: _Read) -> int:
    """How many bytes of it are wanted: none of strangers, of what was throttled, and of what is too large."""
    if read.connection is None or answered.outcome.reason == Reason.THROTTLED:
        return 0
    sizes = (answered.stage.body.size, len(read.plaintext))
    return sum(size for size in sizes if size <= MOST_KEPT_UNPROVEN)


def _opened_for_the_record(stage: Received, read: _Read) -> _Read:
    """A demand that was refused before it was opened, with what our key opens of it (decisions C5)."""
    body = stage.body
    if read.connection is None or body.size > MOST_KEPT_UNPROVEN:
        return read
    try:
        data = stage.request.data if isinstance(stage, Parsed) else strictjson.loads(body.content).get("data")
        if not isinstance(data, str):
            return read
        return read.holding(envelope.open_signed(data, read.connection.party()))
    except CannotOpen as error:
        return read.holding(None, error.plaintext)
    except ValueError:
        return read


def _row(stage: Received, outcome: Outcome, read: _Read, *, most: int, alert: Alert | None = None) -> Message:
    body = stage.body
    return Message.objects.create(
        connection=read.connection,
        direction=Direction.INBOUND,
        at=stage.at,
        transcode=read.transcode,
        msgcode=read.msgcode,
        version=read.version,
        remote_address=stage.address or None,
        size=body.size,
        digest=body.digest,
        body=body.whole() if body.size <= most else None,
        plaintext=read.plaintext if 0 < len(read.plaintext) <= most else None,
        order_number=read.order_number,
        guarantee_number=read.guarantee_number,
        code=outcome.code,
        message=outcome.message,
        incident=outcome.incident,
        reason=outcome.reason or None,
        particulars=outcome.particulars[:200] or None,
        appid=(read.appid or None) if outcome.reason else None,
        alert=alert,
    )


def _named(opened: envelope.Opened, names: tuple[str, ...]) -> str:
    """The first of these fields that says something."""
    given = (opened.fields.get(name) for name in names)
    return next((value[:64] for value in given if isinstance(value, str)), "")


def _is_demand(stage: Received, read: _Read) -> bool:
    # Where the shape is broken, what can still be read of it decides.
    begins = b"" if isinstance(stage, Parsed) else stage.body.content[:MOST_KEPT_UNPROVEN]
    return any(
        transcode in (read.transcode, stage.path_transcode) or f'"{transcode}"'.encode() in begins
        for transcode in NEVER_REFUSED
    )
