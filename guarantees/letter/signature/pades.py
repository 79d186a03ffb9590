"""A letter is signed: PAdES over the whole document, certified as closed, by an RSA, ECDSA or SM2 key.

Where evidence is asked for, an RFC 3161 timestamp proves when, and what the authorities say of revocation is embedded
(PAdES B-T, B-LT). All of it stands in the one revision that the signature covers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSignatureMetadata,
    PdfSigner,
    PdfSigningSession,
    SigDSSPlacementPreference,
)
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp.static import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from guarantees.letter.signature.certificates import SignatureValidator, may_sign
from guarantees.letter.signature.credentials import CannotSign, Credentials
from guarantees.letter.signature.validation import quiet
from guarantees.letter.typesetting.seal import Appearance
from staff.clock import CHINA

FIELD = "Guarantor"
SIGNATURE_BYTES = 2048  # of the message without certificates and names: attributes, RSA of up to 8192 bits
REVOCATION_SECONDS = 10  # for each list or answer that is fetched

#: Where a visible seal stands: the page from 0 (-1 is the last), then left, bottom, right, top in points.
Box = tuple[int, float, float, float, float]


@dataclass(frozen=True)
class Evidence:
    """What is put beside the signature: a timestamp, and the revocation data that the certificates name."""

    anchors: tuple[x509.Certificate, ...] = ()  # whom the revocation data must lead to
    timestamps: TimeStamper | None = None
    revocation: bool = False


def sign(
    content: bytes,
    credentials: Credentials,
    *,
    signed_at: datetime,
    reason: str,
    location: str,
    box: Box | None = None,
    seal: bytes | None = None,
    evidence: Evidence = Evidence(),
) -> bytes:
    """The PDF with the certifying signature added, after which nothing may change; visible where `box` says.

    `seal` is what is seen there: a page from guarantees/letter/typesetting/seal.py, an empty frame where it is None.

    Raises CannotSign: certificate not valid at `signed_at`, revoked, or not for signatures; a key, a timestamp or
    revocation data that cannot be had; no PDF, encrypted or signed before.
    """
    check(credentials, signed_at)
    embeds = evidence.revocation and any(_names_revocation(each) for each in _path(credentials))
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=credentials.digest,
        reason=reason,
        location=location,
        name=credentials.owner,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
        signer_key_usage=set(),  # `check` has seen to it
        embed_validation_info=embeds,
        validation_context=_fetching(evidence, signed_at) if embeds else None,
        # A later revision would lie outside the signature.
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
    )
    signer = _DatedSigner(
        metadata,
        credentials.signer(),
        timestamper=evidence.timestamps,
        stamp_style=_seal(seal),
        new_field_spec=_place(box),
    )
    signer.signed_at = signed_at
    try:
        with quiet():
            writer = IncrementalPdfFileWriter(BytesIO(content))
            return bytes(signer.sign_pdf(writer, bytes_reserved=_reserved(credentials, evidence)).getvalue())
    except CannotSign:
        raise
    except (PdfError, SigningError, PathError, ValidationError, OSError, ValueError, IndexError) as error:
        raise CannotSign(_message(error, embeds)) from error


def _message(error: BaseException, embeds: bool) -> str:
    if isinstance(error, OSError):
        text = _("The timestamp cannot be had (%(error)s): check TIMESTAMP_SERVICE, and try again.")
    elif isinstance(error, PathError | ValidationError) or (embeds and _is_refused(error)):
        error = error.__cause__ or error  # of the timestamp's certificate, or of ours
        text = _(
            "The certificate's revocation cannot be ruled out (%(error)s): its authority's CRL or OCSP address must "
            "be reachable from here, and its root stand in TRUST_ANCHORS."
        )
    else:
        text = _("The letter cannot be signed (%(error)s): give a complete PDF, neither encrypted nor signed before.")
    return text % {"error": error}


def _is_refused(error: BaseException) -> bool:
    return isinstance(error, SigningError) and error.__cause__ is not None


def _reserved(credentials: Credentials, evidence: Evidence) -> int | None:
    """The hex digits kept free for the signature; None where a timestamp's size is known only once one was made."""
    if evidence.timestamps:
        return None
    certificates = sum(len(each.dump()) for each in _path(credentials))
    return 2 * (certificates + 3 * len(credentials.certificate.issuer.dump()) + SIGNATURE_BYTES)


def _path(credentials: Credentials) -> Iterator[x509.Certificate]:
    yield credentials.certificate
    yield from credentials.chain


def _names_revocation(certificate: x509.Certificate) -> bool:
    return bool(certificate.crl_distribution_points or certificate.ocsp_urls)


def _fetching(evidence: Evidence, moment: datetime) -> ValidationContext:
    """Fetches what the certificates name; a certificate that names nothing is none the worse for it."""
    return ValidationContext(
        trust_roots=list(evidence.anchors),
        moment=moment,
        allow_fetching=True,
        revocation_mode="hard-fail",
        fetcher_backend=RequestsFetcherBackend(per_request_timeout=REVOCATION_SECONDS),
        signature_validator=SignatureValidator(),
    )


def check(credentials: Credentials, signed_at: datetime) -> None:
    """Raises CannotSign where the certificate signs nothing at that time, whatever its key."""
    certificate = credentials.particulars
    if signed_at.tzinfo is None:
        raise CannotSign(_("The signing time %(time)s has no zone: give an aware one.") % {"time": signed_at})
    about = {
        "owner": certificate.owner,
        "time": _read(signed_at),
        "begins": _read(certificate.not_before),
        "ends": _read(certificate.not_after),
    }
    if signed_at < certificate.not_before:
        message = _("The certificate of %(owner)s is valid from %(begins)s, not yet at %(time)s: wait for it.")
        raise CannotSign(message % about)
    if signed_at > certificate.not_after:
        message = _(
            "The certificate of %(owner)s expired at %(ends)s, before %(time)s: "
            "have its issuer renew it and give the new one."
        )
        raise CannotSign(message % about)
    if not may_sign(credentials.certificate):
        usages = ", ".join(sorted(credentials.certificate.key_usage_value.native))
        message = _("The certificate of %(owner)s serves %(usages)s: give the signing certificate of the pair.")
        raise CannotSign(message % {**about, "usages": usages})


def _read(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def _place(box: Box | None) -> SigFieldSpec:
    if box is None:
        return SigFieldSpec(FIELD)
    page, left, bottom, right, top = box
    return SigFieldSpec(FIELD, on_page=page, box=(round(left), round(bottom), round(right), round(top)))


class _DatedSigner(PdfSigner):
    """States the time that it is given instead of the clock's."""

    signed_at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.signed_at
        return session


def _seal(seal: bytes | None) -> StaticStampStyle:
    if seal is None:
        return StaticStampStyle(border_width=1)
    middle = AxisAlignment.ALIGN_MID
    whole = SimpleBoxLayoutRule(middle, middle, Margins(), InnerScaling.STRETCH_FILL)
    return StaticStampStyle(border_width=0, background=Appearance(seal), background_layout=whole, background_opacity=1)
