"""A certification authority of each kind that issues, for whatever key it is shown, certificates that differ as a test
wants them to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from asn1crypto import core, pem, x509
from asn1crypto import keys as asn1
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from guarantees.letter.signature import certificates
from guarantees.letter.signature.credentials import Credentials, load_pem
from protocol.crypto import keys as sm2_keys
from protocol.crypto import sm2
from tests.guarantees.letter.signature.test_signature import MADE_AT

Key = Any
ALGORITHMS = {"RSA": "sha256_rsa", "ECDSA": "sha256_ecdsa", "SM2": certificates.SM2_WITH_SM3}
SIGNER, SERIAL = "某某融资担保有限公司", 0xABC


def generate(kind: str) -> Key:
    if kind == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ECDSA" else sm2.generate()


def raw_signature(key: Key, data: bytes) -> bytes:
    """Over SHA-256, or SM3 with SM2."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hashes.SHA256()))
    return sm2.signature_to_der(sm2.sign(key, data))


def public_info(key: Key) -> asn1.PublicKeyInfo:
    if isinstance(key, sm2.PrivateKey):
        curve = asn1.ECDomainParameters(name="named", value=certificates.SM2_CURVE)
        point = asn1.ECPointBitString(bytes(key.public))
        return asn1.PublicKeyInfo({"algorithm": {"algorithm": "ec", "parameters": curve}, "public_key": point})
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return asn1.PublicKeyInfo.load(key.public_key().public_bytes(*form))


def private_pem(key: Key) -> bytes:
    if isinstance(key, sm2.PrivateKey):
        return sm2_keys.private_text(key).encode()
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    encoded: bytes = key.private_bytes(*form)
    return encoded


@dataclass
class Authority:
    """All of a kind have the same name, and so have all signers."""

    kind: str
    key: Key = field(init=False)

    def __post_init__(self) -> None:
        self.key = generate(self.kind)

    @property
    def anchor(self) -> bytes:
        return pem.armor("CERTIFICATE", self._certificate(self.key, "根证书", 1, 3650).dump())

    def certify(self, key: Key, *, number: int = SERIAL, days: int = 365) -> x509.Certificate:
        """A signer's certificate for that key."""
        return self._certificate(key, SIGNER, number, days)

    def _certificate(self, key: Key, subject: str, number: int, days: int) -> x509.Certificate:
        usage = {"key_cert_sign"} if number == 1 else {"digital_signature", "non_repudiation"}
        algorithm = {"algorithm": ALGORITHMS[self.kind]}
        until = MADE_AT + timedelta(days=days)
        body = x509.TbsCertificate(
            {
                "version": "v3",
                "serial_number": number,
                "signature": algorithm,
                "issuer": x509.Name.build({"common_name": "根证书"}),
                "validity": {
                    "not_before": x509.Time({"utc_time": MADE_AT}),
                    "not_after": x509.Time({"utc_time": until}),
                },
                "subject": x509.Name.build({"common_name": subject}),
                "subject_public_key_info": public_info(key),
                "extensions": [
                    {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": number == 1}},
                    {"extn_id": "key_usage", "critical": True, "extn_value": x509.KeyUsage(usage)},
                ],
            }
        )
        value = core.OctetBitString(raw_signature(self.key, body.dump()))
        return x509.Certificate({"tbs_certificate": body, "signature_algorithm": algorithm, "signature_value": value})


def credentials_of(certificate: x509.Certificate, key: Key) -> Credentials:
    return load_pem(pem.armor("CERTIFICATE", certificate.dump()), private_pem(key))
