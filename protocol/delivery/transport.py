"""Posts bytes to a platform and brings back its answer, within a deadline that nothing can stretch.

http.client, since what matters here is what other clients do of themselves: no redirect is followed, no proxy taken
from the environment, no retry made; and every read and write waits no longer than is left of the whole, however slowly
the other side drips its answer.
"""

from __future__ import annotations

import errno
import http.client
import io
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protocol import certificates
from protocol.failures import Failure, failure_text

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

MOST_READ = 1024 * 1024
#: What OpenSSL's codes of verification say (X509_V_ERR_CERT_HAS_EXPIRED, _HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH).
CERTIFICATE_FAILURES = {10: Failure.EXPIRED, 62: Failure.OTHER_NAME, 64: Failure.OTHER_NAME}
#: The other side's alerts about our certificate, or for want of one.
ALERT = re.compile("ALERT_((BAD_|NO_|UNSUPPORTED_)?CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)")


class NotDelivered(Exception):
    """No answer came back; `str()` says why, for a person."""

    def __init__(self, kind: Failure, detail: object = "") -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = _printable(str(detail))

    def __str__(self) -> str:
        return failure_text(self.kind, self.detail)


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


class HttpConnection:
    """A connection to one address, left open between messages. Not for several threads at once."""

    def __init__(self, address: Address, *, connect_timeout: float) -> None:
        self.address = address
        self.connect_timeout = connect_timeout
        self._connection: http.client.HTTPConnection | None = None
        self._socket: _TimedSocket | None = None

    def post(self, body: bytes, *, within: float, headers: Mapping[str, str] | None = None) -> Reply:
        """The answer to `body`, all in all within so many seconds, or NotDelivered; JSON unless `headers` say else.

        A connection that the other side has closed meanwhile is opened anew, once: a message may arrive twice
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
        except TimeoutError:
            self.close()
            raise NotDelivered(Failure.TIMED_OUT, _seconds(within)) from None
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise _not_delivered(error) from None
        except ValueError:  # no host or path can be so
            self.close()
            raise NotDelivered(Failure.ADDRESS, self.address.url) from None

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
            timeout = min(self.connect_timeout, _left(end))
            self._connection = _connection(self.address, timeout)
            self._connection.auto_open = 0  # not by itself, past the timed socket
            try:
                self._connection.connect()
            except TimeoutError:
                self.close()
                raise NotDelivered(Failure.NOT_CONNECTED, _seconds(timeout)) from None
            except socket.gaierror:
                self.close()
                raise NotDelivered(Failure.NAME, urlsplit(self.address.url).hostname) from None
            self._socket = self._connection.sock = _TimedSocket(self._connection.sock)
        if self._socket is not None:
            self._socket.end = end
        return self._connection


def _connection(address: Address, timeout: float) -> http.client.HTTPConnection:
    if not address.url:
        raise NotDelivered(Failure.NO_ADDRESS)
    try:
        parts = urlsplit(address.url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        if scheme == "http" and host:
            return http.client.HTTPConnection(host, port, timeout=timeout)
        if scheme == "https" and host:
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=_tls(address))
    except certificates.CertificateError:
        raise NotDelivered(Failure.CERTIFICATES) from None
    except (http.client.InvalidURL, ValueError):
        pass
    raise NotDelivered(Failure.ADDRESS, address.url)


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


def _not_delivered(error: Exception) -> NotDelivered:
    """What kind of failure it is."""
    match error:
        case ssl.SSLCertVerificationError():
            kind = CERTIFICATE_FAILURES.get(error.verify_code, Failure.UNTRUSTED)
            return NotDelivered(kind, error.verify_message)
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return NotDelivered(Failure.CLOSED)
        case ssl.SSLError():
            reason = error.reason or type(error).__name__
            return NotDelivered(Failure.NOT_ACCEPTED if ALERT.search(reason) else Failure.TLS, reason)
        case ConnectionRefusedError():
            return NotDelivered(Failure.REFUSED)
        case ConnectionError() | http.client.IncompleteRead():
            return NotDelivered(Failure.CLOSED)
        case http.client.InvalidURL():
            return NotDelivered(Failure.ADDRESS, error)
        case http.client.HTTPException():
            return NotDelivered(Failure.NO_HTTP)
        case OSError(errno=errno.EHOSTUNREACH | errno.ENETUNREACH):
            return NotDelivered(Failure.UNREACHABLE, error.strerror)
    return NotDelivered(Failure.NETWORK, f"{type(error).__name__}: {error}")


def _seconds(number: float) -> str:
    return f"{number:.0f}" if number >= 1 else f"{number:.1f}"


def _printable(text: str) -> str:
    """It may quote whatever bytes the other side sent."""
    return "".join(c if c.isprintable() else "?" for c in text)[:200]
