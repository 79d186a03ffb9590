"""How the signing certificate stands, in one line: on the home page, and where a letter is to be issued."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from guarantees.issuing.certificate import signing_certificate
from guarantees.issuing.signing import LetterNotMade
from guarantees.models import Application, ApplicationState
from staff.desk.page import Flag, Tone
from staff.models import User


def certificate_flag(now: datetime) -> Flag:
    """Plain where all is well, a warning where the end is near, bad where no letter can be issued."""
    try:
        certificate = signing_certificate(now)
    except LetterNotMade as trouble:
        return Flag(_("No letter can be issued. %(reason)s") % {"reason": trouble}, Tone.BAD)
    values = {
        "owner": certificate.owner,
        "day": certificate.last_day.isoformat(),
        "days": certificate.days_left,
    }
    if certificate.ends_soon:
        text = _("The signing certificate of %(owner)s ends in %(days)d days, on %(day)s. Have it renewed.")
        return Flag(text % values, Tone.WARNING)
    text = _("The certificate of %(owner)s signs letters until %(day)s, for %(days)d more days.")
    return Flag(text % values, Tone.PLAIN)


def issue_flags(application: Application, person: User, now: datetime) -> list[Flag]:
    """What the issuer of a letter must know of the certificate before signing with it."""
    if application.state != ApplicationState.PAID or not person.has_perm("guarantees.issue_guarantee"):
        return []
    flag = certificate_flag(now)
    return [] if flag.is_quiet else [flag]
