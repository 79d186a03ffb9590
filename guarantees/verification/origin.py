"""Where a file comes from, for the platform, the public page and the desk: did we issue it, and is it unchanged?"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from guarantees.issuing.signing import LetterNotMade, credentials, trust_anchors
from guarantees.letter.signature.certificates import Certificate
from guarantees.letter.signature.faults import Fault
from guarantees.letter.signature.isolation import presentable, validate_isolated
from guarantees.letter.signature.validation import Validation, validate
from guarantees.models import Guarantee, IssuedPaper

log = logging.getLogger(__name__)


class OriginDoubt(TextChoices):
    """What speaks against a file, whatever its signature; in the order in which it is said."""

    SIGNED_BY_US = "signed_by_us", _("We signed the file, but it is no letter that we issued.")
    SIGNED_BY_ANOTHER = "signed_by_another", _("The file was signed by somebody else.")
    NOT_ISSUED = "not_issued", _("The file is not a letter that we issued.")
    NOT_UNDER_THIS_NUMBER = (
        "not_under_this_number",
        _("The file is not the letter that we issued under this number."),
    )


@dataclass(frozen=True)
class Origin:
    """Why a file is not the one that we issued (neither faults nor doubts: it is), and what its signature says.

    `issued` is the letter or other paper of the institution that the file is byte for byte, even where something else
    speaks against it.
    """

    digest: str
    faults: tuple[Fault, ...]
    doubts: tuple[OriginDoubt, ...]
    certificate: Certificate | None
    signed_at: datetime | None
    issued: Guarantee | IssuedPaper | None

    @property
    def is_proven(self) -> bool:
        return not self.faults and not self.doubts


def trace(content: bytes, expected: Guarantee | None = None) -> Origin:
    """The origin of a file that is said to be the letter of `expected`, or of any file (decisions B16)."""
    digest = hashlib.sha256(content).hexdigest()
    issued = _issued(digest)
    validation = _validation(content, is_issued=issued is not None)
    doubts = []
    if issued is None and not validation.faults and validation.certificate:
        by_us = _is_institutions(validation.certificate)
        doubts.append(OriginDoubt.SIGNED_BY_US if by_us else OriginDoubt.SIGNED_BY_ANOTHER)
    if expected and issued != expected:
        doubts.append(OriginDoubt.NOT_UNDER_THIS_NUMBER)
    elif issued is None:
        doubts.append(OriginDoubt.NOT_ISSUED)
    return Origin(digest, validation.faults, tuple(doubts), validation.certificate, validation.signed_at, issued)


def is_issued(content: bytes) -> bool:
    """Whether it is byte for byte a letter or other paper of the institution; quick, whatever the file is."""
    return _issued(hashlib.sha256(content).hexdigest()) is not None


def _validation(content: bytes, *, is_issued: bool) -> Validation:
    try:
        anchors = trust_anchors()
    except LetterNotMade as error:
        log.error("No file can be verified: %s", error)
        return Validation((Fault.UNAVAILABLE,))
    # A file of the institution is harmless. Any other can be hostile, and its origin can never be proven.
    return presentable(validate(content, anchors)) if is_issued else validate_isolated(content, anchors)


def _issued(digest: str) -> Guarantee | IssuedPaper | None:
    for model in (Guarantee, IssuedPaper):
        if found := model._default_manager.filter(file_digest=digest).first():
            return found
    return None


def _is_institutions(trusted: Certificate) -> bool:
    """Whether a certificate that our anchors vouch for is the institution's, by its name or as the one that signs."""
    try:
        signing = credentials().serial_number
    except LetterNotMade:
        signing = ""
    return trusted.owner == settings.INSTITUTION_NAME or signing == trusted.serial_number
