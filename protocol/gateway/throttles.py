"""How much one sender may ask: signed messages per appid, digital ones, which anyone can write, per network too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from rest_framework.request import Request as ApiRequest
from rest_framework.throttling import BaseThrottle

from protocol.details import Detail
from protocol.errors import Reason, Suspended
from protocol.gateway.passage import Seam, passage_of
from protocol.gateway.stages import SenderKnown
from staff.network import network_of
from staff.rate_limits import RateLimit

MINUTE = timedelta(minutes=1)
SIGNED = RateLimit("gateway-signed", lambda: settings.GATEWAY_SIGNED_PER_MINUTE, MINUTE)
#: Counted apart, so that nobody can use up a platform's signed messages.
DIGITAL = RateLimit("gateway-digital", lambda: settings.GATEWAY_DIGITAL_PER_MINUTE, MINUTE)


def within_the_rate(known: SenderKnown) -> SenderKnown:
    """A signed demand passes always: it may be lost for good."""
    if known.request.is_digital:
        limit, key = DIGITAL, f"{known.request.appid}:{network_of(known.address)}"
    elif known.is_never_refused:
        return known
    else:
        limit, key = SIGNED, known.request.appid
    if not limit.allows(key):
        raise Suspended(Detail.THROTTLED.on_the_wire(seconds=limit.seconds_left(key)), reason=Reason.THROTTLED)
    return known


class RateThrottle(BaseThrottle):
    """The check of the rate, which refuses itself."""

    def allow_request(self, request: ApiRequest, view: Any) -> bool:
        passage_of(request).go_on(Seam.THROTTLE)
        return True
