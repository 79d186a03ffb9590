"""What was accepted once is never done twice (decisions C1).

The signature covers neither msgcode nor transcode, and an honest sender that tries again may encrypt afresh. So both
the message's name and its signature are remembered of every signed message that was answered 000.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models import F

from protocol import envelope
from protocol.details import Detail
from protocol.errors import SUCCESS, Malformed, Reason
from protocol.gateway.stages import Answered, MessageOpened, Outcome, SenderKnown
from protocol.models import AcceptedMessage, AcceptedSignature


class AlreadyAccepted(Exception):
    """Another request with the same name or signature was accepted while this one was being handled."""


def signature_not_used(known: SenderKnown) -> SenderKnown | Answered:
    """Of the very message that was accepted under this signature, the answer again; of another, 103."""
    if not known.sign:
        return known
    used = AcceptedSignature.objects.filter(connection=known.connection, sign=known.sign)
    by_sign = used.select_related("accepted").first()
    if by_sign is None:
        return known
    accepted, request = by_sign.accepted, known.request
    if (accepted.transcode, accepted.msgcode) != (request.transcode, request.msgcode):
        raise Malformed(
            Detail.REUSED.on_the_wire(), reason=Reason.REUSED, particulars=f"{accepted.transcode} {accepted.msgcode}"
        )
    return _again(known, accepted)


def opened_where_its_name_is_used(known: SenderKnown) -> SenderKnown:
    """With what was accepted under this name, to be compared with what this one holds."""
    if not known.sign:
        return known
    request = known.request
    accepted = AcceptedMessage.objects.filter(
        connection=known.connection, transcode=request.transcode, msgcode=request.msgcode
    ).first()
    if accepted is None:
        return known
    return replace(known, accepted=accepted, opened=known.opened or envelope.open_request(request, known.party))


def name_not_used(known: SenderKnown) -> SenderKnown | Answered:
    """Of a message that was encrypted afresh, the answer again, and its signature is remembered too; of another
    content, 103."""
    if known.accepted is None or known.opened is None:
        return known
    if digest(known.opened.plaintext) != bytes(known.accepted.plaintext_digest):
        raise Malformed(Detail.CHANGED.on_the_wire(), reason=Reason.CHANGED)
    AcceptedSignature.objects.get_or_create(
        connection=known.connection, sign=known.sign, defaults={"accepted": known.accepted}
    )
    return _again(known, known.accepted)


def twins_answer(opened: MessageOpened) -> Answered:
    """The answer of the twin that was accepted meanwhile."""
    found = signature_not_used(opened)
    if not isinstance(found, Answered):
        found = name_not_used(opened_where_its_name_is_used(found))
    if not isinstance(found, Answered):
        raise AlreadyAccepted("by a message that is not there")
    return found


def _again(known: SenderKnown, accepted: AcceptedMessage) -> Answered:
    """The recorded answer; the repetition is counted here and has no row in the journal (decisions C7)."""
    AcceptedMessage.objects.filter(pk=accepted.pk).update(repeats=F("repeats") + 1, last_repeat_at=known.at)
    return Answered(known, Outcome(accepted.code, accepted.message, repeated=True))


def claim(opened: MessageOpened) -> AcceptedMessage:
    """Takes the message's name and signature, before anything is done for it, in the transaction that does it.

    Raises AlreadyAccepted where a twin got there first: the database waits for the twin's end, then tells.
    """
    try:
        with transaction.atomic():
            accepted = AcceptedMessage.objects.create(
                connection=opened.connection,
                transcode=opened.request.transcode,
                msgcode=opened.request.msgcode,
                plaintext_digest=digest(opened.opened.plaintext),
                code=SUCCESS,
                accepted_at=opened.at,
            )
            AcceptedSignature.objects.create(connection=opened.connection, sign=opened.sign, accepted=accepted)
    except IntegrityError:
        raise AlreadyAccepted from None
    return accepted


def digest(plaintext: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(plaintext).digest()
