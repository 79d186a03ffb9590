"""Posts bytes to a platform and brings back its answer, within a deadline that nothing can stretch.

http.client, since what matters here is what other clients do of themselves: no redirect is followed, no proxy taken
from the environment, no retry made; and every read and write waits no longer than is left of the whole, however slowly
the other side drips its answer.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protocol import certificates

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

MOST_READ = 1024 * 1024


class NotDelivered(Exception):
    """No answer came back; `str()` says why, for a person."""


@dataclass(frozen=True)
class Reply:
    """What came back: the HTTP status and at most 1 MB of its body."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Address:
    """Where a platform listens, and how it is trusted: its own CA (PEM), our client certificate and key (PEM)."""

    url: str
    ca_certificate: str = ""
    client_certificate: str = ""


class Line:
    """A way to one address, its connection kept between messages. Not for several threads at once."""

    def __init__(self, address: Address, *, connect_timeout: float) -> None:
        self.address = address
        self.connect_timeout = connect_timeout
        self._connection: http.client.HTTPConnection | None = None
        self._socket: _TimedSocket | None = None

    def post(self, body: bytes, *, within: float, headers: Mapping[str, str] | None = None) -> Reply:
        """The answer to `body`, all in all within so many seconds, or NotDelivered; JSON unless `headers` say else.

        A kept connection that the other side has closed meanwhile is opened anew, once: a message may arrive twice
        for it, and its msgcode tells that it is the same.
        """
        end = monotonic() + within
        reused = self._connection is not None and self._connection.sock is not None
        try:
            try:
                return self._exchange(body, end, headers or {})
            except ConnectionError:
                if not reused:
                    raise
                self.close()
                return self._exchange(body, end, headers or {})
        except ConnectionError:
            self.close()
            raise NotDelivered("The connection was refused or closed without an answer.") from None
        except TimeoutError:
            self.close()
            raise NotDelivered("No answer came in time.") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise NotDelivered(_told(error)) from None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._socket = None

    def _exchange(self, body: bytes, end: float, headers: Mapping[str, str]) -> Reply:
        parts = urlsplit(self.address.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = self._connected(end)
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8", **headers})
        response = connection.getresponse()
        content = response.read(MOST_READ + 1)
        if len(content) > MOST_READ:
            self.close()  # the rest is not read, so the connection cannot be used again
        return Reply(response.status, content[:MOST_READ])

    def _connected(self, end: float) -> http.client.HTTPConnection:
        if self._connection is None or self._connection.sock is None:
            parts = urlsplit(self.address.url)
            host, port = parts.hostname or "", parts.port
            timeout = min(self.connect_timeout, _left(end))
            if parts.scheme == "https":
                self._connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=_tls(self.address))
            elif parts.scheme == "http":
                self._connection = http.client.HTTPConnection(host, port, timeout=timeout)
            else:
                raise ValueError(f"the address {self.address.url!r} begins with neither https:// nor http://")
            self._connection.auto_open = 0  # not by itself, past the timed socket
            self._connection.connect()
            self._socket = self._connection.sock = _TimedSocket(self._connection.sock)
        if self._socket is not None:
            self._socket.end = end
        return self._connection


def _left(end: float) -> float:
    if (left := end - monotonic()) <= 0:
        raise TimeoutError
    return left


class _TimedSocket:
    """A socket as http.client uses it, whose every operation ends by `end`."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.end = 0.0

    def sendall(self, content: bytes) -> None:
        self.socket.settimeout(_left(self.end))
        self.socket.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Received(self))

    def close(self) -> None:
        self.socket.close()


class _Received(io.RawIOBase):
    """What a timed socket receives, as a file; the socket stays open until both are closed."""

    def __init__(self, timed: _TimedSocket) -> None:
        self._timed = timed
        self._file = timed.socket.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        self._timed.socket.settimeout(_left(self._timed.end))
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


def _tls(address: Address) -> ssl.SSLContext:
    """The system's CAs or the connection's own; TLS 1.2 or later, names checked."""
    own_authority = certificates.authorities(address.ca_certificate) if address.ca_certificate else None
    context = ssl.create_default_context(cadata=own_authority)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # From 3.13 on Python refuses authorities without key identifiers, which many a private one has none of.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if address.client_certificate:
        own = certificates.client_certificate(address.client_certificate)
        certificates.load_client_certificate(context, own)
    return context


def _told(error: Exception) -> str:
    """What went wrong, printable: it may quote whatever bytes the other side sent."""
    return "".join(c if c.isprintable() else "?" for c in f"{type(error).__name__}: {error}")[:200]
