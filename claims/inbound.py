"""PREP105: an authentic demand for a guarantee of ours becomes a case, whatever else is odd about it (decisions B6)."""

from __future__ import annotations

from typing import Any

from claims import audit, book, reminders
from claims.flags import flags_of, resembled
from claims.models import Demand
from guarantees.ending import over_at
from guarantees.inbound import known_guarantee
from guarantees.models import Guarantee, GuaranteeState, Order
from guarantees.targets import Work
from protocol.dialect import Dialect
from protocol.errors import UnknownProject, UnknownSupplier
from protocol.facts import Facts
from protocol.folding import same_number
from protocol.gateway.serializers import TableSerializer
from protocol.handlers import Answer, Handler, Inbound
from protocol.vocabulary import Transcode

#: What a demand keeps of PREP105.
DEMAND = Facts(
    (
        "amount",
        "reason",
        "section_code",
        "project_code",
        "project_name",
        "applicant_name",
        "applicant_code",
        "beneficiary_name",
        "beneficiary_code",
        "bank",
        "account",
        "claimant",
        "claimant_phone",
        "claimant_id_number",
    ),
    numbers=frozenset(
        {
            "section_code",
            "project_code",
            "applicant_code",
            "beneficiary_code",
            "account",
            "claimant_phone",
            "claimant_id_number",
        }
    ),
)


class DemandSerializer(TableSerializer):
    transcode = Transcode.DEMAND


def receive_demand(inbound: Inbound) -> Answer:
    """A new case behind those that are open; one that says just the same as an open one is that one."""
    named = known_guarantee(inbound.connection, inbound.facts["guarantee_number"])
    order = Order.lock(named.application.order_id)
    guarantee = _present_letter(known_guarantee(inbound.connection, named.number))
    facts = DEMAND.of(inbound.facts)
    _check_strictly(inbound, guarantee, facts)
    for pending in guarantee.demands.open():
        if not DEMAND.differing(facts, pending):
            return Answer()
    demand = Demand(
        order=order,
        guarantee=guarantee,
        named_number=inbound.facts["guarantee_number"],
        received_at=inbound.received_at,
        timely=_is_timely(guarantee, inbound),
        unknown_fields=dict(inbound.unknown_fields),
        **facts,
    )
    demand.resembles = resembled(demand)
    demand.flags = flags_of(demand, stale=inbound.stale, doubtful=bool(inbound.doubtful))
    demand.begin(Work.TAKE_UP, demand.received_at)
    demand.save()
    book.received(demand)
    audit.demand_received(demand)
    reminders.new_demand(demand)
    return Answer()


def _present_letter(guarantee: Guarantee) -> Guarantee:
    """The letter that replaced the one which a demand names, over any number of replacements (decisions B9)."""
    while (successor := Guarantee.objects.filter(supersedes=guarantee).first()) is not None:
        guarantee = successor
    return guarantee


def _is_timely(guarantee: Guarantee, inbound: Inbound) -> bool:
    """Timely is what reached the gateway in time, though the clock's work may have taken the order's lock first."""
    used_up = (GuaranteeState.PAID_OUT, GuaranteeState.RUN_DOWN)
    return guarantee.state not in used_up and inbound.received_at < over_at(guarantee)


def _check_strictly(inbound: Inbound, guarantee: Guarantee, facts: dict[str, Any]) -> None:
    """The dialect `claims=strict`: a project or a supplier that is not the guarantee's is refused (decisions C6)."""
    if Dialect.from_mapping(inbound.connection.dialect).claims != "strict":
        return
    if not same_number(facts["project_code"], guarantee.application.project_code):
        raise UnknownProject()
    if not same_number(facts["applicant_code"], guarantee.application.applicant_code):
        raise UnknownSupplier()


HANDLERS = [Handler(Transcode.DEMAND, DemandSerializer, receive_demand)]
