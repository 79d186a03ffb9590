"""The answer's bytes: sealed for the sender where it has fields, in clear otherwise (decisions E8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from protocol import envelope
from protocol.gateway.exchange import Outcome, exchange_of


class EnvelopeRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None  # bytes; JSON is UTF-8 (RFC 8259)

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        outcome: Outcome = data
        exchange = exchange_of(renderer_context["request"]) if renderer_context else None
        if exchange and exchange.party and outcome.fields is not None:
            return envelope.seal_answer(outcome.fields, exchange.party, message=outcome.message)
        if exchange and exchange.party and exchange.request and exchange.request.is_digital and exchange.opened:
            # What was wrong with it is read by whom it is sealed for (decisions E8).
            return envelope.seal_answer({}, exchange.party, code=outcome.code, message=outcome.message)
        unproven = exchange and exchange.request and exchange.request.is_digital and not outcome.incident
        return envelope.answer(outcome.code, outcome.clear_message if unproven else outcome.message)
