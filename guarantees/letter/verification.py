"""Whether a PDF is signed as a whole, unchanged, by someone whom our anchors vouched for when it was signed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from threading import Lock

from asn1crypto import algos, cms, keys, pem, x509
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
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

#: A certificate that states its usages must state one of these.
SIGNING_USAGES = frozenset({"digital_signature", "non_repudiation"})
CMS_VERSION_1, NULL = b"\x02\x01\x01", b"\x05\x00"
MOST_CERTIFICATES = 10  # in one signature: a chain is 2 to 4, and many forged ones would take long to try

NO_PDF = "文件不是PDF，或已损坏、不完整"
ENCRYPTED = "文件已加密，无法核验签名"
UNSIGNED = "文件中没有电子签名"
NOT_WHOLE = "电子签名没有覆盖整个文件：签名之后文件被追加或截去了内容"
MALFORMED = "电子签名或文件结构已损坏或被改动，无法核验"
CHANGED = "文件内容在签名之后被改动"
FORGED = "电子签名与签名证书不符"
UNTIMED = "电子签名没有写明签名时间"
UNTRUSTED = "签名证书不能追溯到受信任的根证书"
OUT_OF_DATE = "签名时签名证书不在有效期内"
UNFIT = "签名证书未通过核验（不得用于签名，或证书链不合规）"


@dataclass(frozen=True)
class Certificate:
    """What PREP104 tells of the certificate that signed; the owner and the issuer by common name or organisation."""

    serial_number: str
    owner: str
    not_before: datetime
    not_after: datetime
    issuer: str


@dataclass(frozen=True)
class Verdict:
    """Why the file is not to be believed (no reason: it is), and what its signature says, as far as it can be read."""

    reasons: tuple[str, ...]
    certificate: Certificate | None = None
    signed_at: datetime | None = None


def verify(content: bytes, anchors: Sequence[bytes]) -> Verdict:
    """Judge the signature as of the time that it states, with nothing fetched from anywhere.

    Whatever `content` is, there is a verdict. Raises ValueError for an anchor that is no PEM certificate. Runs an event
    loop of its own, so asynchronous code calls it in a thread.
    """
    trusted = [certificate for anchor in anchors for certificate in read_certificates(anchor)]
    with quiet():
        try:
            reader = PdfFileReader(BytesIO(content))  # with pyHanko's limits for streams that swell when inflated
            if reader.encrypted:
                return Verdict((ENCRYPTED,))
            signatures = reader.embedded_signatures
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 (a stranger's file: pyHanko, asn1crypto and zlib each fail in their own way)
            return Verdict((_unreadable(content),))
        if not signatures:
            return Verdict((UNSIGNED,))
        return _judge(content, signatures[-1], trusted)


def _unreadable(content: bytes) -> str:
    """What still shows a signature was a letter before it was damaged; anything else is no PDF to us."""
    whole = content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    return MALFORMED if whole and b"/ByteRange" in content else NO_PDF


def _judge(content: bytes, signature: EmbeddedPdfSignature, trusted: list[x509.Certificate]) -> Verdict:
    certificate = signed_at = None
    reasons: list[str] = []
    try:
        certificate = describe(signature.signer_cert)
        signed_at = signature.self_reported_timestamp
        reasons += _gaps(content, signature)
        if signed_at is None or signed_at.tzinfo is None:
            signed_at = None
            reasons.append(UNTIMED)
        elif len(signature.signed_data["certificates"]) > MOST_CERTIFICATES:
            reasons.append(UNFIT)
        else:
            reasons += _faults(_status(signature, trusted, signed_at), signature.signer_cert, signed_at)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (as above)
        reasons.append(MALFORMED)
    return Verdict(tuple(dict.fromkeys(reasons)), certificate, signed_at)


def _gaps(content: bytes, signature: EmbeddedPdfSignature) -> Iterator[str]:
    """All but the signature itself must be signed, and its place hold nothing beside it."""
    first, before, second, after = (int(number) for number in signature.byte_range)
    if first != 0 or second + after != len(content) or not 0 < before < second:
        yield NOT_WHOLE
        return
    message = cms.ContentInfo({"content_type": "signed_data", "content": signature.signed_data}).dump()
    padded = message.ljust(len(signature.pkcs7_content), b"\0").hex().encode()
    if content[before:second] not in (b"<%b>" % padded, b"<%b>" % padded.upper()) or not _plain(signature):
        yield MALFORMED


def _plain(signature: EmbeddedPdfSignature) -> bool:
    """Whether the parts that no signature protects are as RFC 5652 has them, so that they hide no change."""
    data, signer = signature.signed_data, signature.signer_info
    digests = [*data["digest_algorithms"], signer["digest_algorithm"]]
    return (
        [part["version"].dump() for part in (data, signer)] == [CMS_VERSION_1] * 2
        and len({digest["algorithm"].dotted for digest in digests}) == 1
        and all(digest["parameters"].dump() in (b"", NULL) for digest in digests)
    )


def _status(
    signature: EmbeddedPdfSignature, trusted: list[x509.Certificate], signed_at: datetime
) -> PdfSignatureStatus:
    context = ValidationContext(
        trust_roots=[anchor for anchor in trusted if anchor.not_valid_before <= signed_at <= anchor.not_valid_after],
        moment=signed_at,
        allow_fetching=False,
        signature_validator=_SignatureValidator(),
    )
    usages = KeyUsageConstraints(key_usage=SIGNING_USAGES, match_all_key_usages=False)
    return validate_pdf_signature(signature, context, key_usage_settings=usages, skip_diff=True)


def _faults(status: PdfSignatureStatus, signer: x509.Certificate, signed_at: datetime) -> Iterator[str]:
    if not status.intact:
        yield CHANGED
    if not status.valid:
        yield FORGED
        return
    if not signer.not_valid_before <= signed_at <= signer.not_valid_after:
        yield OUT_OF_DATE
    elif status.trust_problem_indic is AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
        yield UNTRUSTED
    elif status.trust_problem_indic is not None or status.validation_path is None:
        yield UNFIT


class _SignatureValidator(DefaultSignatureValidator):
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
        not_after=certificate.not_valid_after,
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


def is_sm2(public: keys.PublicKeyInfo) -> bool:
    """Whether a certificate's key is a point of SM2's curve."""
    return bool(public.algorithm == "ec" and public["algorithm"]["parameters"].native == SM2_CURVE)


def sm2_key(public: keys.PublicKeyInfo) -> sm2.PublicKey:
    """The SM2 key of a certificate, or ValueError."""
    return sm2.public_key(bytes(public["public_key"]))


def _name(name: x509.Name) -> str:
    found = {part["type"].native: part["value"].native for parts in name.chosen for part in parts}
    return str(found.get("common_name") or found.get("organization_name") or name.human_friendly)


_LOGGERS = tuple(logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator"))
_lock = Lock()
_calls = 0
_levels: list[int] = []


@contextmanager
def quiet() -> Iterator[None]:
    """The libraries' loggers, which print a traceback for every bad file, say nothing until the last call ends."""
    global _calls, _levels
    with _lock:
        if _calls == 0:
            _levels = [logger.level for logger in _LOGGERS]
            for logger in _LOGGERS:
                logger.setLevel(logging.CRITICAL + 1)
        _calls += 1
    try:
        yield
    finally:
        with _lock:
            _calls -= 1
            if _calls == 0:
                for logger, level in zip(_LOGGERS, _levels, strict=True):
                    logger.setLevel(level)
