"""Whatever happens, the platform gets the specification's JSON (decisions E10).

The outermost middleware: a request to the gateway goes to its view directly, past everything that could answer with
HTML, a redirect or a cookie (host check, slash redirect, sessions, CSRF, debug pages).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import ExitStack

from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse

from protocol import envelope
from protocol.errors import Malformed, Reason, Suspended
from protocol.gateway import journal, large_bodies
from protocol.gateway.body import Body, read
from protocol.gateway.exceptions import failure
from protocol.gateway.exchange import Exchange, Outcome, attach
from protocol.gateway.views import gateway
from staff import clock
from staff.network import client_address

log = logging.getLogger(__name__)

#: A file of 20 MB, base64 twice (decisions E10).
MAX_BODY = 56 * 1024 * 1024
#: The largest number that every database's integer column holds.
MOST_COUNTED = 2**31 - 1
#: The server's word, in the WSGI environment, of why a request did not arrive whole.
BROKEN_HTTP = "gateway.broken_http"
ADDRESS = re.compile(r"/gateway(?:/([^/]*))?/?", re.ASCII)


class GatewayMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/gateway" and not request.path_info.startswith("/gateway/"):
            return self.get_response(request)
        exchange = Exchange(clock.now(), client_address(request))
        with ExitStack() as held:
            try:
                response = self._answered(request, exchange, held)
            except Exception as error:
                log.exception("The gateway failed outside its view")
                close_old_connections()
                response = _clear(exchange, failure(error))
            journal.complete(exchange, response.content)
            exchange.close()
        # Nothing behind this middleware counts it, and a server would send the answer in chunks.
        response["Content-Length"] = str(len(response.content))
        return response

    def _answered(self, request: HttpRequest, exchange: Exchange, held: ExitStack) -> HttpResponse:
        address = ADDRESS.fullmatch(request.path_info)
        if address is None:
            return _clear(exchange, failure(Malformed("地址应为/gateway/或/gateway/交易码/", reason=Reason.ADDRESS)))
        exchange.path_transcode = address[1] or ""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > MAX_BODY:
            exchange.body = Body(size=min(int(length), MOST_COUNTED))
            return _clear(exchange, failure(Malformed("报文超过56MB", reason=Reason.TOO_LARGE), status=413))
        if broken := request.META.get(BROKEN_HTTP):
            exchange.body = read(request, MAX_BODY)
            error = Malformed("HTTP请求有误，或未在时限内完整到达", reason=Reason.NOT_RECEIVED, particulars=broken)
            return _clear(exchange, failure(error))
        # Read in any case: whether a demand is refused must be known (decisions C5), and a large one goes to disk.
        exchange.body = read(request, MAX_BODY)
        if not held.enter_context(large_bodies.place(exchange.address, exchange.body.size)):
            return _clear(exchange, failure(Suspended("同时收到的大报文过多，请稍后重试", reason=Reason.BUSY)))
        request._body = exchange.body.content  # so that DRF finds it read
        attach(request, exchange)
        response = gateway(request)
        response.render()
        return response


def _clear(exchange: Exchange, outcome: Outcome) -> HttpResponse:
    exchange.outcome = outcome
    return HttpResponse(
        envelope.answer(outcome.code, outcome.message), status=outcome.status, content_type="application/json"
    )
