"""What PREP106 tells the platform of a demand (decisions B7, F2). It carries no claim number, only the guarantee's."""

from __future__ import annotations

from typing import Any

from claims.models import Demand, Payment
from protocol.delivery.outbox import enqueue
from protocol.models import Notification
from protocol.vocabulary import DemandOutcome, Transcode


def message(demand: Demand, outcome: DemandOutcome) -> str:
    """What people call what the demand's platform is told: "PREP106 01"."""
    return demand.order.connection.speaks.message(Transcode.DEMAND_STATUS, outcome)


def taken_up(demand: Demand) -> Notification:
    return _status(demand, DemandOutcome.IN_HAND)


def paid(demand: Demand, payment: Payment) -> Notification:
    return _status(
        demand,
        DemandOutcome.PAID,
        amount=payment.amount,
        beneficiary_name=demand.beneficiary_name,
        beneficiary_code=demand.beneficiary_code,
        paid_at=payment.paid_at,
    )


def refused(demand: Demand) -> Notification:
    return _status(demand, DemandOutcome.REFUSED)


def _status(demand: Demand, outcome: DemandOutcome, **facts: Any) -> Notification:
    return enqueue(
        connection=demand.order.connection,
        queue=demand.order.number,
        transcode=Transcode.DEMAND_STATUS,
        facts={"guarantee_number": demand.named_number, "status": outcome, **facts},
    )
