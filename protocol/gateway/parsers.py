"""The outer JSON, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from protocol import envelope
from protocol.details import Detail
from protocol.errors import Malformed, Reason
from protocol.gateway.body import MOST_OF_A_DEMAND, Body
from protocol.gateway.passage import Seam, passage_of
from protocol.gateway.stages import Parsed, Received, advanced
from protocol.vocabulary import INBOUND, NEVER_REFUSED, WITH_FILE


def shape(received: Received) -> Parsed:
    """Bytes into an envelope.Request, or Malformed (103)."""
    if received.body.size == 0:
        raise Malformed(Detail.EMPTY.on_the_wire(), reason=Reason.NO_ENVELOPE)
    return advanced(received, Parsed, request=_parsed(received.body))


def transcode_of_the_address(parsed: Parsed) -> Parsed:
    transcode = parsed.request.transcode
    if parsed.path_transcode and parsed.path_transcode != transcode:
        raise Malformed(
            Detail.TRANSCODE_OF_ADDRESS.on_the_wire(transcode=transcode[:8]),
            reason=Reason.TRANSCODE_OF_ADDRESS,
            particulars=f"{parsed.path_transcode[:20]} / {transcode}",
        )
    return parsed


def transcode_that_we_answer(parsed: Parsed) -> Parsed:
    transcode = parsed.request.transcode
    if transcode not in INBOUND:
        raise Malformed(Detail.TRANSCODE.on_the_wire(), reason=Reason.TRANSCODE, particulars=transcode)
    return parsed


def _parsed(body: Body) -> envelope.Request:
    if body.file is None:
        return envelope.parse(body.content)
    transcode = body.glance().get("transcode")
    if transcode in NEVER_REFUSED and body.size <= MOST_OF_A_DEMAND:
        return envelope.parse(body.whole())
    if transcode in WITH_FILE:  # its `data` stays on disk until its sender is known
        request = envelope.parse_long(body.file, body.size)
        if request.transcode in WITH_FILE:
            return request
    raise Malformed(Detail.TOO_LARGE.on_the_wire(), reason=Reason.TOO_LARGE)


class EnvelopeParser(BaseParser):
    """The checks of the outer JSON. What they find is the passage's; `request.data` is None."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        if parser_context is None:
            raise ValueError("The gateway's parser needs its request.")
        passage_of(parser_context["request"]).go_on(Seam.PARSER)
        return None


class TakeWhatever(BaseContentNegotiation):
    """Any content type, any Accept: there is one way to read and one way to answer (decisions E10)."""

    def select_parser(self, request: Any, parsers: Any) -> BaseParser:
        return parsers[0]  # type: ignore[no-any-return]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        renderer: BaseRenderer = renderers[0]
        return renderer, renderer.media_type
