"""What this room's audit events are called on a timeline."""

from django.utils.translation import gettext_lazy as _

from claims.flags import Flag
from staff.desk.page import Tone
from staff.desk.timeline import Detail, EventLook, register_events, words_of

register_events(
    {
        "demand.received": EventLook(_("Demand received"), "gavel", Tone.WAITS),
        "demand.taken_up": EventLook(_("Demand taken up"), "person_search"),
        "demand.paid": EventLook(_("Demand paid"), "paid", Tone.GOOD),
        "demand.refused": EventLook(_("Demand refused"), "cancel", Tone.BAD),
        "paper.refusal": EventLook(_("Notice of refusal made"), "description"),
        "demand.closed": EventLook(_("Demand closed as a duplicate"), "content_copy", Tone.OVER),
        "demand.payment_repeated": EventLook(_("New payment after one that bounced"), "sync", Tone.WARNING),
    },
    {"flags": Detail(_("to look at"), words_of(Flag.choices))},
)
