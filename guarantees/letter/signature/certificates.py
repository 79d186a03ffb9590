"""Certificates as signing and verification need them: RSA, ECDSA, and SM2, which the libraries do not know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import algos, keys, pem, x509
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from protocol.crypto import sm2
from protocol.crypto.keys import SM2_CURVE as SM2_CURVE_ID

#: asn1crypto is taught the object identifiers of GM/T 0006, under names of ours.
SM3 = "sm3"
SM2_WITH_SM3 = "sm2_with_sm3"
SM2_CURVE = "sm2p256v1"
algos.DigestAlgorithmId._map["1.2.156.10197.1.401"] = SM3
algos.DigestAlgorithmId._reverse_map = None  # made again from _map when it is next needed
algos.SignedDigestAlgorithmId._map["1.2.156.10197.1.501"] = SM2_WITH_SM3
algos.SignedDigestAlgorithmId._reverse_map[SM2_WITH_SM3] = "1.2.156.10197.1.501"
keys.NamedCurve.register(SM2_CURVE, SM2_CURVE_ID, 32)

SIGNING_USAGES = frozenset({"digital_signature", "non_repudiation"})

#: A certificate without an end says 99991231235959Z (RFC 5280), which no zone east of Greenwich can write.
LATEST = datetime(9999, 12, 31, 15, 59, 59, tzinfo=UTC)


@dataclass(frozen=True)
class Certificate:
    """What PREP104 tells of the certificate that signed; the owner and the issuer by common name or organisation."""

    serial_number: str
    owner: str
    not_before: datetime
    not_after: datetime
    issuer: str


class SignatureValidator(DefaultSignatureValidator):
    """SM2 signatures, of files and certificates, by our own arithmetic; all others by OpenSSL."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: keys.PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        if signature_algorithm["algorithm"].native != SM2_WITH_SM3:
            super().validate_signature(signature, signed_data, public_key_info, signature_algorithm, context)
            return
        if not is_sm2(public_key_info) or context.prehashed or context.contextual_md_algorithm not in (None, SM3):
            raise InvalidSignature
        try:
            good = sm2.verify(sm2_key(public_key_info), signed_data, sm2.signature_from_der(signature))
        except ValueError:
            good = False
        if not good:
            raise InvalidSignature


def describe(certificate: x509.Certificate) -> Certificate:
    """The certificate's particulars."""
    digits = f"{certificate.serial_number:X}"
    return Certificate(
        serial_number=digits.zfill(len(digits) + len(digits) % 2),
        owner=_name(certificate.subject),
        not_before=certificate.not_valid_before,
        not_after=min(certificate.not_valid_after, LATEST),
        issuer=_name(certificate.issuer),
    )


def read_certificates(encoded: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file in their order, or ValueError."""
    try:
        found = [x509.Certificate.load(der, strict=True) for _, _, der in pem.unarmor(encoded, multiple=True)]
        for certificate in found:
            _ = certificate.native  # parses all of it, which `load` leaves for later
    except TypeError as error:
        raise ValueError(f"no certificate: {error}") from None
    return found


def may_sign(certificate: x509.Certificate) -> bool:
    """A certificate that states its usages must state a signature's; one that states none serves all (RFC 5280,
    4.2.1.3), as one of version 1 does, which cannot state any. Signing and verification both ask here."""
    usages = certificate.key_usage_value
    return usages is None or bool(usages.native & SIGNING_USAGES)


def valid_at(certificates: Iterable[x509.Certificate], moment: datetime) -> list[x509.Certificate]:
    """Those that were valid then: an anchor that was not vouches for nobody."""
    return [each for each in certificates if each.not_valid_before <= moment <= each.not_valid_after]


def is_sm2(public: keys.PublicKeyInfo) -> bool:
    """Whether a certificate's key is a point of SM2's curve."""
    return bool(public.algorithm == "ec" and public["algorithm"]["parameters"].native == SM2_CURVE)


def sm2_key(public: keys.PublicKeyInfo) -> sm2.PublicKey:
    """The SM2 key of a certificate, or ValueError."""
    return sm2.public_key(bytes(public["public_key"]))


def _name(name: x509.Name) -> str:
    found = {part["type"].native: part["value"].native for parts in name.chosen for part in parts}
    return str(found.get("common_name") or found.get("organization_name") or name.human_friendly)
