"""Any failure into the code and the message of the specification's table 11.1."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.utils import timezone
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.response import Response

from protocol.details import Detail
from protocol.errors import CannotOpen, InternalFailure, Malformed, ProtocolError, Reason
from protocol.gateway.passage import passage_of
from protocol.gateway.stages import Answered, Outcome

log = logging.getLogger(__name__)


def failure(error: Exception, *, status: int = 200) -> Outcome:
    """What is answered for `error`; our own failure is named by an incident number and nothing else."""
    if isinstance(error, MethodNotAllowed):
        error = Malformed(Detail.METHOD.on_the_wire(), reason=Reason.METHOD)
    if isinstance(error, InternalFailure) or not isinstance(error, ProtocolError):
        incident = f"{timezone.localtime():%Y%m%d}-{secrets.token_hex(4)}"
        what = error.what if isinstance(error, InternalFailure) else type(error).__name__
        log.error("Incident %s in the gateway: %s", incident, what, exc_info=error)
        error = InternalFailure(what, incident)
        return _refusal(error, status, incident)
    return _refusal(error, status)


def _refusal(error: ProtocolError, status: int, incident: str = "") -> Outcome:
    return Outcome(
        error.code,
        error.message,
        error.clear_message,
        status=status,
        incident=incident,
        reason=error.reason,
        particulars=error.particulars,
        unread=_unread(error),
    )


def _unread(error: ProtocolError) -> bytes:
    """What was decrypted and could not be read, though that may be told as another error (authentication)."""
    cause = error if isinstance(error, CannotOpen) else error.__cause__
    return cause.plaintext if isinstance(cause, CannotOpen) else b""


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler for the gateway's view."""
    passage = passage_of(context["request"])
    passage.answered = Answered(passage.stage, failure(error))
    return Response()
