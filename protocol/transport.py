"""Posts bytes to a platform and brings back its answer, within a deadline that nothing can stretch.

http.client, since what matters here is what other clients do of themselves: no redirect is followed, no proxy taken
from the environment, no retry made; and the socket is ours to shut when the deadline has come, however slowly the
other side drips its answer.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
import tempfile
import threading
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from urllib.parse import urlsplit

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

    def __init__(self, address: Address, *, connect_timeout: float, deadline: float) -> None:
        self.address = address
        self.connect_timeout = connect_timeout
        self.deadline = deadline
        self._connection: http.client.HTTPConnection | None = None

    def post(self, body: bytes) -> Reply:
        """The answer to `body`, or NotDelivered.

        A kept connection that the other side has closed meanwhile is opened anew, once: a message may arrive twice
        for it, and its msgcode tells that it is the same.
        """
        started = monotonic()
        reused = self._connection is not None
        try:
            return self._exchange(body, started)
        except (http.client.RemoteDisconnected, ConnectionError, BrokenPipeError):
            self.close()
            if not reused:
                raise NotDelivered("The connection was refused or closed without an answer.") from None
        except TimeoutError:
            self.close()
            raise NotDelivered("No answer came in time.") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise NotDelivered(f"{type(error).__name__}: {error}"[:200]) from None
        try:
            return self._exchange(body, started)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise NotDelivered(f"{type(error).__name__}: {error}"[:200]) from None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, body: bytes, started: float) -> Reply:
        parts = urlsplit(self.address.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with _Deadline(self.deadline - (monotonic() - started)) as deadline:
            connection = self._connected()
            deadline.watch(connection)
            try:
                connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
                response = connection.getresponse()
                content = response.read(MOST_READ + 1)
            except (OSError, http.client.HTTPException, ValueError):
                if deadline.passed:
                    raise TimeoutError from None
                raise
        if deadline.passed:
            raise TimeoutError
        if len(content) > MOST_READ:
            self.close()  # the rest is not read, so the connection cannot be used again
        return Reply(response.status, content[:MOST_READ])

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            parts = urlsplit(self.address.url)
            host, port = parts.hostname or "", parts.port
            if parts.scheme == "https":
                self._connection = http.client.HTTPSConnection(
                    host, port, timeout=self.connect_timeout, context=_tls(self.address)
                )
            elif parts.scheme == "http":
                self._connection = http.client.HTTPConnection(host, port, timeout=self.connect_timeout)
            else:
                raise ValueError(f"the address {self.address.url!r} begins with neither https:// nor http://")
            self._connection.connect()
            self._connection.sock.settimeout(self.deadline)
        return self._connection


class _Deadline:
    """Shuts the socket that it watches when the time is up, so that no read or write outlives it."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._lock = threading.Lock()
        self._connection: http.client.HTTPConnection | None = None
        self._timer = threading.Timer(max(seconds, 0), self._expire)
        self._timer.daemon = True

    def watch(self, connection: http.client.HTTPConnection) -> None:
        """Raises TimeoutError where the time was up before there was a socket (a slow name server)."""
        with self._lock:
            self._connection = connection
            if self.passed:
                raise TimeoutError

    def _expire(self) -> None:
        with self._lock:
            self.passed = True
            if self._connection is not None and self._connection.sock is not None:
                with contextlib.suppress(OSError):  # it is shut already
                    self._connection.sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()


def _tls(address: Address) -> ssl.SSLContext:
    """The system's CAs or the connection's own; TLS 1.2 or later, names checked."""
    context = ssl.create_default_context(cadata=address.ca_certificate or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if address.client_certificate:
        _load_client_certificate(context, address.client_certificate)
    return context


def _load_client_certificate(context: ssl.SSLContext, pem: str) -> None:
    """`ssl` reads keys from files only: from one that exists for that moment."""
    descriptor, path = tempfile.mkstemp(prefix="client-", suffix=".pem")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(pem)
        context.load_cert_chain(path)
    finally:
        os.unlink(path)
