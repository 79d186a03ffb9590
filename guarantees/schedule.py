"""The periodic work of this room."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from guarantees.ending import effect_due, expire_due
from guarantees.issuing.certificate import signing_certificate
from guarantees.issuing.signing import LetterNotMade
from protocol import alerts
from staff import clock
from staff.schedule import Periodic


def end_guarantees() -> None:
    """Cancellations before expiry: one whose time lies beyond the guarantee's end ends it as cancelled."""
    now = clock.now()
    effect_due(now)
    expire_due(now)


def watch_certificate() -> None:
    """Reminds of the signing certificate's end in good time, and of one that cannot sign."""
    try:
        certificate = signing_certificate(clock.now())
    except LetterNotMade as trouble:
        alerts.certificate_unusable(settings.INSTITUTION_NAME or settings.PUBLIC_URL, str(trouble))
        return
    if certificate.ends_soon:
        alerts.certificate_expires(
            certificate.owner, certificate.serial_number, certificate.last_day, certificate.days_left
        )


PERIODIC = [
    Periodic("guarantees.end_guarantees", timedelta(minutes=1), end_guarantees),
    Periodic("guarantees.watch_certificate", timedelta(hours=1), watch_certificate),
]
