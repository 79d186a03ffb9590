"""The certificate that signs letters, as it stands now: whose, until when, or what keeps it from signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guarantees.issuing import readiness, signing
from guarantees.issuing.signing import LetterNotMade
from protocol import alerts
from staff import clock
from staff.parameters import Parameter, ParameterGroup

WARNED_BEFORE: Parameter[int] = Parameter(
    code="telling.certificate_days",
    label=_("Days before the signing certificate's end from which it is told"),
    group=ParameterGroup.TELLING,
    field=lambda: forms.IntegerField(min_value=1, max_value=1000),
    default=60,
    source=_("Our proposal; no rule says it."),
    first=lambda: settings.CERTIFICATE_ALERT_DAYS,
)


@dataclass(frozen=True)
class SigningCertificate:
    """One that can sign; `days_left` counts from today to its last day, and is 0 on it."""

    owner: str
    serial_number: str
    last_day: date
    days_left: int

    @property
    def ends_soon(self) -> bool:
        return self.days_left <= WARNED_BEFORE.value()


def signing_certificate(now: datetime, *, afresh: bool = False) -> SigningCertificate:
    """The certificate with which letters are signed, or LetterNotMade saying why no letter can be issued."""
    if trouble := readiness.trouble(now, afresh=afresh):
        raise LetterNotMade(trouble)
    certificate = signing.credentials().particulars
    last_day = clock.day(certificate.not_after)
    days_left = (last_day - clock.day(now)).days
    return SigningCertificate(certificate.owner, certificate.serial_number, last_day, days_left)


def watch_certificate() -> None:
    """Periodic work: reminds of the signing certificate's end in good time, and of one that cannot sign."""
    try:
        certificate = signing_certificate(clock.now())
    except LetterNotMade as trouble:
        alerts.certificate_unusable(settings.INSTITUTION_NAME or settings.PUBLIC_URL, str(trouble))
        return
    if certificate.ends_soon:
        alerts.certificate_expires(
            certificate.owner, certificate.serial_number, certificate.last_day, certificate.days_left
        )
