"""The gateway's view: one address, one handler per transcode, and the order of checks of decisions.md."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from protocol import envelope
from protocol.errors import Reason, Stale, Suspended
from protocol.gateway import exceptions, idempotency, journal
from protocol.gateway.authentication import SenderAuthentication
from protocol.gateway.exchange import Exchange, Outcome, exchange_of
from protocol.gateway.parsers import EnvelopeParser, TakeWhatever
from protocol.gateway.renderers import EnvelopeRenderer
from protocol.gateway.throttles import DigitalThrottle, SignedThrottle
from protocol.handlers import Answer, Handler, Inbound, handler_of
from protocol.models import AcceptedMessage
from protocol.prep import tables
from staff.clock import CHINA


class GatewayView(APIView):
    """Shape and sender (authentication), already accepted, fresh, throttled (`initial`); then opened, not suspended,
    fields, business (`post`)."""

    http_method_names = ["post"]
    parser_classes = [EnvelopeParser]
    authentication_classes = [SenderAuthentication]
    permission_classes = []
    throttle_classes = [SignedThrottle, DigitalThrottle]
    renderer_classes = [EnvelopeRenderer]
    content_negotiation_class = TakeWhatever

    def initial(self, request: ApiRequest, *args: Any, **kwargs: Any) -> None:
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        self.perform_authentication(request)
        exchange, self.sign = exchange_of(request), cast("bytes", request.auth)
        self.recorded = idempotency.recorded(exchange, self.sign) if self.sign else None
        if self.recorded is None:
            self.stale = _is_stale(exchange)
            self.check_throttles(request)

    def throttled(self, request: ApiRequest, wait: float | None) -> None:  # type: ignore[override]
        raise Suspended(f"请求过于频繁，请在{round(wait or 60)}秒后重试", reason=Reason.THROTTLED)

    def get_exception_handler(self) -> Any:
        return exceptions.handle

    def post(self, request: ApiRequest) -> Response:
        exchange = exchange_of(request)
        if self.recorded is None:
            try:
                exchange.outcome = self._accept(exchange, self.sign)
            except idempotency.AlreadyAccepted:
                self.recorded = idempotency.recorded(exchange, self.sign)
        if self.recorded is not None:
            exchange.outcome = self.recorded
        return Response(exchange.outcome)

    def _accept(self, exchange: Exchange, sign: bytes) -> Outcome:
        """Opens the message and does what it asks for."""
        request, connection, party = exchange.request, exchange.connection, exchange.party
        if request is None or connection is None or party is None:
            raise ValueError("The sender is authenticated before.")
        exchange.opened = exchange.opened or envelope.open_request(request, party)
        _check_open(exchange)
        handler = handler_of(request.transcode)
        inbound = self._inbound(handler, exchange)
        try:
            if sign:
                return self._act(exchange, sign, handler, inbound)
            return self._read(exchange, handler, inbound)
        except BaseException:
            # What was written rolled back, the journal's row too; a commit may fail after everything went well.
            exchange.message_id = None
            raise

    def _act(self, exchange: Exchange, sign: bytes, handler: Handler, inbound: Inbound) -> Outcome:
        """Message, what it does, answer and journal in one transaction."""
        with transaction.atomic():
            accepted = idempotency.claim(exchange, sign)
            answer = handler.handle(inbound)
            exchange.outcome = _outcome(handler.transcode, answer)
            if answer.message:
                AcceptedMessage.objects.filter(pk=accepted.pk).update(message=exchange.outcome.message)
            journal.accepted(exchange)
        return exchange.outcome

    def _read(self, exchange: Exchange, handler: Handler, inbound: Inbound) -> Outcome:
        """A digital envelope changes nothing (decisions E9): nobody waits for a lock while a file is examined."""
        exchange.outcome = _outcome(handler.transcode, handler.handle(inbound))
        journal.accepted(exchange)
        return exchange.outcome

    def _inbound(self, handler: Handler, exchange: Exchange) -> Inbound:
        if exchange.request is None or exchange.connection is None or exchange.opened is None:
            raise ValueError("The message is opened before.")
        serializer: Any = handler.serializer(data=exchange.opened.fields)
        serializer.is_valid(raise_exception=True)
        return Inbound(
            connection=exchange.connection,
            transcode=handler.transcode,
            msgcode=exchange.request.msgcode,
            received_at=exchange.received_at,
            values=serializer.validated_data,
            extras=serializer.extras,
            doubtful=serializer.doubtful,
            stale=self.stale,
        )


gateway = GatewayView.as_view()


def _is_stale(exchange: Exchange) -> bool:
    """Whether reqtime lies too far from our clock: refused (101), but for a demand, which is accepted and flagged."""
    request, party = exchange.request, exchange.party
    if request is None or party is None or request.is_digital:
        return False
    distance = abs((exchange.received_at - request.reqtime).total_seconds())
    if distance <= party.dialect.freshness * 60:
        return False
    if request.transcode in tables.NEVER_REFUSED:
        return True
    ours = timezone.localtime(exchange.received_at, CHINA)
    raise Stale(f"reqtime {request.reqtime_text} 与本方时间 {ours:%Y%m%d%H%M%S} 相差过大")


def _check_open(exchange: Exchange) -> None:
    """An operator's suspension (decisions C4): demands pass always, files unless they are suspended themselves."""
    request, connection = exchange.request, exchange.connection
    if request is None or connection is None or request.transcode in tables.NEVER_REFUSED:
        return
    if request.is_digital:
        suspended = settings.GATEWAY_FILES_SUSPENDED or connection.files_suspended
    else:
        suspended = settings.GATEWAY_SUSPENDED or connection.suspended
    if suspended:
        raise Suspended


def _outcome(transcode: str, answer: Answer) -> Outcome:
    fields = tables.build_answer(transcode, answer.fields).fields if transcode in tables.DIGITAL else None
    return Outcome(message=answer.message, fields=fields)
