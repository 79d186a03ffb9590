"""Certificates as people give them: what is of use is found in the text, what is not is said before it is stored."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization

from protocol import certificates
from tests.protocol.delivery.test_transport import AUTHORITY, STRANGER, certificate

OWN = certificate("institution", AUTHORITY)
KEY = OWN.with_key.removeprefix(OWN.pem)
ENCRYPTED = OWN.key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
).decode()
TRADITIONAL = OWN.key.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.BestAvailableEncryption(b"secret"),
).decode()


def test_it_works() -> None:
    assert certificates.authorities(f"\ufeff# 根证书\r\n{AUTHORITY.pem}# 备用\n{STRANGER.pem}") == (
        AUTHORITY.pem + STRANGER.pem
    )


@pytest.mark.parametrize("text", ["", "根证书", KEY, AUTHORITY.pem.replace("M", "证"), AUTHORITY.pem[:200]])
def test_a_text_without_a_certificate_is_refused(text: str) -> None:
    with pytest.raises(certificates.CertificateError):
        certificates.authorities(text)


@pytest.mark.parametrize(
    "text", [OWN.pem + KEY, KEY + OWN.pem + AUTHORITY.pem, f"客户端证书\n{AUTHORITY.pem}\n私钥\n{KEY}\n{OWN.pem}"]
)
def test_a_client_certificate_comes_before_its_key_and_its_chain(text: str) -> None:
    chain = AUTHORITY.pem if AUTHORITY.pem in text else ""
    assert certificates.client_certificate(text) == OWN.pem + KEY + chain


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("证书", "certificate is missing"),
        (KEY, "certificate is missing"),
        (OWN.pem, "private key is missing"),
        (OWN.pem + KEY + KEY, "more than one"),
        (STRANGER.pem + KEY, "belongs to none"),
        (OWN.pem + ENCRYPTED, "passphrase"),
        (OWN.pem + TRADITIONAL, "passphrase"),
        (OWN.pem + KEY.replace("M", "证", 1), "damaged"),
        (OWN.pem + KEY.replace(KEY[40:60], ""), "TLS cannot use it|damaged"),
    ],
)
def test_a_client_certificate_of_no_use_is_refused(text: str, message: str) -> None:
    with pytest.raises(certificates.CertificateError, match=message):
        certificates.client_certificate(text)
