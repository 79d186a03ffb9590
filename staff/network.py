"""Where a request came from: never by a header that anyone can write."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The sender's IP address; of what a proxy of ours says of it (TRUSTED_PROXIES), the last hop that is not ours."""
    hops = [*request.headers.get("X-Forwarded-For", "").split(","), request.META.get("REMOTE_ADDR", "")]
    for hop in reversed(hops):
        try:
            address = ip_address(hop.strip())
        except ValueError:
            break
        if not any(address in network for network in settings.TRUSTED_PROXIES):
            return str(address)
    return str(request.META.get("REMOTE_ADDR", ""))


def from_proxy(request: HttpRequest) -> bool:
    """Whether a proxy of ours handed the request over, so that its headers may be believed."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in network for network in settings.TRUSTED_PROXIES)


def network_of(address: str) -> str:
    """The network that shares a throttle with the address: its /24, or its /48 in IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{parsed}/{24 if isinstance(parsed, IPv4Address) else 48}", strict=False))
