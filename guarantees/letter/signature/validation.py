"""Whether a PDF is signed as a whole, unchanged, by someone whom our anchors vouched for when it was signed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from threading import Lock
from typing import Any

from asn1crypto import cms, core, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from guarantees.letter.signature.certificates import (
    Certificate,
    SignatureValidator,
    describe,
    may_sign,
    read_certificates,
    valid_at,
)
from guarantees.letter.signature.faults import Fault

CMS_VERSION_1, NULL = b"\x02\x01\x01", b"\x05\x00"
MOST_CERTIFICATES = 10  # in one signature: a chain is 2 to 4, and many forged ones would take long to try
MOST_DELAY = timedelta(hours=1)  # of the timestamp behind the time that the signer states
REVOKED_SIGNER = {AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE}


@dataclass(frozen=True)
class Validation:
    """What is wrong with the signed file (nothing: it is valid), and what its signature says, as far as it can be
    read."""

    faults: tuple[Fault, ...]
    certificate: Certificate | None = None
    signed_at: datetime | None = None


def validate(content: bytes, anchors: Sequence[bytes]) -> Validation:
    """Validates the signature as of the time that its timestamp proves, or else that it states.

    Nothing is fetched from anywhere: what is known of revocation is what the file carries (PAdES B-LT). Whatever
    `content` is, there is an answer. Raises ValueError for an anchor that is no PEM certificate. Runs an event loop of
    its own, so asynchronous code calls it in a thread.
    """
    trusted = [certificate for anchor in anchors for certificate in read_certificates(anchor)]
    with quiet(), BytesIO(content) as file:  # closed, since pyHanko's objects refer to each other and hold it for long
        try:
            reader = PdfFileReader(file)  # with pyHanko's limits for streams that swell when inflated
            if reader.encrypted:
                return Validation((Fault.ENCRYPTED,))
            signatures = reader.embedded_signatures
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 (a stranger's file: pyHanko, asn1crypto and zlib each fail in their own way)
            return Validation((_unreadable(content),))
        if not signatures:
            return Validation((Fault.UNSIGNED,))
        return _validation(content, reader, signatures[-1], trusted)


def _unreadable(content: bytes) -> Fault:
    """What still shows a signature was a letter before it was damaged; anything else is no PDF to us."""
    whole = content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    return Fault.MALFORMED if whole and b"/ByteRange" in content else Fault.NO_PDF


def _validation(
    content: bytes, reader: PdfFileReader, signature: EmbeddedPdfSignature, trusted: list[x509.Certificate]
) -> Validation:
    certificate = signed_at = None
    faults: list[Fault] = []
    try:
        certificate = describe(signature.signer_cert)
        signed_at = signature.self_reported_timestamp
        faults += _gaps(content, signature)
        if signed_at is None or signed_at.tzinfo is None:
            signed_at = None
            faults.append(Fault.UNTIMED)
        elif len(signature.signed_data["certificates"]) > MOST_CERTIFICATES:
            faults.append(Fault.UNFIT)
        else:
            faults += _signature_faults(reader, signature, trusted, signed_at)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (as above)
        faults.append(Fault.MALFORMED)
    return Validation(tuple(dict.fromkeys(faults)), certificate, signed_at)


def _gaps(content: bytes, signature: EmbeddedPdfSignature) -> Iterator[Fault]:
    """All but the signature itself must be signed, and its place hold nothing beside it."""
    first, before, second, after = (int(number) for number in signature.byte_range)
    if first != 0 or second + after != len(content) or not 0 < before < second:
        yield Fault.NOT_WHOLE
        return
    # Read afresh: what was looked into before may be serialised anew, level by level, which takes seconds.
    untouched = cms.ContentInfo.load(signature.pkcs7_content)["content"]
    message = cms.ContentInfo({"content_type": "signed_data", "content": untouched}).dump()
    padded = message.ljust(len(signature.pkcs7_content), b"\0").hex().encode()
    if content[before:second] not in (b"<%b>" % padded, b"<%b>" % padded.upper()) or not _plain(signature):
        yield Fault.MALFORMED


def _plain(signature: EmbeddedPdfSignature) -> bool:
    """Whether the parts that no signature protects are as RFC 5652 has them, so that they hide no change."""
    data, signer = signature.signed_data, signature.signer_info
    digests = [*data["digest_algorithms"], signer["digest_algorithm"]]
    attributes = signer["unsigned_attrs"]
    unsigned = [] if isinstance(attributes, core.Void) else [part["type"].native for part in attributes]
    return (
        [part["version"].dump() for part in (data, signer)] == [CMS_VERSION_1] * 2
        and len({digest["algorithm"].dotted for digest in digests}) == 1
        and all(digest["parameters"].dump() in (b"", NULL) for digest in digests)
        and unsigned in ([], ["signature_time_stamp_token"])
    )


def _signature_faults(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, trusted: list[x509.Certificate], signed_at: datetime
) -> Iterator[Fault]:
    stamped_at = _stamped_at(signature)
    moment = stamped_at or signed_at
    context = _context(reader, trusted, moment)
    any_usage = KeyUsageConstraints(key_usage=())  # to pyHanko a certificate that states none states others
    status = validate_pdf_signature(signature, context, key_usage_settings=any_usage, skip_diff=True)
    if not status.intact:
        yield Fault.CHANGED
    if not status.valid:
        yield Fault.FORGED
        return
    if not signature.signer_cert.not_valid_before <= moment <= signature.signer_cert.not_valid_after:
        yield Fault.OUT_OF_DATE
    elif status.trust_problem_indic is AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
        yield Fault.UNTRUSTED
    elif status.trust_problem_indic in REVOKED_SIGNER:
        yield Fault.REVOKED
    elif status.trust_problem_indic or status.validation_path is None or not may_sign(signature.signer_cert):
        yield Fault.UNFIT
    elif not _needed(signature.other_embedded_certs, status.validation_path):
        yield Fault.MALFORMED
    if stamped_at:
        stamp = status.timestamp_validity
        if not (stamp and stamp.intact and stamp.valid and stamp.trusted):
            yield Fault.UNSTAMPED
        elif abs(stamped_at - signed_at) > MOST_DELAY:
            yield Fault.MISTIMED


def _needed(others: Sequence[x509.Certificate], path: ValidationPath) -> bool:
    """Whether every certificate beside the signer's leads to an anchor: nothing signs the rest."""
    led = {certificate.dump() for certificate in path.iter_certs(include_root=True)}
    return all(other.dump() in led for other in others)


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    """The time of the RFC 3161 timestamp over the signature, which is yet to be validated."""
    for token in extract_tst_data_iter(signature.signer_info, signed=False):
        stamped_at: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
        return stamped_at
    return None


def _context(reader: PdfFileReader, trusted: list[x509.Certificate], moment: datetime) -> ValidationContext:
    given: dict[str, Any] = {
        "trust_roots": valid_at(trusted, moment),
        "moment": moment,
        "allow_fetching": False,
        "signature_validator": SignatureValidator(),
    }
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return ValidationContext(**given)
    return store.as_validation_context(given)


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
