"""What people call the transcodes; the Chinese of the catalogue is the specification's own (`Table.title`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

NAMES = {
    "PREP101": _("application for a guarantee"),
    "PREP102": _("status of the application"),
    "PREP103": _("fetching the letter"),
    "PREP104": _("verifying a letter"),
    "PREP105": _("demand on the guarantee"),
    "PREP106": _("outcome of the demand"),
    "PREP107": _("invalidation of the guarantee"),
    "PREP108": _("outcome of the invalidation"),
    "PREP109": _("request to cancel or withdraw"),
}


def named(transcode: str) -> str:
    """ "PREP105 demand on the guarantee"; what is no transcode, as it was written."""
    return f"{transcode} {NAMES[transcode]}" if transcode in NAMES else transcode
