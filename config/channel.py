"""One connection of the site's server: its requests have a deadline, and what HTTP breaks the gateway answers.

waitress limits the silence between two bytes and not the time of a whole request, and answers broken HTTP in plain text
(decisions E10).
"""

from __future__ import annotations

import re
import socket
import time
from io import BytesIO
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import BadRequest, RequestEntityTooLarge

from protocol.gateway.arrival import BROKEN_HTTP
from protocol.gateway.body import MAX_BODY
from staff.network import network_of

#: A body may take one more second for each so many bytes that came: a slow line sends a file of 20 MB all the same.
SLOWEST = 50_000
#: How long a client that is still sending may read why nobody listens any more.
LINGER_SECONDS = 10
#: What our proxies' connections are counted as.
PROXIES = "proxies"
_FIRST_LINE = re.compile(
    rb"\s*[^\s/]*[ \t]+(?:https?://[^/\s]*)?(/gateway(?:/[0-9A-Za-z_./-]{0,64})?)(?=[\s?#]|$)", re.IGNORECASE
)


class TimedOut(BadRequest):  # type: ignore[misc]
    """The request did not end in time."""

    code = 408
    reason = "Request Timeout"


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """A request as it comes in; `error` says why it cannot be handled, `is_gateways` that the gateway answers that."""

    is_gateways = False
    path: str
    body_rcv: Any

    def received(self, data: bytes) -> int:
        """How many bytes of `data` were taken; sets `completed` once nothing more is wanted."""
        before = self.header_plus if self.body_rcv is None else None
        try:
            taken = int(super().received(data))
        except ValueError:  # an address or a length that Python's own functions do not read
            self.error, taken = BadRequest("The request line or a header is invalid"), len(data)
        if self.error:
            self.fail(self.error, None if before is None else before + data)
        elif before is not None and self.content_length > MAX_BODY:
            self.body_rcv = FixedStreamReceiver(self.content_length, _Nowhere())
        elif self.chunked and self.body_rcv and len(self.body_rcv) > MAX_BODY:
            self.fail(RequestEntityTooLarge(f"exceeds {MAX_BODY}"))
        return taken

    def fail(self, error: Any, head: bytes | None = None) -> None:
        """Ends the request with `error`; `head` is what came of the header, where the header is what is broken."""
        self.error, self.completed, self.expect_continue = error, True, False
        if head is None:
            self.is_gateways = _is_gateways(self.path)
        elif found := _FIRST_LINE.match(head[:2000]):
            self.is_gateways = True
            self.command, self.path = "POST", found[1].decode()
            self.request_uri, self.query, self.url_scheme = self.path, "", self.adj.url_scheme
        self.headers["CONNECTION"] = "close"
        if not isinstance(error, RequestEntityTooLarge) or self.chunked:
            self.headers["CONTENT_LENGTH"] = str(len(self.body_rcv) if self.body_rcv else 0)


def _is_gateways(path: str) -> bool:
    return path == "/gateway" or path.startswith("/gateway/")


class _Nowhere:
    """A buffer that keeps nothing: a body beyond what anyone reads is passed over, so that its sender is answered,
    by the gateway in its JSON and by the desk in a sentence."""

    def __len__(self) -> int:
        return 0

    def append(self, data: bytes) -> None:
        pass

    def getfile(self) -> BytesIO:
        return BytesIO()

    def close(self) -> None:
        pass


class _ToTheGateway(WSGITask):  # type: ignore[misc]
    """Has the gateway answer a request that did not arrive whole."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[BROKEN_HTTP] = str(self.request.error.body)
        return environ


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection. `began` is when the first byte came of the request that is being received, in Unix seconds."""

    parser_class = Parser
    began: float | None = None
    #: Since when only the rest of a broken request is passed over.
    lingers_since: float | None = None
    #: Since when, as far as it was looked at, an answer waits to be read, and how many bytes that were then.
    unread_since: float | None = None
    unread = 0
    _broken = False
    request: Any
    will_close: bool
    close_when_flushed: bool

    def __init__(self, server: Any, sock: socket.socket, addr: Any, *rest: Any, **more: Any) -> None:
        super().__init__(server, sock, addr, *rest, **more)
        self.network = counted_as(addr[0])
        server.make_room(self)

    @staticmethod
    def error_task_class(channel: Channel, request: Parser) -> Any:
        channel._broken = True
        return (_ToTheGateway if request.is_gateways else ErrorTask)(channel, request)

    @property
    def is_idle(self) -> bool:
        """Whether it is silent between two requests."""
        return self.began is None and self.lingers_since is None and not self.requests and not self.total_outbufs_len

    def spent(self, now: float) -> float:
        """Which part of its time has passed for the request that is being received, or for the answer that is being
        read; 1 is all of it."""
        if self.unread_since is not None:
            return (now - self.unread_since) / float(settings.REQUEST_SECONDS + self.unread / SLOWEST)
        if self.began is None:
            return 0
        came = self.request.body_bytes_received if self.request else 0
        return (now - self.began) / float(settings.REQUEST_SECONDS + came / SLOWEST)

    def keep_time(self, now: float) -> None:
        """Ends what has taken too long: a request, an answer's reading, a silence, a farewell."""
        if not self.total_outbufs_len:
            self.unread_since = None
        if self.requests or self.will_close:
            return
        if self.total_outbufs_len and self.unread_since is None:
            self.unread_since, self.unread = now, self.total_outbufs_len
        silent = self.last_activity < now - self.adj.channel_timeout
        if self.lingers_since is not None:
            self.will_close = now > self.lingers_since + LINGER_SECONDS
        elif self.began is not None and not self.total_outbufs_len and (silent or self.spent(now) > 1):
            self._time_out()
        elif silent or self.spent(now) > 1:
            self.will_close = True

    def _time_out(self) -> None:
        with self.requests_lock:
            request, self.request = self.request, None
            if request is None:  # nothing but blank lines
                self.will_close = True
                return
            error = TimedOut(f"not complete after {settings.REQUEST_SECONDS} seconds")
            request.fail(error, None if request.headers_finished else request.header_plus)
            self.requests.append(request)
            self.server.add_task(self)

    def received(self, data: bytes) -> bool:
        if self.began is None:
            self.began = time.time()
        return bool(super().received(data))

    def handle_read(self) -> None:
        if self.lingers_since is None:
            super().handle_read()
            return
        try:
            self.recv(self.adj.recv_bytes)
        except OSError:
            self.handle_close()

    def handle_write(self) -> None:
        """As waitress's own; but closing on unread bytes would have the client lose our last answer."""
        if not (self._broken and self.close_when_flushed) or self.will_close:
            super().handle_write()
            return
        _flushed, failed = self._flush_exception(self._flush_some)
        if failed:
            self.handle_close()
        elif not self.total_outbufs_len:
            self.close_when_flushed, self.lingers_since = False, time.time()
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.will_close = True


def counted_as(address: str) -> str:
    """The network that a connection is counted under; our own proxies speak for all the world."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if any(parsed in network for network in settings.TRUSTED_PROXIES):
        return PROXIES
    return network_of(address)
