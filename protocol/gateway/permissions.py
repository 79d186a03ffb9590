"""Whether what is signed may still be done: not done already, and fresh."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils import timezone
from rest_framework.permissions import BasePermission
from rest_framework.request import Request as ApiRequest

from protocol.details import Detail
from protocol.errors import Stale
from protocol.gateway.passage import Seam, passage_of
from protocol.gateway.stages import SenderKnown
from staff.clock import CHINA


def fresh(known: SenderKnown) -> SenderKnown:
    """Whether reqtime lies too far from our clock: refused (101), but for a demand, which is accepted and flagged
    (decisions C2)."""
    request = known.request
    if request.is_digital:
        return known
    distance = abs((known.at - request.reqtime).total_seconds())
    if distance <= known.party.dialect.freshness * 60:
        return known
    if known.is_never_refused:
        return replace(known, stale=True)
    our_time = timezone.localtime(known.at, CHINA)
    raise Stale(Detail.STALE.on_the_wire(reqtime=request.reqtime_text, our_time=f"{our_time:%Y%m%d%H%M%S}"))


class OnceAndFresh(BasePermission):
    """The checks against what was accepted before, and of freshness: they refuse, or answer, themselves."""

    def has_permission(self, request: ApiRequest, view: Any) -> bool:
        passage_of(request).go_on(Seam.PERMISSION)
        return True
