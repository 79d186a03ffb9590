"""Writes the message journal: accepted messages in their own transaction, refusals outside what was rolled back."""

from __future__ import annotations

import hashlib
import logging

from django.core.cache import cache

from protocol import alerts, strictjson
from protocol.errors import SUCCESS
from protocol.gateway.address import network_of
from protocol.gateway.exchange import Exchange
from protocol.models import Connection, Message
from protocol.models.journal import Direction

log = logging.getLogger(__name__)

#: Larger bodies are kept as size and digest only.
MOST_KEPT = 256 * 1024
#: Of a demand that was refused, its body is kept up to here whoever sent it (decisions C5).
MOST_KEPT_OF_REFUSED_DEMANDS = 64 * 1024
#: Strangers' messages per minute and network that get a row; more are only counted in the log.
STRANGERS_PER_MINUTE = 60


def accepted(exchange: Exchange) -> None:
    """The journal's row, in the transaction of what the message did, if anything; `complete` adds the answer."""
    exchange.message_id = _row(exchange, known=True).pk


def complete(exchange: Exchange, answer: bytes) -> None:
    """Adds the answer as it was sealed; writes the row of a refusal. A failure here is logged and answers nobody."""
    try:
        if exchange.message_id is None:
            _refused(exchange)
        if exchange.message_id is not None:
            Message.objects.filter(pk=exchange.message_id).update(
                answer=answer if len(answer) <= MOST_KEPT else None, duration_ms=exchange.duration_ms
            )
    except Exception:
        log.exception("The journal could not be written")


def _refused(exchange: Exchange) -> None:
    demand = exchange.outcome.code != SUCCESS and _is_demand(exchange)
    if demand:
        _note_sender(exchange)
        alerts.refused_demand(exchange.connection, exchange.outcome.code)
    known = exchange.party is not None  # authenticated, or a digital envelope under a known appid
    kept = known or (demand and exchange.connection is not None)
    if not kept and not _room_for_stranger(exchange.address):
        log.warning("A stranger's message from %s was not journalled: too many", exchange.address)
        return
    exchange.message_id = _row(exchange, known=known, refused_demand=demand).pk


def _row(exchange: Exchange, *, known: bool, refused_demand: bool = False) -> Message:
    most = MOST_KEPT if known else 0
    if refused_demand and exchange.connection is not None:
        most = max(most, MOST_KEPT_OF_REFUSED_DEMANDS)
    request, opened, outcome, body = exchange.request, exchange.opened, exchange.outcome, exchange.body
    return Message.objects.create(
        connection=exchange.connection if known or refused_demand else None,
        direction=Direction.INBOUND,
        at=exchange.received_at,
        transcode=request.transcode if request else "",
        msgcode=request.msgcode if request else "",
        version=request.version if request else "",
        remote_address=exchange.address or None,
        size=len(body),
        digest=hashlib.sha256(body).hexdigest(),
        body=body if len(body) <= most else None,
        plaintext=opened.plaintext if opened and len(opened.plaintext) <= most else None,
        order_number=_named(exchange, "applicationId"),
        guarantee_number=_named(exchange, "guaranteeId"),
        code=outcome.code,
        message=outcome.message,
        incident=outcome.incident,
    )


def _named(exchange: Exchange, field: str) -> str:
    value = exchange.opened.fields.get(field) if exchange.opened else None
    return value[:64] if isinstance(value, str) else ""


def _is_demand(exchange: Exchange) -> bool:
    if exchange.request is not None:
        return exchange.request.transcode == "PREP105"
    # The shape is broken: what can still be read of it decides.
    return exchange.path_transcode == "PREP105" or b'"PREP105"' in exchange.body[:MOST_KEPT_OF_REFUSED_DEMANDS]


def _note_sender(exchange: Exchange) -> None:
    """Of a demand whose shape is broken, the appid may still be readable."""
    if exchange.connection is None and exchange.request is None:
        try:
            appid = strictjson.loads(exchange.body).get("appid")
        except ValueError:
            return
        if isinstance(appid, str):
            exchange.connection = Connection.objects.filter(appid=appid).first()


def _room_for_stranger(address: str) -> bool:
    key = f"stranger:{network_of(address)}"
    cache.add(key, 0, 60)
    try:
        return cache.incr(key) <= STRANGERS_PER_MINUTE
    except ValueError:  # it expired in between
        return True
