"""The way to a platform: TLS is verified, a private authority and a client certificate can be configured."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from protocol.delivery.transport import Address, HttpConnection, NotDelivered
from protocol.failures import Failure
from staff import clock

NOW = clock.now()


@dataclass
class Certificate:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def with_key(self) -> str:
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return self.pem + key.decode()


def certificate(
    name: str, issuer: Certificate | None = None, *, host: str = "127.0.0.1", until: datetime = NOW + timedelta(days=1)
) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=2))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
    )
    return Certificate(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


AUTHORITY = certificate("private authority")
STRANGER = certificate("another authority")
FOREIGN = certificate("us", STRANGER)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def by_tls(
    folder: Path, own: Certificate, *, asks: bool = False, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> Iterator[str]:
    """A TLS server with this certificate, that may ask for its clients' ones; its address."""
    (folder / "server.pem").write_text(own.with_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    context.maximum_version = newest
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=AUTHORITY.pem)
    listening = HTTPServer(("127.0.0.1", 0), Handler)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{listening.server_address[1]}/notify"
    listening.shutdown()
    listening.server_close()


@pytest.fixture(params=[False, True], ids=["any client", "known clients"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, bool]]:
    """A TLS server of the private authority's, that may ask for a client certificate."""
    with by_tls(tmp_path, certificate("127.0.0.1", AUTHORITY), asks=request.param) as address:
        yield address, request.param


def post(address: Address) -> int:
    line = HttpConnection(address, connect_timeout=5)
    try:
        return line.post(b"{}", within=5).status
    finally:
        line.close()


def test_a_private_authority_and_a_client_certificate(server: tuple[str, bool]) -> None:
    address, asks = server
    client = certificate("institution", AUTHORITY).with_key
    assert post(Address(address, AUTHORITY.pem, client if asks else "")) == 200


@pytest.mark.parametrize("authority", ["", STRANGER.pem], ids=["public ones", "another"])
def test_an_authority_that_is_not_trusted_is_refused(server: tuple[str, bool], authority: str) -> None:
    with pytest.raises(NotDelivered, match="TLS: its certificate is not trusted"):
        post(Address(server[0], authority))


@pytest.mark.parametrize(
    "written",
    [
        lambda pem: f"# 财政厅采购平台的根证书\n{pem}\n# 有效期至明年\n",
        lambda pem: "\ufeff" + pem.replace("\n", "\r\n"),
        lambda pem: STRANGER.pem + "Bag Attributes\n    friendlyName: 根证书\n" + pem,
        lambda pem: "".join(f"  {line} \n" for line in pem.splitlines()),
    ],
    ids=["comments", "Windows", "several", "indented"],
)
def test_an_authority_is_found_amid_what_else_the_text_says(
    server: tuple[str, bool], written: Callable[[str], str]
) -> None:
    address, asks = server
    client = written(certificate("institution", AUTHORITY).with_key) if asks else ""
    assert post(Address(address, written(AUTHORITY.pem), client)) == 200


def test_an_authority_without_key_identifiers_is_trusted_on_every_python(
    server: tuple[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.13's default context is strict; ours says itself what it asks for."""
    made = ssl.create_default_context

    def strict(**given: Any) -> ssl.SSLContext:
        context = made(**given)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    monkeypatch.setattr(ssl, "create_default_context", strict)
    address, asks = server
    client = certificate("institution", AUTHORITY).with_key if asks else ""
    assert post(Address(address, AUTHORITY.pem, client)) == 200


def test_a_server_that_asks_for_a_client_certificate_gets_one_or_nothing(server: tuple[str, bool]) -> None:
    address, asks = server
    if asks:
        with pytest.raises(NotDelivered):
            post(Address(address, AUTHORITY.pem))
    else:
        assert post(Address(address, AUTHORITY.pem)) == 200


@pytest.mark.parametrize(
    ("own", "authority", "client", "asks", "kind"),
    [
        (certificate("127.0.0.1", AUTHORITY), STRANGER.pem, "", False, Failure.UNTRUSTED),
        (certificate("old", AUTHORITY, until=NOW - timedelta(days=1)), AUTHORITY.pem, "", False, Failure.EXPIRED),
        (certificate("other", AUTHORITY, host="127.0.0.2"), AUTHORITY.pem, "", False, Failure.OTHER_NAME),
        (
            certificate("asks", AUTHORITY),
            AUTHORITY.pem,
            FOREIGN.with_key,
            True,
            Failure.NOT_ACCEPTED,
        ),
        (certificate("127.0.0.1", AUTHORITY), "根证书", "", False, Failure.CERTIFICATES),
        (certificate("127.0.0.1", AUTHORITY), AUTHORITY.pem, "客户端证书", False, Failure.CERTIFICATES),
    ],
    ids=["untrusted", "expired", "other name", "unknown client", "no authority", "no client certificate"],
)
def test_a_failure_of_tls_says_which(
    tmp_path: Path, own: Certificate, authority: str, client: str, asks: bool, kind: Failure
) -> None:
    # In TLS 1.3 a client may have sent all before it hears that it is not known.
    newest = ssl.TLSVersion.TLSv1_2 if asks else ssl.TLSVersion.TLSv1_3
    with by_tls(tmp_path, own, asks=asks, newest=newest) as address, pytest.raises(NotDelivered) as failed:
        post(Address(address, authority, client))
    assert failed.value.kind is kind


def test_tls_where_none_is_spoken_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_answer_once, args=(listening,), daemon=True).start()
        with pytest.raises(NotDelivered) as failed:
            post(Address(f"https://127.0.0.1:{listening.getsockname()[1]}/"))
    assert failed.value.kind is Failure.TLS


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/", "http://127.0.0.1:1/", "http://[::1"])
def test_an_address_that_cannot_be_reached_says_so(url: str) -> None:
    with pytest.raises(NotDelivered):
        post(Address(url))


def test_a_broken_answer_is_told_in_printable_words() -> None:
    """A TLS port behind an http:// address answers with an alert in bytes; PostgreSQL takes no NUL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_answer_once, args=(listening,), daemon=True).start()
        with pytest.raises(NotDelivered) as refused:
            post(Address(f"http://127.0.0.1:{listening.getsockname()[1]}/"))
    assert str(refused.value).isprintable()


def _answer_once(listening: socket.socket) -> None:
    connection, _address = listening.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b"\x15\x03\x01\x00\x02\x02\x16\r\n\r\n")
