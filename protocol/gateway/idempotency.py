"""What was accepted once is never done twice (decisions C1).

The signature covers neither msgcode nor transcode, and an honest sender that tries again may encrypt afresh. So both
the message's name and its signature are remembered of every signed message that was answered 000.
"""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction
from django.db.models import F

from protocol import envelope
from protocol.errors import SUCCESS, Malformed, Reason
from protocol.gateway.exchange import Exchange, Outcome
from protocol.models import AcceptedMessage, AcceptedSignature

REUSED = "报文签名已用于其他报文"
CHANGED = "msgcode 已用于内容不同的报文"


class AlreadyAccepted(Exception):
    """Another request with the same name or signature was accepted while this one was being handled."""


def recorded(exchange: Exchange, sign: bytes) -> Outcome | None:
    """The answer that this message got when it was accepted; None for a new one; 103 for one that only looks like it.

    A repetition that was encrypted afresh is opened, and its signature remembered as well.
    """
    request, connection, party = exchange.request, exchange.connection, exchange.party
    if request is None or connection is None or party is None:
        raise ValueError("Only an authenticated message can be looked up.")
    by_sign = AcceptedSignature.objects.filter(connection=connection, sign=sign).select_related("accepted").first()
    if by_sign is not None:
        accepted = by_sign.accepted
        if (accepted.transcode, accepted.msgcode) != (request.transcode, request.msgcode):
            raise Malformed(REUSED, reason=Reason.REUSED, particulars=f"{accepted.transcode} {accepted.msgcode}")
        return _again(accepted, exchange)
    known = AcceptedMessage.objects.filter(
        connection=connection, transcode=request.transcode, msgcode=request.msgcode
    ).first()
    if known is None:
        return None
    exchange.opened = exchange.opened or envelope.open_request(request, party)
    if digest(exchange.opened.plaintext) != bytes(known.plaintext_digest):
        raise Malformed(CHANGED, reason=Reason.CHANGED)
    AcceptedSignature.objects.get_or_create(connection=connection, sign=sign, defaults={"accepted": known})
    return _again(known, exchange)


def _again(accepted: AcceptedMessage, exchange: Exchange) -> Outcome:
    """The recorded answer; the repetition is counted here and has no row in the journal (decisions C7)."""
    AcceptedMessage.objects.filter(pk=accepted.pk).update(repeats=F("repeats") + 1, last_repeat_at=exchange.received_at)
    return Outcome(accepted.code, accepted.message, repeated=True)


def claim(exchange: Exchange, sign: bytes) -> AcceptedMessage:
    """Takes the message's name and signature, before anything is done for it, in the transaction that does it.

    Raises AlreadyAccepted where a twin got there first: the database waits for the twin's end, then tells.
    """
    request, connection, opened = exchange.request, exchange.connection, exchange.opened
    if request is None or connection is None or opened is None:
        raise ValueError("Only an opened message can be accepted.")
    try:
        with transaction.atomic():
            accepted = AcceptedMessage.objects.create(
                connection=connection,
                transcode=request.transcode,
                msgcode=request.msgcode,
                plaintext_digest=digest(opened.plaintext),
                code=SUCCESS,
                accepted_at=exchange.received_at,
            )
            AcceptedSignature.objects.create(connection=connection, sign=sign, accepted=accepted)
    except IntegrityError:
        raise AlreadyAccepted from None
    return accepted


def digest(plaintext: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(plaintext).digest()
