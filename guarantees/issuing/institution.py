"""The institution as its papers show it: its particulars, its wordings, its seal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.pdfbase.ttfonts import TTFError

from guarantees.issuing.promised import CLAUSES, PAYMENT_DAYS
from guarantees.issuing.signing import LetterNotMade, credentials, evidence, trust_anchors
from guarantees.letter.signature import pades
from guarantees.letter.signature.credentials import CannotSign, Credentials
from guarantees.letter.signature.fault_texts import FAULT_TEXTS
from guarantees.letter.signature.faults import Fault
from guarantees.letter.signature.validation import validate
from guarantees.letter.typesetting import pages, seal
from guarantees.letter.typesetting.fonts import MissingGlyph, Typeface, typeface
from guarantees.letter.typesetting.linebreaking import shown
from guarantees.letter.wording import amount, wordings
from guarantees.letter.wording.particulars import Paper, Particulars
from guarantees.models import UploadedWording
from staff.trade_words import InstitutionKind

LETTERS = settings.BASE_DIR / "templates" / "letter"
FONTS = settings.BASE_DIR / "static" / "fonts"
#: What stands in a preview where only the signature tells it.
NOT_YET = "（签发时载明）"


@dataclass(frozen=True)
class Letter:
    """A signed PDF and the reference of the wording that it was made from."""

    content: bytes
    wording: str


def particulars(**given: Any) -> Particulars:
    """A letter's particulars: what `given` says of the case, what settings and business parameters of the institution.

    Raises LetterNotMade where one of these or the signing certificate is missing.
    """
    return _particulars(**given, **institution_values(given["number"], given["verification_code"]))


def sample(**given: Any) -> Particulars:
    """The particulars of a letter that is not issued, whose QR code leads to no letter.

    The signing certificate is named where it is at hand. Raises LetterNotMade where a setting is missing.
    """
    try:
        signer = credentials()
        owner, number = signer.owner, signer.serial_number
    except LetterNotMade:
        owner = number = NOT_YET
    return _particulars(**given, **_institution_values(f"{settings.PUBLIC_URL}/verify/", owner, number))


def institution_values(number: str, code: str) -> dict[str, Any]:
    """What the settings give to every paper's particulars. Raises LetterNotMade where one is missing."""
    signer = credentials()
    return _institution_values(
        f"{settings.PUBLIC_URL}/verify/{number}/?code={code}", signer.owner, signer.serial_number
    )


def require(*names: str) -> None:
    """Raises LetterNotMade naming those of the settings that are not given."""
    if missing := [name for name in names if not getattr(settings, name)]:
        raise LetterNotMade(_("Set %(names)s: the paper cannot be made without.") % {"names": ", ".join(missing)})


def _particulars(**given: Any) -> Particulars:
    kind, clauses = InstitutionKind(settings.INSTITUTION_KIND), CLAUSES.value()
    if kind is InstitutionKind.INSURER and clauses is None:
        raise LetterNotMade(
            _("The filed clauses are not set: they are proposed under Business parameters and confirmed by another.")
        )
    return Particulars(
        **given,
        payment_working_days=PAYMENT_DAYS.value(),
        institution_kind=kind,
        clauses_name=clauses.name if clauses else "",
        clauses_number=clauses.number if clauses else "",
    )


def _institution_values(url: str, certificate_owner: str, certificate_number: str) -> dict[str, Any]:
    require("INSTITUTION_NAME", "INSTITUTION_CODE", "INSTITUTION_ADDRESS", "INSTITUTION_TELEPHONE")
    return {
        "verification_url": url,
        "institution_name": settings.INSTITUTION_NAME,
        "institution_code": settings.INSTITUTION_CODE,
        "institution_address": settings.INSTITUTION_ADDRESS,
        "institution_telephone": settings.INSTITUTION_TELEPHONE,
        "certificate_owner": certificate_owner,
        "certificate_number": certificate_number,
        "demonstration": settings.DEMONSTRATION,
    }


def check_printable(text: str) -> None:
    """Raises MissingGlyph for the first character that no letter of ours can print; what nobody sees is left out."""
    face, printed = _typeface(), shown(text)
    for character in printed:
        if face.font_for(character, bold=False) is None:
            raise MissingGlyph(character, printed)


def issued_kind() -> str:
    """The kind of letter that we issue. Raises WordingError where the law does not let us promise that."""
    return wordings.letter_kind(InstitutionKind(settings.INSTITUTION_KIND), settings.WORDING or None)


def letter_wording() -> wordings.Wording:
    """What the next letter says: the uploaded wording in use, else the newest file of its kind.

    Raises LetterNotMade where it cannot be used. Nothing stands in for it: an insurer's letter on clauses that are
    not those it filed would be worse than none.
    """
    try:
        kind = issued_kind()
        uploaded = UploadedWording.used(kind)
        return uploaded.read() if uploaded else wordings.newest(LETTERS, kind)
    except wordings.WordingError as error:
        message = _("The wording in use cannot be used: %(problems)s Put another one into use, or withdraw it.")
        raise LetterNotMade(message % {"problems": error}) from error


def make_letter(letter: Particulars, *, signed_at: datetime, mark: str = "") -> Letter:
    """The letter, drawn and signed; LetterNotMade says why it cannot be, and nothing has happened.

    A `mark` across each page says that it is none.
    """
    reason = f"{mark}，不是保函" if mark else "出具预付款保函"
    return make(letter, letter_wording(), signed_at=signed_at, reason=reason, mark=mark)


def make_paper(paper: Paper, kind: str, *, signed_at: datetime) -> Letter:
    """Another paper in the newest wording of its kind, drawn and signed, or LetterNotMade as for a letter."""
    try:
        words = wordings.newest(LETTERS, kind)
    except wordings.WordingError as error:
        raise LetterNotMade(str(error)) from error
    return make(paper, words, signed_at=signed_at, reason=f"出具{paper.noun}")


def make(paper: Paper, words: wordings.Wording, *, signed_at: datetime, reason: str, mark: str = "") -> Letter:
    """A paper in that wording, drawn and signed; LetterNotMade says why it cannot be, and nothing has happened."""
    drawn = draw(paper, words, mark=mark)
    signer = credentials()
    try:
        box, look = _visible(paper, drawn, signer.owner, signed_at, _typeface())
        content = pades.sign(
            drawn.content,
            signer,
            signed_at=signed_at,
            reason=reason,
            location="中国",
            box=box,
            seal=look,
            evidence=evidence(),
        )
    except (MissingGlyph, seal.SealError, CannotSign) as error:
        raise LetterNotMade(str(error)) from error
    # What our own reader does not believe is never issued: an untrusted certificate, above all.
    if faults := validate(content, trust_anchors()).faults:
        raise LetterNotMade(_not_believed(faults, signer))
    return Letter(content, words.reference)


def _not_believed(faults: Sequence[Fault], signer: Credentials) -> str:
    if Fault.UNTRUSTED in faults:
        text = _(
            "TRUST_ANCHORS do not vouch for the signing certificate of %(owner)s (%(number)s): add its authority there."
        )
        return text % {"owner": signer.owner, "number": signer.serial_number}
    text = _("The signed file does not verify (%(reasons)s): check SIGNING_CERTIFICATE and TRUST_ANCHORS.")
    return text % {"reasons": "；".join(str(FAULT_TEXTS[fault]) for fault in faults)}


def draw(paper: Paper, words: wordings.Wording, *, mark: str = "") -> pages.Pages:
    """A paper in that wording, not signed; LetterNotMade says why it cannot be."""
    try:
        return pages.draw(paper, words, face=_typeface(), mark=mark)
    except (wordings.WordingError, MissingGlyph) as error:
        raise LetterNotMade(str(error)) from error
    except amount.NotPrintable as error:
        text = _("One of its sums is larger than a letter can name (%(most)s): correct it, or reject the application.")
        raise LetterNotMade(text % {"most": f"{amount.MOST:,.2f}"}) from error


def _typeface() -> Typeface:
    try:
        return typeface(FONTS, settings.FALLBACK_FONT)
    except TTFError as error:
        raise LetterNotMade(_("FALLBACK_FONT cannot be used: %(error)s") % {"error": error}) from error


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
        raise seal.SealError(_("SEAL_IMAGE cannot be read: %(error)s") % {"error": error}) from error
