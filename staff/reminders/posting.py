"""Posts to a robot's webhook: over https alone, to hosts that are known, and never into our own network by mistake.

Whoever may set an address must not be able to make this machine ask others for them (SSRF). So a robot's host is one of
the three providers', whose name must lead to a public address, or one that the operator names in CHANNEL_HOSTS. The
address that was judged is the one that is connected to; no redirect is followed, no proxy taken from the environment.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from staff.models import ChannelKind

#: Where each provider's robots are.
HOSTS: Mapping[str, frozenset[str]] = {
    ChannelKind.WECOM: frozenset({"qyapi.weixin.qq.com"}),
    ChannelKind.DINGTALK: frozenset({"oapi.dingtalk.com", "api.dingtalk.com"}),
    ChannelKind.FEISHU: frozenset({"open.feishu.cn", "open.larksuite.com"}),
}
MOST_READ = 64 * 1024
PRINTED = 200


class NotPosted(Exception):
    """No answer came back; `str()` says why, for a person, and never names the address's key. `final`: trying again
    would not help before somebody changes something."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.final = final


@dataclass(frozen=True)
class Reply:
    """The HTTP status, and at most 64 KB of the body."""

    status: int
    body: bytes


def address_trouble(kind: str, address: str) -> str:
    """Why a robot of this kind cannot be at this address, as a sentence; empty where it can."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return _("This is no address of the web.")
    if parts.scheme != "https" or not host or parts.username is not None or parts.password is not None:
        return _("Give the robot's whole address, which begins with https://.")
    if not address.isascii() or not address.isprintable() or " " in address:
        return _("An address has no blanks and no other than ASCII characters.")
    if is_own(parts):
        return ""
    if host not in HOSTS[kind]:
        known = ", ".join(sorted(HOSTS[kind]))
        return _(
            "Robots of this kind are at %(hosts)s. Another host, of an installation of your own, is first named in "
            "CHANNEL_HOSTS by the operator."
        ) % {"hosts": known}
    return "" if port in (None, 443) else _("The provider's robots listen at port 443 alone.")


def is_own(parts: SplitResult) -> bool:
    """Whether the operator named this host and port."""
    port = parts.port or 443
    named = {parts.hostname or "", f"{parts.hostname}:{port}"} if port == 443 else {f"{parts.hostname}:{port}"}
    return bool(named & set(settings.CHANNEL_HOSTS))


def post(kind: str, address: str, body: bytes, *, within: float) -> Reply:
    """The answer, all in all within so many seconds, or NotPosted."""
    if trouble := address_trouble(kind, address):
        raise NotPosted(trouble, final=True)
    parts = urlsplit(address)
    end = monotonic() + within
    try:
        return _exchange(parts, body, end)
    except TimeoutError:
        raise NotPosted(_("No answer came in time (%(detail)s s)") % {"detail": f"{within:g}"}) from None
    except ssl.SSLCertVerificationError as error:
        text = _("TLS: its certificate is not trusted (%(detail)s)")
        raise NotPosted(text % {"detail": error.verify_message}, final=True) from None
    except (OSError, http.client.HTTPException) as error:
        if monotonic() >= end:  # what its end by force looks like from inside
            raise NotPosted(_("No answer came in time (%(detail)s s)") % {"detail": f"{within:g}"}) from None
        raise NotPosted(_("The connection failed (%(detail)s)") % {"detail": _told(error)}) from None


def _exchange(parts: SplitResult, body: bytes, end: float) -> Reply:
    host, port = (parts.hostname or "").rstrip("."), parts.port or 443
    raw = socket.create_connection((_judged(parts, host, port), port), timeout=_left(end))
    with _tls(parts).wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False) as secured:
        # Whatever drips in slowly ends all the same: each single wait would be short enough.
        force = threading.Timer(_left(end), _cut, [secured])
        force.daemon = True
        force.start()
        try:
            secured.do_handshake()
            connection = http.client.HTTPConnection(host, port)
            connection.sock = secured
            connection.auto_open = 0
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.read(MOST_READ))
            _left(end)  # a cut answer looks like one that has ended
            return reply
        finally:
            force.cancel()


def _cut(secured: ssl.SSLSocket) -> None:
    """Whoever waits on the socket finds it closed. Below TLS, whose own shutdown another thread must not touch."""
    with suppress(OSError):
        socket.socket.shutdown(secured, socket.SHUT_RDWR)


def _judged(parts: SplitResult, host: str, port: int) -> str:
    """The address to connect to: of a provider's name, one that is public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise NotPosted(_("There is no host of the name %(detail)s") % {"detail": host}) from None
    addresses = [str(entry[4][0]) for entry in found]
    if not is_own(parts):
        addresses = [address for address in addresses if ip_address(address).is_global]
    if not addresses:
        raise NotPosted(_("The name %(host)s leads into a private network.") % {"host": host}, final=True)
    return addresses[0]


def _tls(parts: SplitResult) -> ssl.SSLContext:
    """A provider is trusted by the system's authorities; a host of our own also by the private one that the operator
    names."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if is_own(parts) and settings.SERVICE_AUTHORITY:
        # From 3.13 on Python refuses authorities without key identifiers, which many a private one has none of.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        try:
            context.load_verify_locations(settings.SERVICE_AUTHORITY)
        except OSError:
            raise NotPosted(_("SERVICE_AUTHORITY cannot be read."), final=True) from None
    return context


def _left(end: float) -> float:
    if (left := end - monotonic()) <= 0:
        raise TimeoutError
    return left


def _told(error: Exception) -> str:
    """What kind of failure it is: never the text of one that may quote the request."""
    detail = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return printable(str(detail))


def printable(text: str) -> str:
    """It may quote whatever bytes the other side sent."""
    return "".join(c if c.isprintable() else "?" for c in text)[:PRINTED]
