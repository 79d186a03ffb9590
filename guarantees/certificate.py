"""The certificate that signs letters, as it stands now: whose, until when, or what keeps it from signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from guarantees import signing
from guarantees.letter.credentials import Credentials
from guarantees.letter.trust import is_trusted
from guarantees.signing import LetterNotMade


@dataclass(frozen=True)
class SigningCertificate:
    """One that can sign; `days_left` counts from today to its last day, and is 0 on it."""

    owner: str
    serial_number: str
    last_day: date
    days_left: int

    @property
    def ends_soon(self) -> bool:
        return self.days_left <= settings.CERTIFICATE_ALERT_DAYS


def signing_certificate(now: datetime) -> SigningCertificate:
    """The certificate with which letters are signed, or LetterNotMade saying why no good letter can be."""
    credentials = signing.credentials()
    if trouble := _trouble(credentials, now):
        raise LetterNotMade(trouble)
    certificate = credentials.particulars
    last_day = timezone.localdate(certificate.not_after)
    days_left = (last_day - timezone.localdate(now)).days
    return SigningCertificate(certificate.owner, certificate.serial_number, last_day, days_left)


def _trouble(credentials: Credentials, now: datetime) -> str:
    certificate = credentials.particulars
    named = {"owner": certificate.owner, "number": certificate.serial_number}
    if now > certificate.not_after:
        ended = timezone.localdate(certificate.not_after).isoformat()
        text = _("The signing certificate of %(owner)s (%(number)s) ended on %(day)s: set the one that follows it.")
        return text % {**named, "day": ended}
    if now < certificate.not_before:
        begins = timezone.localdate(certificate.not_before).isoformat()
        text = _("The signing certificate of %(owner)s (%(number)s) begins on %(day)s: set the one that is valid now.")
        return text % {**named, "day": begins}
    if is_trusted(credentials.certificate, credentials.chain, signing.trust_anchors(), now):
        return ""
    text = _(
        "TRUST_ANCHORS do not vouch for the signing certificate of %(owner)s (%(number)s): add its authority there."
    )
    return text % named
