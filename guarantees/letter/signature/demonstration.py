"""A certification authority and a signing certificate for demonstrations, both of which say that they are no more."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import pkcs12

MARK = "（演示/DEMONSTRATION）"
DAYS = 2 * 365
LONGEST_NAME = 64  # bytes
USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def credentials(
    name: str, now: datetime, passphrase: str = "", *, past: timedelta = timedelta()
) -> tuple[bytes, bytes]:
    """A PKCS#12 file that signs for two years from `now` and has signed for so long a `past`, and the PEM of the root
    that vouches for it.

    Both subjects say that they are a demonstration. The root's key is thrown away.
    """
    root_key, key = (generate_private_key(public_exponent=65537, key_size=3072) for _ in range(2))
    issuer, subject = _subject("演示根证书", name), _subject(name, name)
    root = _builder(issuer, issuer, root_key, now, past, ("key_cert_sign", "crl_sign")).sign(root_key, hashes.SHA256())
    certificate = (
        _builder(subject, issuer, key, now, past, ("digital_signature", "content_commitment"))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    content = pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, lock)
    return content, root.public_bytes(serialization.Encoding.PEM)


def _subject(common: str, organisation: str) -> x509.Name:
    room = LONGEST_NAME - len(MARK.encode())
    values = (organisation.encode()[:LONGEST_NAME], common.encode()[:room] + MARK.encode())
    kinds = (x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME)
    pairs = zip(kinds, values, strict=True)
    return x509.Name([x509.NameAttribute(kind, value.decode(errors="ignore")) for kind, value in pairs])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: RSAPrivateKey,
    now: datetime,
    past: timedelta,
    usages: tuple[str, ...],
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - past)
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca="key_cert_sign" in usages, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{usage: usage in usages for usage in USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
