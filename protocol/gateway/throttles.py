"""How much one sender may ask: signed messages per appid, digital ones, which anyone can write, per network too."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from rest_framework.request import Request as ApiRequest
from rest_framework.throttling import SimpleRateThrottle

from protocol import envelope
from protocol.gateway.exchange import exchange_of
from protocol.prep.tables import NEVER_REFUSED
from staff.network import network_of


class _PerMinute(SimpleRateThrottle):
    setting = ""

    def get_rate(self) -> str:
        return f"{getattr(settings, self.setting)}/minute"


class SignedThrottle(_PerMinute):
    """Counts a connection's signed messages; never a demand, which may be lost for good."""

    scope = "gateway-signed"
    setting = "GATEWAY_SIGNED_PER_MINUTE"

    def get_cache_key(self, request: ApiRequest, view: Any) -> str | None:
        parsed = _parsed(request)
        return None if parsed.is_digital or parsed.transcode in NEVER_REFUSED else f"{self.scope}:{parsed.appid}"


class DigitalThrottle(_PerMinute):
    """Counts digital envelopes in a bucket of their own, so that nobody can use up a platform's signed messages."""

    scope = "gateway-digital"
    setting = "GATEWAY_DIGITAL_PER_MINUTE"

    def get_cache_key(self, request: ApiRequest, view: Any) -> str | None:
        parsed = _parsed(request)
        if not parsed.is_digital:
            return None
        return f"{self.scope}:{parsed.appid}:{network_of(exchange_of(request).address)}"


def _parsed(request: ApiRequest) -> envelope.Request:
    """What the parser made of the body; the authentication has seen that it is one."""
    return cast("envelope.Request", request.data)
