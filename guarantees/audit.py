"""One typed function per event in the life of an application or a guarantee."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from guarantees import corrections
from guarantees.models import (
    Application,
    ApplicationState,
    Cancellation,
    Correction,
    Guarantee,
    GuaranteeNumber,
    IssuedPaper,
    Receipt,
    Refund,
    UploadedWording,
    Withdrawal,
)
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


def correction_proposed(correction: Correction, *, person: User) -> None:
    _on_correction("application.correction_proposed", correction, person, correction.reason)


def correction_confirmed(correction: Correction, *, person: User) -> None:
    _on_correction("application.correction_confirmed", correction, person, "")


def correction_returned(correction: Correction, *, person: User) -> None:
    _on_correction("application.correction_returned", correction, person, correction.note)


def _on_correction(event: str, correction: Correction, person: User, reason: str) -> None:
    record(
        chain=correction.application.audit_chain,
        event=event,
        subject=correction.application,
        actor=person,
        reason=reason,
        details={"corrected": corrections.as_texts(correction.changes)},
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


def number_voided(number: GuaranteeNumber, application: Application, *, person: User, reason: str) -> None:
    record(
        chain=application.audit_chain,
        event="guarantee.number_voided",
        subject=application,
        actor=person,
        reason=reason,
        details={"guarantee": number.number},
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
            "particulars": particulars_digest(guarantee.particulars),
        },
    )


def application_given_up(application: Application, *, person: User, from_state: str, reason: str) -> None:
    _moved("application.given_up", application, person, from_state, reason)


def particulars_corrected(
    application: Application, *, person: User, from_state: str, reason: str, changes: Mapping[str, list[Any]]
) -> None:
    record(
        chain=application.audit_chain,
        event="application.corrected",
        subject=application,
        actor=person,
        from_state=from_state,
        to_state=application.state,
        reason=reason,
        details={"corrected": corrections.as_texts(changes), "amount": str(application.approved_amount)},
    )


def application_returned(application: Application, *, person: User, from_state: str) -> None:
    _moved("application.returned", application, person, from_state, "")


def application_cancelled(application: Application, *, person: User, from_state: str, reason: str) -> None:
    _moved("application.cancelled", application, person, from_state, reason)


def application_surrendered(application: Application, *, person: User, from_state: str) -> None:
    _moved("application.surrendered", application, person, from_state, "")


def refund_due(refund: Refund, *, person: User) -> None:
    _money("refund.due", refund, person)


def refund_paid(refund: Refund, *, person: User) -> None:
    _money("refund.paid", refund, person)


def _money(event: str, refund: Refund, person: User) -> None:
    record(
        chain=refund.audit_chain,
        event=event,
        subject=refund.application,
        actor=person,
        details={"amount": str(refund.amount), "reference": refund.reference},
    )


def cancellation_received(cancellation: Cancellation) -> None:
    record(
        chain=cancellation.audit_chain,
        event="cancellation.received",
        subject=cancellation,
        actor=None,
        actor_name=str(cancellation.order.connection),
        to_state=cancellation.state,
        details={
            "guarantee": cancellation.guarantee.number,
            "kind": cancellation.kind,
            "invalid_time": cancellation.invalid_time.isoformat(),
        },
    )


def cancellation_approved(cancellation: Cancellation, *, person: User, from_state: str) -> None:
    _decided("cancellation.approved", cancellation, person, from_state, "")


def cancellation_refused(cancellation: Cancellation, *, person: User, from_state: str) -> None:
    _decided("cancellation.refused", cancellation, person, from_state, cancellation.reason)


def cancellation_effective(cancellation: Cancellation, *, person: User | None, from_state: str) -> None:
    _decided("cancellation.effective", cancellation, person, from_state, "")


def cancellation_lapsed(cancellation: Cancellation, *, from_state: str) -> None:
    _decided("cancellation.lapsed", cancellation, None, from_state, cancellation.reason)


def purchaser_told(cancellation: Cancellation, *, person: User) -> None:
    record(
        chain=cancellation.audit_chain,
        event="cancellation.purchaser_told",
        subject=cancellation,
        actor=person,
        reason=cancellation.purchaser_told_how,
    )


def withdrawal_received(withdrawal: Withdrawal) -> None:
    record(
        chain=withdrawal.audit_chain,
        event="withdrawal.received",
        subject=withdrawal,
        actor=None,
        actor_name=str(withdrawal.order.connection),
        to_state=withdrawal.state,
        details={"kind": withdrawal.kind},
    )


def withdrawal_approved(withdrawal: Withdrawal, *, person: User, from_state: str) -> None:
    _decided("withdrawal.approved", withdrawal, person, from_state, "")


def withdrawal_refused(withdrawal: Withdrawal, *, person: User, from_state: str) -> None:
    _decided("withdrawal.refused", withdrawal, person, from_state, withdrawal.refusal)


def release_uploaded(withdrawal: Withdrawal, *, person: User) -> None:
    _released("withdrawal.release_uploaded", withdrawal, person)


def release_checked(withdrawal: Withdrawal, *, person: User) -> None:
    _released("withdrawal.release_checked", withdrawal, person)


def _released(event: str, withdrawal: Withdrawal, person: User) -> None:
    record(
        chain=withdrawal.audit_chain,
        event=event,
        subject=withdrawal,
        actor=person,
        details={"sha256": withdrawal.release_digest},
    )


def guarantee_ended(guarantee: Guarantee, *, person: User | None, from_state: str, reason: str = "") -> None:
    """Cancelled, returned, surrendered, expired, released, paid out or wholly deducted: the state says which."""
    record(
        chain=guarantee.audit_chain,
        event=f"guarantee.{guarantee.state}",
        subject=guarantee,
        actor=person,
        from_state=from_state,
        to_state=guarantee.state,
        reason=reason,
        details={"guarantee": guarantee.number, "left": str(guarantee.remaining)},
    )


def deduction_recorded(guarantee: Guarantee, *, person: User, amount: Decimal, reason: str) -> None:
    record(
        chain=guarantee.audit_chain,
        event="guarantee.deduction_recorded",
        subject=guarantee,
        actor=person,
        reason=reason,
        details={"guarantee": guarantee.number, "amount": str(amount), "left": str(guarantee.remaining)},
    )


def paper_made(paper: IssuedPaper, *, subject: Model, person: User) -> None:
    """A payment notice, a refusal, a confirmation: the kind says which."""
    record(
        chain=paper.application.audit_chain,
        event=f"paper.{paper.kind}",
        subject=subject,
        actor=person,
        details={
            "paper": paper.number,
            "sha256": paper.file_digest,
            "particulars": particulars_digest(paper.particulars),
        },
    )


def particulars_digest(particulars: Mapping[str, Any]) -> str:
    """SHA-256 in hex of what a letter or another paper says, so that the trail vouches for every word of it."""
    said = json.dumps(particulars, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def wording_uploaded(wording: UploadedWording, *, person: User) -> None:
    _on_wording("wording.uploaded", wording, person)


def wording_put_into_use(wording: UploadedWording, *, person: User, from_state: str) -> None:
    _on_wording("wording.put_into_use", wording, person, from_state)


def wording_withdrawn(
    wording: UploadedWording, *, person: User, from_state: str, reason: str, successor: UploadedWording | None
) -> None:
    """By itself, with a reason, or because another one of its kind was put into use."""
    _on_wording("wording.withdrawn", wording, person, from_state, reason, successor.code if successor else "")


def _on_wording(
    event: str, wording: UploadedWording, person: User, from_state: str = "", reason: str = "", successor: str = ""
) -> None:
    record(
        chain=wording.audit_chain,
        event=event,
        subject=wording,
        actor=person,
        from_state=from_state,
        to_state=wording.state,
        reason=reason,
        details={"wording": wording.code, "sha256": wording.digest, "successor": successor},
    )


def _decided(event: str, case: Cancellation | Withdrawal, person: User | None, from_state: str, reason: str) -> None:
    record(
        chain=case.audit_chain,
        event=event,
        subject=case,
        actor=person,
        from_state=from_state,
        to_state=case.state,
        reason=reason,
    )


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
