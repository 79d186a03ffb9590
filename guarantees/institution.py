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

from guarantees.letter import pages, signature, wording
from guarantees.letter.fonts import MissingGlyph, typeface
from guarantees.letter.particulars import InstitutionKind, Paper, Particulars
from guarantees.models import UploadedWording

LETTERS = settings.BASE_DIR / "templates" / "letter"
FONTS = settings.BASE_DIR / "static" / "fonts"
#: What stands in a preview where only the signature tells it.
NOT_YET = "（签发时载明）"


class LetterNotMade(Exception):
    """A letter could not be made or signed; the message says why, and what would be right."""


@dataclass(frozen=True)
class Letter:
    """A signed PDF and the reference of the wording that it was made from."""

    content: bytes
    wording: str


def particulars(**given: Any) -> Particulars:
    """A letter's particulars: what `given` says of the case, and what the settings say of the institution.

    Raises LetterNotMade where a setting or the signing certificate is missing.
    """
    _require_settings()
    signer = credentials()
    number, code = given["number"], given["verification_code"]
    return _particulars(
        verification_url=f"{settings.PUBLIC_URL}/verify/{number}/?code={code}",
        certificate_owner=signer.owner,
        certificate_number=signer.serial_number,
        **given,
    )


def sample(**given: Any) -> Particulars:
    """The particulars of a letter that is not issued, whose QR code leads to no letter.

    The signing certificate is named where it is at hand. Raises LetterNotMade where a setting is missing.
    """
    _require_settings()
    try:
        signer = credentials()
        owner, number = signer.owner, signer.serial_number
    except LetterNotMade:
        owner = number = NOT_YET
    return _particulars(
        verification_url=f"{settings.PUBLIC_URL}/verify/", certificate_owner=owner, certificate_number=number, **given
    )


def _require_settings() -> None:
    kind = InstitutionKind(settings.INSTITUTION_KIND)
    missing = [
        name
        for name in ("INSTITUTION_NAME", "INSTITUTION_CODE", "INSTITUTION_ADDRESS", "INSTITUTION_TELEPHONE")
        if not getattr(settings, name)
    ]
    if kind is InstitutionKind.INSURER:
        missing += [name for name in ("CLAUSES_NAME", "CLAUSES_NUMBER") if not getattr(settings, name)]
    if missing:
        raise LetterNotMade(_("Set %(names)s: every letter says them.") % {"names": ", ".join(missing)})


def _particulars(**given: Any) -> Particulars:
    return Particulars(
        **given,
        payment_working_days=settings.PAYMENT_WORKING_DAYS,
        institution_kind=InstitutionKind(settings.INSTITUTION_KIND),
        institution_name=settings.INSTITUTION_NAME,
        institution_code=settings.INSTITUTION_CODE,
        institution_address=settings.INSTITUTION_ADDRESS,
        institution_telephone=settings.INSTITUTION_TELEPHONE,
        clauses_name=settings.CLAUSES_NAME,
        clauses_number=settings.CLAUSES_NUMBER,
        demonstration=settings.DEMONSTRATION,
    )


def issued_kind() -> str:
    """The kind of letter that we issue. Raises WordingError where the law does not let us promise that."""
    return wording.letter_kind(InstitutionKind(settings.INSTITUTION_KIND), settings.WORDING or None)


def letter_wording() -> wording.Wording:
    """What the next letter says: the uploaded wording in use, else the newest file of its kind.

    Raises LetterNotMade where it cannot be used. Nothing stands in for it: an insurer's letter on clauses that are
    not those it filed would be worse than none.
    """
    try:
        kind = issued_kind()
        uploaded = UploadedWording.used(kind)
        return uploaded.read() if uploaded else wording.newest(LETTERS, kind)
    except wording.WordingError as error:
        told = _("The wording in use cannot be used: %(problems)s Put another one into use, or withdraw it.")
        raise LetterNotMade(told % {"problems": error}) from error


def make_letter(letter: Particulars, *, signed_at: datetime) -> Letter:
    """The letter, drawn and signed; LetterNotMade says why it cannot be, and nothing has happened."""
    return make(letter, letter_wording(), signed_at=signed_at, reason="出具预付款保函")


def make(paper: Paper, words: wording.Wording, *, signed_at: datetime, reason: str) -> Letter:
    """A paper in that wording, drawn and signed; LetterNotMade says why it cannot be, and nothing has happened."""
    drawn = draw(paper, words)
    seal = drawn.seal
    try:
        content = signature.sign(
            drawn.content,
            credentials(),
            signed_at=signed_at,
            reason=reason,
            location="中国",
            box=(seal.page, seal.x1, seal.y1, seal.x2, seal.y2),
        )
    except signature.CannotSign as error:
        raise LetterNotMade(str(error)) from error
    return Letter(content, words.reference)


def draw(paper: Paper, words: wording.Wording, *, mark: str = "") -> pages.Pages:
    """A paper in that wording, not signed; LetterNotMade says why it cannot be."""
    try:
        return pages.draw(paper, words, face=typeface(FONTS, settings.FALLBACK_FONT), mark=mark)
    except wording.WordingError as error:
        raise LetterNotMade(str(error)) from error
    except MissingGlyph as error:
        told = _("The typefaces lack %(character)s in “%(text)s”: write it otherwise, or set FALLBACK_FONT.")
        raise LetterNotMade(told % {"character": _named(error.character), "text": error.text[:60]}) from error
    except TTFError as error:
        raise LetterNotMade(_("FALLBACK_FONT cannot be used: %(error)s") % {"error": error}) from error


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"{character} ({code})" if character.isprintable() else code


def credentials() -> signature.Credentials:
    """The signing certificate and its key, read again whenever their file changes. Raises LetterNotMade."""
    if not settings.SIGNING_CERTIFICATE:
        raise LetterNotMade(_("Set SIGNING_CERTIFICATE to the file of the signing certificate (.p12, or .pem)."))
    path, key = Path(settings.SIGNING_CERTIFICATE), settings.SIGNING_KEY
    try:
        return _load(path, Path(key) if key else None, settings.SIGNING_PASSPHRASE, path.stat().st_mtime_ns)
    except OSError as error:
        raise LetterNotMade(
            _("The signing certificate cannot be read: %(error)s. Check SIGNING_CERTIFICATE.") % {"error": error}
        ) from error
    except signature.CannotSign as error:
        raise LetterNotMade(str(error)) from error


@lru_cache(maxsize=4)
def _load(path: Path, key: Path | None, passphrase: str, changed: int) -> signature.Credentials:
    if key is not None:
        return signature.load_pem(path.read_bytes(), key.read_bytes(), passphrase)
    return signature.load_pkcs12(path.read_bytes(), passphrase)


def trust_anchors() -> list[bytes]:
    """The certificates (PEM) that a letter's chain must lead to."""
    return [Path(path).read_bytes() for path in settings.TRUST_ANCHORS]
