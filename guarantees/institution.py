"""The institution as its letters show it: its particulars, its wording, its signing certificate, whom it trusts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.pdfbase.ttfonts import TTFError

from guarantees.letter import pages, seal, signature, verification, wording
from guarantees.letter.certificates import read_certificates
from guarantees.letter.credentials import CannotSign, Credentials, KeptKey, load_kept, load_pem, load_pkcs12
from guarantees.letter.fonts import MissingGlyph, Typeface, typeface
from guarantees.letter.hsm import HsmKey
from guarantees.letter.particulars import InstitutionKind, Paper, Particulars
from guarantees.letter.service import ServiceKey
from guarantees.letter.signature import Evidence
from guarantees.letter.timestamps import TimestampService
from protocol.transport import Address

LETTERS = settings.BASE_DIR / "templates" / "letter"
FONTS = settings.BASE_DIR / "static" / "fonts"


class LetterNotMade(Exception):
    """A letter could not be made or signed; the message says why, and what would be right."""


@dataclass(frozen=True)
class Letter:
    """A signed PDF and the reference of the wording that it was made from."""

    content: bytes
    wording: str


def particulars(**given: Any) -> Particulars:
    """A letter's particulars: what `given` says of the case, and what the settings say of the institution.

    Raises LetterNotMade where a setting is missing.
    """
    kind = InstitutionKind(settings.INSTITUTION_KIND)
    if kind is InstitutionKind.INSURER:
        require("CLAUSES_NAME", "CLAUSES_NUMBER")
    return Particulars(
        **given,
        **ours(given["number"], given["verification_code"]),
        payment_working_days=settings.PAYMENT_WORKING_DAYS,
        institution_kind=kind,
        clauses_name=settings.CLAUSES_NAME,
        clauses_number=settings.CLAUSES_NUMBER,
    )


def ours(number: str, code: str) -> dict[str, Any]:
    """What the settings give to every paper's particulars. Raises LetterNotMade where one is missing."""
    require("INSTITUTION_NAME", "INSTITUTION_CODE", "INSTITUTION_ADDRESS", "INSTITUTION_TELEPHONE")
    signer = credentials()
    return {
        "verification_url": f"{settings.PUBLIC_URL}/verify/{number}/?code={code}",
        "institution_name": settings.INSTITUTION_NAME,
        "institution_code": settings.INSTITUTION_CODE,
        "institution_address": settings.INSTITUTION_ADDRESS,
        "institution_telephone": settings.INSTITUTION_TELEPHONE,
        "certificate_owner": signer.owner,
        "certificate_number": signer.serial_number,
        "demonstration": settings.DEMONSTRATION,
    }


def require(*names: str) -> None:
    """Raises LetterNotMade naming those of the settings that are not given."""
    if missing := [name for name in names if not getattr(settings, name)]:
        raise LetterNotMade(_("Set %(names)s: the paper cannot be made without.") % {"names": ", ".join(missing)})


def make_letter(letter: Particulars, *, signed_at: datetime) -> Letter:
    """The letter, drawn and signed; LetterNotMade says why it cannot be, and nothing has happened."""
    try:
        words = wording.choose(LETTERS, letter.institution_kind, settings.WORDING or None)
    except wording.WordingError as error:
        raise LetterNotMade(str(error)) from error
    return make(letter, words, signed_at=signed_at, reason="出具预付款保函")


def make_paper(paper: Paper, kind: str, *, signed_at: datetime) -> Letter:
    """Another paper in the newest wording of its kind, drawn and signed, or LetterNotMade as for a letter."""
    try:
        words = wording.newest(LETTERS, kind)
    except wording.WordingError as error:
        raise LetterNotMade(str(error)) from error
    return make(paper, words, signed_at=signed_at, reason=f"出具{paper.noun}")


def make(paper: Paper, words: wording.Wording, *, signed_at: datetime, reason: str) -> Letter:
    """A paper in that wording, drawn and signed; LetterNotMade says why it cannot be, and nothing has happened."""
    try:
        face = typeface(FONTS, settings.FALLBACK_FONT)
        drawn = pages.draw(paper, words, face=face)
        signer = credentials()
        box, look = _visible(paper, drawn, signer.owner, signed_at, face)
        content = signature.sign(
            drawn.content,
            signer,
            signed_at=signed_at,
            reason=reason,
            location="中国",
            box=box,
            seal=look,
            evidence=evidence(),
        )
    except (wording.WordingError, MissingGlyph, seal.SealError, CannotSign) as error:
        raise LetterNotMade(str(error)) from error
    except TTFError as error:
        raise LetterNotMade(_("FALLBACK_FONT cannot be used: %(error)s") % {"error": error}) from error
    # What our own reader does not believe is never issued: an untrusted certificate, above all.
    if reasons := verification.verify(content, trust_anchors()).reasons:
        raise LetterNotMade(
            _("The signed file does not verify (%(reasons)s): check SIGNING_CERTIFICATE and TRUST_ANCHORS.")
            % {"reasons": "；".join(reasons)}
        )
    return Letter(content, words.reference)


def _visible(
    paper: Paper, drawn: pages.Pages, signer: str, signed_at: datetime, face: Typeface
) -> tuple[pages.Box, bytes]:
    """Where the visible signature stands and what it looks like; nothing imitates a seal that was not given."""
    if settings.SEAL_IMAGE:
        return drawn.seal, seal.image_seal(seal_image(), face)
    if paper.demonstration:
        return drawn.seal, seal.demonstration_seal(paper.institution_name, face)
    box = drawn.frame
    return box, seal.frame(signer, signed_at, width=box.x2 - box.x1, height=box.y2 - box.y1, face=face)


def seal_image() -> bytes:
    """The content of SEAL_IMAGE. Raises SealError."""
    try:
        return Path(settings.SEAL_IMAGE).read_bytes()
    except OSError as error:
        raise seal.SealError(f"SEAL_IMAGE cannot be read ({error}): a PNG file would be right") from error


def credentials() -> Credentials:
    """The signing certificate and its key, read again whenever their files change. Raises LetterNotMade."""
    if not settings.SIGNING_CERTIFICATE:
        raise LetterNotMade(_("Set SIGNING_CERTIFICATE to the file of the signing certificate (.p12, or .pem)."))
    path, key = Path(settings.SIGNING_CERTIFICATE), settings.SIGNING_KEY
    try:
        if not key:
            return _load_pkcs12(path, settings.SIGNING_PASSPHRASE, path.stat().st_mtime_ns)
        if ":" in key and (kept := _kept_key(key)):
            return load_kept(path.read_bytes(), kept)
        changed = path.stat().st_mtime_ns, Path(key).stat().st_mtime_ns
        return _load_pem(path, Path(key), settings.SIGNING_PASSPHRASE, changed)
    except OSError as error:
        raise LetterNotMade(
            _("The signing certificate cannot be read: %(error)s. Check SIGNING_CERTIFICATE and SIGNING_KEY.")
            % {"error": error}
        ) from error
    except CannotSign as error:
        raise LetterNotMade(str(error)) from error


def _kept_key(where: str) -> KeptKey | None:
    """A key in an HSM, or at a signing service; None for a file."""
    if where.startswith("pkcs11:"):
        return HsmKey(where, settings.SIGNING_PASSPHRASE)
    if where.startswith(("https://", "http://")):
        return ServiceKey(
            _address(where),
            credential=settings.SIGNING_CREDENTIAL,
            token=settings.SIGNING_TOKEN,
            pin=settings.SIGNING_PASSPHRASE,
            seconds=settings.SIGNING_SECONDS,
        )
    return None


def _address(url: str) -> Address:
    """Of the signing or the timestamp service, trusted by the system's authorities or those of SERVICE_AUTHORITY."""
    authority, certificate = settings.SERVICE_AUTHORITY, settings.SERVICE_CLIENT_CERTIFICATE
    return Address(
        url,
        ca_certificate=Path(authority).read_text() if authority else "",
        client_certificate=Path(certificate).read_text() if certificate else "",
    )


@lru_cache(maxsize=4)
def _load_pkcs12(path: Path, passphrase: str, changed: int) -> Credentials:
    return load_pkcs12(path.read_bytes(), passphrase)


@lru_cache(maxsize=4)
def _load_pem(path: Path, key: Path, passphrase: str, changed: tuple[int, int]) -> Credentials:
    return load_pem(path.read_bytes(), key.read_bytes(), passphrase)


def evidence() -> Evidence:
    """What the settings want beside each signature."""
    timestamps = None
    if settings.TIMESTAMP_SERVICE:
        timestamps = TimestampService(
            _address(settings.TIMESTAMP_SERVICE),
            authorization=settings.TIMESTAMP_AUTHORIZATION,
            seconds=settings.SIGNING_SECONDS,
        )
    anchors = [certificate for anchor in trust_anchors() for certificate in read_certificates(anchor)]
    return Evidence(tuple(anchors), timestamps, settings.EMBED_REVOCATION)


def trust_anchors() -> list[bytes]:
    """The certificates (PEM) that a letter's chain must lead to."""
    return [Path(path).read_bytes() for path in settings.TRUST_ANCHORS]
