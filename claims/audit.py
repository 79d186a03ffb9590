"""One typed function per event in the life of a demand."""

from __future__ import annotations

from typing import Any

from claims.models import Demand, Payment
from staff.audit import record
from staff.models import User


def demand_received(demand: Demand) -> None:
    record(
        chain=demand.audit_chain,
        event="demand.received",
        subject=demand,
        actor=None,
        actor_name=str(demand.order.connection),
        to_state=demand.state,
        details={"guarantee": demand.named_number, "amount": str(demand.amount), "flags": demand.flags},
    )


def demand_taken_up(demand: Demand, *, person: User, from_state: str) -> None:
    _decided("demand.taken_up", demand, person, from_state)


def demand_paid(demand: Demand, payment: Payment, *, person: User, from_state: str) -> None:
    _decided("demand.paid", demand, person, from_state, amount=str(payment.amount), reference=payment.reference)


def demand_refused(demand: Demand, *, person: User, from_state: str) -> None:
    _decided("demand.refused", demand, person, from_state)


def demand_closed(demand: Demand, *, person: User, from_state: str) -> None:
    _decided("demand.closed", demand, person, from_state)


def payment_repeated(demand: Demand, payment: Payment, *, person: User, reason: str) -> None:
    record(
        chain=demand.audit_chain,
        event="demand.payment_repeated",
        subject=demand,
        actor=person,
        reason=reason,
        details={"amount": str(payment.amount), "reference": payment.reference},
    )


def _decided(event: str, demand: Demand, person: User, from_state: str, **details: Any) -> None:
    record(
        chain=demand.audit_chain,
        event=event,
        subject=demand,
        actor=person,
        from_state=from_state,
        to_state=demand.state,
        reason=demand.decision_reason,
        details=details,
    )
