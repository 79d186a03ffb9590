"""The gateway's view: REST framework's seams, at which the checks of `order.py` are made."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from protocol.gateway import exceptions
from protocol.gateway.authentication import SenderAuthentication
from protocol.gateway.parsers import EnvelopeParser, TakeWhatever
from protocol.gateway.passage import Seam, passage_of
from protocol.gateway.permissions import OnceAndFresh
from protocol.gateway.renderers import EnvelopeRenderer
from protocol.gateway.throttles import RateThrottle


class GatewayView(APIView):
    """One address for all transcodes."""

    http_method_names = ["post"]
    content_negotiation_class = TakeWhatever
    parser_classes = [EnvelopeParser]
    authentication_classes = [SenderAuthentication]
    permission_classes = [OnceAndFresh]
    throttle_classes = [RateThrottle]
    renderer_classes = [EnvelopeRenderer]

    def post(self, request: ApiRequest) -> Response:
        passage_of(request).go_on(Seam.VIEW)
        return Response()

    def get_exception_handler(self) -> Any:
        return exceptions.handle


gateway = GatewayView.as_view()
