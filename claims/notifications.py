"""What PREP106 tells the platform of a demand (decisions B7, F2). It carries no claim number, only the guarantee's."""

from __future__ import annotations

from typing import Any

from claims.models import Demand, Payment
from protocol.delivery.outbox import enqueue
from protocol.models import Notification
from protocol.prep.codes import DemandStatus, Transcode


def taken_up(demand: Demand) -> Notification:
    return _status(demand, DemandStatus.IN_HAND)


def paid(demand: Demand, payment: Payment) -> Notification:
    return _status(
        demand,
        DemandStatus.PAID,
        paymentMoney=payment.amount,
        paymentBeneficiary=demand.beneficiary_name,
        paymentBeneficiarySocial=demand.beneficiary_code,
        paymentTime=payment.paid_at,
    )


def refused(demand: Demand) -> Notification:
    return _status(demand, DemandStatus.REFUSED)


def _status(demand: Demand, status: DemandStatus, **values: Any) -> Notification:
    return enqueue(
        connection=demand.order.connection,
        queue=demand.order.number,
        transcode=Transcode.DEMAND_STATUS,
        values={"guaranteeId": demand.named_number, "status": status, **values},
    )
