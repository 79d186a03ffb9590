"""Whatever happens, the platform gets the specification's JSON (decisions E10).

The outermost middleware: a request to the gateway goes to its view directly, past everything that could answer with
HTML, a redirect or a cookie (host check, slash redirect, sessions, CSRF, debug pages).
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse

from protocol import envelope
from protocol.errors import ProtocolError, Reason
from protocol.gateway import arrival, journal
from protocol.gateway.exceptions import failure
from protocol.gateway.order import ORDER
from protocol.gateway.passage import Passage, Seam, attach
from protocol.gateway.stages import Answered, Outcome
from protocol.gateway.views import gateway

log = logging.getLogger(__name__)


class GatewayMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/gateway" and not request.path_info.startswith("/gateway/"):
            return self.get_response(request)
        passage = Passage(arrival.received(request), ORDER)
        try:
            response = _answered(request, passage)
        finally:
            passage.close()
        # Nothing behind this middleware counts it, and a server would send the answer in chunks.
        response["Content-Length"] = str(len(response.content))
        return response


def _answered(request: HttpRequest, passage: Passage) -> HttpResponse:
    """The answer, once the journal has it."""
    try:
        response = _passed(request, passage)
    except Exception as error:
        log.exception("The gateway failed outside its view")
        close_old_connections()
        response = _in_clear(passage, failure(error))
    if passage.answered is not None:
        journal.complete(passage.answered, response.content)
    return response


def _passed(request: HttpRequest, passage: Passage) -> HttpResponse:
    passage.stage = arrival.with_body(passage.stage, request)
    try:
        passage.go_on(Seam.ARRIVAL)
    except ProtocolError as error:
        status = 413 if error.reason == Reason.TOO_LARGE else 200
        return _in_clear(passage, failure(error, status=status))
    request._body = b""  # so that DRF finds it read: the passage alone holds it
    attach(request, passage)
    response = gateway(request)
    response.render()
    answer = HttpResponse(response.content, status=response.status_code, headers=response.headers)
    response.content = b""  # it knows the request, and that its view, which knows it: found by Python much later
    return answer


def _in_clear(passage: Passage, outcome: Outcome) -> HttpResponse:
    passage.answered = Answered(passage.stage, outcome)
    return HttpResponse(
        envelope.answer(outcome.code, outcome.message), status=outcome.status, content_type="application/json"
    )
