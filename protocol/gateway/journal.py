"""Writes the message journal: accepted messages in their own transaction, refusals outside what was rolled back.

What proves nothing takes room from its network's budget of the hour (decisions C7); a repetition of an accepted message
has no row, since it is counted where it was accepted.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction

from protocol import alerts, envelope, strictjson
from protocol.errors import CannotOpen, Reason
from protocol.gateway import budget
from protocol.gateway.body import MOST_OF_A_DEMAND
from protocol.gateway.exchange import Exchange
from protocol.models import Alert, Connection, Message
from protocol.models.journal import UNPROVEN, Direction
from protocol.models.tally import Share
from protocol.prep.tables import NEVER_REFUSED
from staff.network import network_of

log = logging.getLogger(__name__)

#: Larger bodies are kept as size and digest only.
MOST_KEPT = 256 * 1024
#: A refused demand whose signature held is kept whole: it is read by a person.
MOST_KEPT_DEMAND = MOST_OF_A_DEMAND
#: Of what proves nothing, a body is kept up to here.
MOST_KEPT_UNPROVEN = 64 * 1024


def accepted(exchange: Exchange) -> None:
    """The journal's row, in the transaction of what the message did, if anything; `complete` adds the answer."""
    exchange.message_id = _row(exchange, _Read.of(exchange), most=MOST_KEPT).pk


def complete(exchange: Exchange, answer: bytes) -> None:
    """Adds the answer as it was sealed; writes the row of a refusal. A failure here is logged and answers nobody."""
    if exchange.outcome.repeated:
        return
    try:
        if exchange.message_id is None:
            with transaction.atomic():
                _refused(exchange)
        if exchange.message_id is not None:
            Message.objects.filter(pk=exchange.message_id).update(
                answer=answer if len(answer) <= MOST_KEPT else None, duration_ms=exchange.duration_ms
            )
    except Exception:
        log.exception("The journal could not be written")


NAMES = ("transcode", "msgcode", "version", "appid")


@dataclass(frozen=True)
class _Read:
    """What can be read of a message, whatever became of it."""

    transcode: str
    msgcode: str
    version: str
    appid: str
    plaintext: bytes = b""
    order_number: str = ""
    guarantee_number: str = ""

    @classmethod
    def of(cls, exchange: Exchange, opened: envelope.Opened | None = None, plaintext: bytes = b"") -> _Read:
        opened = opened or exchange.opened
        plaintext = opened.plaintext if opened else plaintext
        numbers = [_named(opened, field) for field in ("applicationId", "guaranteeId")]
        if request := exchange.request:
            return cls(request.transcode, request.msgcode, request.version, request.appid, plaintext, *numbers)
        seen = exchange.body.glance()
        transcode, msgcode, version, appid = (seen.get(name, "") for name in NAMES)
        return cls(transcode, msgcode, version, appid, plaintext, *numbers)


def _refused(exchange: Exchange) -> None:
    read = _Read.of(exchange, plaintext=exchange.unread)
    demand = _is_demand(exchange, read)
    if exchange.connection is None and read.appid:
        exchange.connection = Connection.objects.filter(appid=read.appid).first()
    if _is_proven(exchange):
        alert = alerts.refused_demand(*_told(exchange), exchange.outcome.particulars) if demand else None
        if alert is None or not Message.objects.filter(alert=alert).exists():
            most = MOST_KEPT_DEMAND if demand else MOST_KEPT
            exchange.message_id = _row(exchange, read, most=most, alert=alert).pk
        return
    network, at = network_of(exchange.address), exchange.received_at
    if demand and not read.plaintext and budget.has_room(network, at, Share.OPENED_DEMAND):
        read = _opened_for_the_record(exchange, read)
    share = Share.OTHER if not demand else Share.OPENED_DEMAND if read.plaintext else Share.DEMAND
    kept = _kept(exchange, read)
    room = budget.take(network, at, share, kept)
    alert = None
    if share == Share.OPENED_DEMAND and room.row:
        alert = alerts.refused_demand(*_told(exchange), exchange.outcome.particulars, proven=False)
        if Message.objects.filter(alert=alert).exists():
            return  # the very same bytes again: the alert counts them
    elif demand:
        alert = alerts.unproven_demand(network, *_told(exchange))
    if room.row:
        most = MOST_KEPT_UNPROVEN if kept and room.body else 0
        exchange.message_id = _row(exchange, read, most=most, alert=alert).pk


def _is_proven(exchange: Exchange) -> bool:
    """Whether the signature held, and was not just any that somebody may have recorded."""
    request = exchange.request
    return (
        exchange.party is not None
        and request is not None
        and not request.is_digital
        and exchange.outcome.reason not in UNPROVEN
    )


def _kept(exchange: Exchange, read: _Read) -> int:
    """How many bytes of it are wanted: none of strangers, of what was throttled, and of what is too large."""
    if exchange.connection is None or exchange.outcome.reason == Reason.THROTTLED:
        return 0
    sizes = (exchange.body.size, len(read.plaintext))
    return sum(size for size in sizes if size <= MOST_KEPT_UNPROVEN)


def _opened_for_the_record(exchange: Exchange, read: _Read) -> _Read:
    """A demand that was refused before it was opened, with what our key opens of it (decisions C5)."""
    connection, body = exchange.connection, exchange.body
    if connection is None or body.size > MOST_KEPT_UNPROVEN:
        return read
    try:
        data = exchange.request.data if exchange.request else strictjson.loads(body.content).get("data")
        if not isinstance(data, str):
            return read
        return _Read.of(exchange, envelope.open_signed(data, connection.party()))
    except CannotOpen as error:
        return _Read.of(exchange, plaintext=error.plaintext)
    except ValueError:
        return read


def _told(exchange: Exchange) -> tuple[Connection | None, str, str, str]:
    """What an alert says of it: who it claims to be, which bytes, the answer and why."""
    return exchange.connection, exchange.body.digest, exchange.outcome.code, exchange.outcome.reason


def _row(exchange: Exchange, read: _Read, *, most: int, alert: Alert | None = None) -> Message:
    outcome, body = exchange.outcome, exchange.body
    return Message.objects.create(
        connection=exchange.connection,
        direction=Direction.INBOUND,
        at=exchange.received_at,
        transcode=read.transcode,
        msgcode=read.msgcode,
        version=read.version,
        remote_address=exchange.address or None,
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


def _named(opened: envelope.Opened | None, field: str) -> str:
    value = opened.fields.get(field) if opened else None
    return value[:64] if isinstance(value, str) else ""


def _is_demand(exchange: Exchange, read: _Read) -> bool:
    # Where the shape is broken, what can still be read of it decides.
    begins = exchange.body.content[:MOST_KEPT_UNPROVEN] if exchange.request is None else b""
    return any(
        transcode in (read.transcode, exchange.path_transcode) or f'"{transcode}"'.encode() in begins
        for transcode in NEVER_REFUSED
    )
