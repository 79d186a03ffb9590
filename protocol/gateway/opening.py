"""What a message of a known sender holds: opened, read by its transcode's table, and done."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction

from protocol import envelope
from protocol.errors import Suspended
from protocol.gateway import idempotency, journal
from protocol.gateway.stages import Answered, MessageOpened, Outcome, SenderKnown, Understood, advanced
from protocol.handlers import Answer, Inbound, handler_of
from protocol.models import AcceptedMessage
from protocol.tables import build_answer


def opened(known: SenderKnown) -> MessageOpened:
    return advanced(known, MessageOpened, opened=known.opened or envelope.open_request(known.request, known.party))


def not_suspended(message: MessageOpened) -> MessageOpened:
    """An operator's suspension (decisions C4): demands pass always, files unless they are suspended themselves."""
    if message.is_never_refused:
        return message
    if message.request.is_digital:
        suspended = settings.GATEWAY_FILES_SUSPENDED or message.connection.files_suspended
    else:
        suspended = settings.GATEWAY_SUSPENDED or message.connection.suspended
    if suspended:
        raise Suspended
    return message


def right_fields(message: MessageOpened) -> Understood:
    handler = handler_of(message.request.transcode)
    context = {"family": message.connection.speaks}
    serializer: Any = handler.serializer(data=message.opened.fields, context=context)
    serializer.is_valid(raise_exception=True)
    inbound = Inbound(
        connection=message.connection,
        transcode=handler.transcode,
        msgcode=message.request.msgcode,
        received_at=message.at,
        facts=serializer.validated_data,
        unknown_fields=serializer.unknown_fields,
        doubtful=serializer.doubtful,
        stale=message.stale,
    )
    return advanced(message, Understood, handler=handler, inbound=inbound)


def done(message: Understood) -> Answered:
    """What the message asks for, or an error of what it names (201 to 204); then nothing of it remains."""
    if not message.sign:
        # A digital envelope changes nothing (decisions E9): nobody waits for a lock while a file is examined.
        outcome = _outcome(message, message.handler.handle(message.inbound))
        return Answered(message, outcome, journal.accepted(message, outcome))
    try:
        return _done_once(message)
    except idempotency.AlreadyAccepted:
        return idempotency.twins_answer(message)


def _done_once(message: Understood) -> Answered:
    """Message, what it does, answer and journal in one transaction."""
    with transaction.atomic():
        accepted = idempotency.claim(message)
        outcome = _outcome(message, message.handler.handle(message.inbound))
        if outcome.message:
            AcceptedMessage.objects.filter(pk=accepted.pk).update(message=outcome.message)
        return Answered(message, outcome, journal.accepted(message, outcome))


def _outcome(message: Understood, answer: Answer) -> Outcome:
    if not message.request.is_digital:
        return Outcome(message=answer.message)
    table = message.connection.speaks.tables[message.handler.transcode]
    return Outcome(message=answer.message, fields=build_answer(table, answer.facts).fields)
