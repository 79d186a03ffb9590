"""One typed function per event in the life of an application or a guarantee."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from guarantees.models import Application, ApplicationState, Guarantee, Receipt
from staff.audit import record
from staff.models import User


def application_received(application: Application) -> None:
    record(
        chain=application.audit_chain,
        event="application.received",
        subject=application,
        actor=None,
        actor_name=str(application.order.connection),
        to_state=application.state,
        details={"round": application.round, "advance": str(application.advance_amount)},
    )


def application_approved(application: Application, *, person: User, from_state: str, reason: str) -> None:
    record(
        chain=application.audit_chain,
        event="application.approved",
        subject=application,
        actor=person,
        from_state=from_state,
        to_state=application.state,
        reason=reason,
        details={
            "amount": str(application.approved_amount),
            "premium": str(application.premium),
            "start": _iso(application.approved_start),
            "end": _iso(application.approved_end),
        },
    )


def application_rejected(application: Application, *, person: User, from_state: str, reason: str) -> None:
    _moved("application.rejected", application, person, from_state, reason)


def receipt_recorded(receipt: Receipt, *, person: User, still_due: Decimal) -> None:
    record(
        chain=receipt.application.audit_chain,
        event="receipt.recorded",
        subject=receipt.application,
        actor=person,
        details={
            "amount": str(receipt.amount),
            "paid_at": receipt.paid_at.isoformat(),
            "means": receipt.means,
            "still_due": str(still_due),
        },
    )


def premium_settled(application: Application, *, person: User, from_state: str, reason: str = "") -> None:
    record(
        chain=application.audit_chain,
        event="premium.settled",
        subject=application,
        actor=person,
        from_state=from_state,
        to_state=application.state,
        reason=reason,
        details={"settlement": application.settlement, "premium": str(application.premium)},
    )


def issue_failed(application: Application, *, person: User, reason: str) -> None:
    record(
        chain=application.audit_chain,
        event="guarantee.issue_failed",
        subject=application,
        actor=person,
        from_state=ApplicationState.PAID,
        to_state=application.state,
        reason=reason,
    )


def guarantee_issued(guarantee: Guarantee, *, person: User, from_state: str) -> None:
    record(
        chain=guarantee.audit_chain,
        event="guarantee.issued",
        subject=guarantee.application,
        actor=person,
        from_state=from_state,
        to_state=guarantee.application.state,
        details={
            "guarantee": guarantee.number,
            "amount": str(guarantee.amount),
            "valid_from": guarantee.valid_from.isoformat(),
            "valid_until": guarantee.valid_until.isoformat(),
            "sha256": guarantee.file_digest,
        },
    )


def application_given_up(application: Application, *, person: User, from_state: str, reason: str) -> None:
    _moved("application.given_up", application, person, from_state, reason)


def _moved(event: str, application: Application, person: User, from_state: str, reason: str) -> None:
    record(
        chain=application.audit_chain,
        event=event,
        subject=application,
        actor=person,
        from_state=from_state,
        to_state=application.state,
        reason=reason,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
