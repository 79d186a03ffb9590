"""What platforms do in the life of a demand, for the trail; decisions name their own events."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from claims.models import Demand
from staff.audit import record
from staff.desk.page import Tone
from staff.events import EventKind

RECEIVED = EventKind("demand.received", _("Demand received"), "gavel", Tone.WAITS)
EVENTS = [RECEIVED]


def demand_received(demand: Demand) -> None:
    record(
        chain=demand.audit_chain,
        event=RECEIVED,
        subject=demand,
        actor=None,
        actor_name=str(demand.order.connection),
        to_state=demand.state,
        details={"guarantee": demand.named_number, "amount": str(demand.amount), "flags": demand.flags},
    )
