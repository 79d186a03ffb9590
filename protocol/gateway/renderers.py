"""The answer's bytes: sealed for the sender where it has fields, in clear otherwise (decisions E8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from protocol import envelope
from protocol.gateway.passage import passage_of
from protocol.gateway.stages import Answered, MessageOpened, Parsed


def answer(answered: Answered) -> bytes:
    stage, outcome = answered.stage, answered.outcome
    if isinstance(stage, MessageOpened) and outcome.fields is not None:
        return envelope.seal_answer(outcome.fields, stage.party, message=outcome.message)
    if isinstance(stage, MessageOpened) and stage.request.is_digital:
        # What was wrong with it is read by whom it is sealed for.
        return envelope.seal_answer({}, stage.party, code=outcome.code, message=outcome.message)
    unproven = isinstance(stage, Parsed) and stage.request.is_digital and not outcome.incident
    return envelope.answer(outcome.code, outcome.clear_message if unproven else outcome.message)


class EnvelopeRenderer(BaseRenderer):
    """The passage's answer; REST framework's data is not looked at."""

    media_type = "application/json"
    format = "json"
    charset = None  # bytes; JSON is UTF-8 (RFC 8259)

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        if renderer_context is None or (answered := passage_of(renderer_context["request"]).answered) is None:
            raise ValueError("There is no answer yet.")
        return answer(answered)
