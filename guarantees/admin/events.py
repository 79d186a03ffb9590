"""What this room's audit events are called on a timeline."""

from django.utils.translation import gettext_lazy as _

from staff.admin.page import Tone
from staff.admin.timeline import EventLook, register_events

register_events(
    {
        "application.received": EventLook(_("Application received"), "inbox", Tone.WAITS),
        "application.approved": EventLook(_("Approved"), "check_circle", Tone.GOOD),
        "application.rejected": EventLook(_("Rejected"), "cancel", Tone.BAD),
        "receipt.recorded": EventLook(_("Receipt recorded"), "payments"),
        "premium.settled": EventLook(_("Premium settled"), "paid", Tone.GOOD),
        "guarantee.issued": EventLook(_("Letter issued"), "verified", Tone.GOOD),
        "guarantee.issue_failed": EventLook(_("Issuing failed"), "error", Tone.BAD),
        "application.given_up": EventLook(_("Given up"), "cancel", Tone.BAD),
    },
    {
        "round": _("round"),
        "advance": _("advance asked for"),
        "amount": _("amount"),
        "premium": _("premium"),
        "start": _("from"),
        "end": _("until"),
        "paid_at": _("paid at"),
        "means": _("means"),
        "still_due": _("still due"),
        "settlement": _("premium settled"),
        "guarantee": _("guarantee number"),
        "valid_from": _("valid from"),
        "valid_until": _("valid until"),
        "sha256": "SHA-256",
    },
)
