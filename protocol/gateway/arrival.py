"""What HTTP brought: the address, the length, whether it is whole, and room for it."""

from __future__ import annotations

import re
from dataclasses import replace

from django.http import HttpRequest

from protocol.details import Detail
from protocol.errors import Malformed, Reason, Suspended
from protocol.gateway import large_bodies
from protocol.gateway.body import MAX_BODY, MOST_COUNTED, Body, read
from protocol.gateway.stages import Received
from staff import clock
from staff.files import MEGABYTE
from staff.network import client_address

#: The server's word, in the WSGI environment, of why a request did not arrive whole.
BROKEN_HTTP = "gateway.broken_http"
ADDRESS = re.compile(r"/gateway(?:/([^/]*))?/?", re.ASCII)


def received(request: HttpRequest) -> Received:
    """The request, its body not read yet."""
    address = ADDRESS.fullmatch(request.path_info)
    return Received(
        at=clock.now(),
        address=client_address(request),
        path_transcode=None if address is None else address[1] or "",
        broken=str(request.META.get(BROKEN_HTTP, "")),
    )


def with_body(received: Received, request: HttpRequest) -> Received:
    """With its body, unless that is too large or its address none of ours.

    It is read in any other case: whether a demand is refused must be known (decisions C5), and a large one goes to
    disk.
    """
    if received.path_transcode is None:
        return received
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MAX_BODY:
        return replace(received, body=Body(size=min(int(length), MOST_COUNTED)))
    return replace(received, body=read(request, MAX_BODY))


def known_address(received: Received) -> Received:
    if received.path_transcode is None:
        raise Malformed(Detail.ADDRESS.on_the_wire(), reason=Reason.ADDRESS)
    return received


def not_too_large(received: Received) -> Received:
    if received.body.size > MAX_BODY:
        raise Malformed(Detail.BEYOND_THE_MOST.on_the_wire(most=MAX_BODY // MEGABYTE), reason=Reason.TOO_LARGE)
    return received


def arrived_whole(received: Received) -> Received:
    if received.broken:
        raise Malformed(Detail.NOT_RECEIVED.on_the_wire(), reason=Reason.NOT_RECEIVED, particulars=received.broken)
    return received


def room_for_a_large_body(received: Received) -> Received:
    """With a slot where the body is a large one."""
    if not received.body.is_large:
        return received
    slot = large_bodies.take(received.address)
    if slot is None:
        raise Suspended(Detail.BUSY.on_the_wire(), reason=Reason.BUSY)
    return replace(received, slot=slot)
