"""The past of orders from before there was a book: their trail is gone through again, and each entry writes its lines.

Amounts and parties are those of the rows; the trail says what happened, when, and by whom. What the rows say and no
entry explains is brought in line by a line of its own, marked as inferred, and listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from guarantees.book import entries, kinds
from guarantees.book.posting import Change, Event, Evidence, known_by, post
from guarantees.book.proof import Difference, differences
from guarantees.models import (
    Application,
    ApprovalKind,
    Guarantee,
    GuaranteeState,
    Order,
    Settlement,
)
from staff import clock
from staff.models import AuditEntry, Unit
from staff.offered import Offered

#: By what an application names its parties.
PARTIES = frozenset({"applicant_code", "applicant_name", "beneficiary_code", "beneficiary_name"})


@dataclass
class Past:
    """An order whose trail is gone through; `nth` counts rows of a kind as their entries pass."""

    order: Order
    passed: Counter[Any] = field(default_factory=Counter)
    rounds: dict[int, Application] = field(default_factory=dict)
    #: The letters of which its trail told already.
    letters: set[int] = field(default_factory=set)
    #: Whether a withdrawal waits to be decided, so that money waits as well.
    withdrawal_asked: bool = False

    def nth(self, rows: Any, key: object) -> Any:
        """The next of these rows that no entry told of yet; None where there is no more."""
        place = self.passed[key]
        self.passed[key] += 1
        return rows[place] if place < len(rows) else None

    def letter_then(self, guarantee: Guarantee) -> Guarantee:
        """The letter in whose place this one may have come later."""
        while guarantee.pk not in self.letters and guarantee.supersedes:
            guarantee = guarantee.supersedes
        return guarantee

    def round(self, pk: int) -> Application | None:
        """One of its applications, which knows the order as it stood then."""
        return self.rounds.get(pk)


@dataclass(frozen=True)
class Builder:
    """What an entry of the trail writes into the book."""

    event: str
    build: Callable[[Past, AuditEntry], None]


BUILDERS: Offered[Builder] = Offered("BUILDERS", Builder, known_by=lambda builder: builder.event)


def build(pk: int) -> list[Difference]:
    """Brings one order into the book, in a transaction, under its lock; where the trail and the rows differed."""
    with transaction.atomic():
        order = Order.lock(pk)
        if order.in_book:
            return []
        order.in_book = True
        past = Past(order, rounds={one.pk: one for one in order.rounds.select_related("approval")})
        for one in past.rounds.values():
            one.order = order
            _say(one, one.as_received)
        told = AuditEntry.objects.filter(chain=order.audit_chain).select_related("actor")
        trail, unit = list(told.order_by("number")), order.unit
        order.unit = _first_unit(trail) or unit
        known = {builder.event: builder for builder in BUILDERS}
        for entry in trail:
            if builder := known.get(entry.event):
                with known_by(Evidence(f"{entry.chain}#{entry.number}")):
                    builder.build(past, entry)
        order.unit = unit
        found = list(differences(order))
        with known_by(Evidence("rows", inferred=True)):
            for difference in found:
                _carry(past, difference)
        if left := list(differences(order)):
            raise ValueError(f"The book of {order} cannot be brought in line: {left[0]}")
        order.save(update_fields=["in_book"])
    return found


def _say(application: Application, facts: Mapping[str, str]) -> None:
    """It says so at that point of its past; of what a correction may change, who the parties are."""
    for name in PARTIES & set(facts):
        setattr(application, name, facts[name])


def _carry(past: Past, difference: Difference) -> None:
    """The row wins."""
    application = past.rounds[difference.application]
    on = clock.day(application.received_at)
    guarantee = application.guarantee if difference.measure == "exposure" else None
    if guarantee:
        on = clock.day(guarantee.issued_at)
    dimensions = {"matures_on": clock.day(guarantee.valid_until)} if guarantee else {}
    change = Change(difference.measure, difference.rows - difference.book, 0, dimensions)
    post(Event(kinds.CARRIED, application, application, on, None, guarantee), [change])


def _first_unit(trail: list[AuditEntry]) -> Unit | None:
    """Whose the order was before it was first moved; None where it never was."""
    moves = [entry for entry in trail if entry.event == "order.moved"]
    return Unit.objects.filter(code=moves[0].details.get("unit_before", "")).first() if moves else None


def _of(past: Past, entry: AuditEntry) -> Application | None:
    return past.round(entry.subject_id) if entry.subject_type == "guarantees.application" else None


def _received(past: Past, entry: AuditEntry) -> None:
    if case := _of(past, entry):
        entries.arrived(case)


def _approved(past: Past, entry: AuditEntry) -> None:
    if case := _of(past, entry):
        given = case.approvals.filter(kind=ApprovalKind.APPLICATION).order_by("id")
        if approval := past.nth(list(given), ("approval", case.pk)):
            approval.application = case
            entries.approved(approval)


def _said_otherwise(past: Past, entry: AuditEntry) -> Application | None:
    """The application, which says from this entry on what it was corrected to ("before → after")."""
    if case := _of(past, entry):
        texts: Mapping[str, str] = entry.details.get("corrected") or {}
        _say(case, {name: text.rpartition(" → ")[2] for name, text in texts.items()})
    return case


def _correction_confirmed(past: Past, entry: AuditEntry) -> None:
    if case := _said_otherwise(past, entry):
        entries.arrived(case)


def _corrected(past: Past, entry: AuditEntry) -> None:
    if case := _said_otherwise(past, entry):
        given = case.approvals.filter(kind=ApprovalKind.CORRECTION).order_by("id")
        if approval := past.nth(list(given), ("correction", case.pk)):
            approval.application = case
            returned = case.guarantees.filter(state=GuaranteeState.RETURNED, ended_at__lte=entry.at)
            entries.corrected(approval, returned.order_by("-id").first())


def _receipt(past: Past, entry: AuditEntry) -> None:
    if (case := _of(past, entry)) and (receipt := past.nth(list(case.receipts.order_by("id")), ("receipt", case.pk))):
        receipt.application = case
        entries.received(receipt, waits=past.withdrawal_asked)


def _settled(past: Past, entry: AuditEntry) -> None:
    if case := _of(past, entry):
        if case.settlement == Settlement.WAIVED:
            entries.waived(case, entry.actor, entry.at)
        elif case.settlement == Settlement.ON_ACCOUNT:
            entries.taken_on_account(case, entry.actor, entry.at)


def _withdrawal_asked(past: Past, entry: AuditEntry) -> None:
    past.withdrawal_asked = True


def _withdrawal_approved(past: Past, entry: AuditEntry) -> None:
    past.withdrawal_asked = False


def _withdrawal_refused(past: Past, entry: AuditEntry) -> None:
    past.withdrawal_asked = False
    withdrawal = past.order.withdrawals.filter(pk=entry.subject_id).first()
    if withdrawal and (case := past.round(withdrawal.application_id)):
        cashier = case.receipts.order_by("paid_at", "id").last()
        entries.applied(case, cashier.recorded_by if cashier else None, entry.at)


def _given_up(past: Past, entry: AuditEntry) -> None:
    if case := _of(past, entry):
        entries.given_up(case, entry.actor, entry.at)


def _cancelled(past: Past, entry: AuditEntry) -> None:
    if case := _of(past, entry):
        entries.cancelled(case, entry.actor, entry.at)


def letter_of(past: Past, entry: AuditEntry) -> Guarantee | None:
    """The letter that an entry names, or is about."""
    letters = Guarantee.objects.filter(application__order=past.order).select_related("supersedes", "issued_by")
    if entry.subject_type == "guarantees.guarantee":
        found = letters.filter(pk=entry.subject_id).first()
    else:
        found = letters.filter(number=entry.details.get("guarantee", "")).first()
    if found and (case := past.round(found.application_id)):
        found.application = case
    return found


def _issued(past: Past, entry: AuditEntry) -> None:
    if guarantee := letter_of(past, entry):
        past.letters.add(guarantee.pk)
        entries.issued(guarantee)


def _deducted(past: Past, entry: AuditEntry) -> None:
    if guarantee := letter_of(past, entry):
        rows = list(guarantee.deductions.order_by("id"))
        known = next(
            (one for one in rows if one.recorded_at <= entry.at and not past.passed["deduction", one.pk]), None
        )
        if known:
            past.passed["deduction", known.pk] += 1
            known.guarantee = guarantee
            entries.deducted(known)
        elif amount := _amount(entry):
            # From before there were rows of deductions.
            entries.fell(guarantee, amount, guarantee, entry.actor, entry.at)


def _amount(entry: AuditEntry) -> Decimal | None:
    try:
        return Decimal(str(entry.details.get("amount", "")))
    except InvalidOperation:
        return None


def _ended(past: Past, entry: AuditEntry) -> None:
    if (guarantee := letter_of(past, entry)) and not guarantee.is_exposed:
        entries.ended(guarantee, entry.actor, entry.at)


def _refund_due(past: Past, entry: AuditEntry) -> None:
    if (case := _of(past, entry)) and (refund := past.nth(list(case.refunds.order_by("id")), ("refund", case.pk))):
        refund.application = case
        entries.refund_due(refund, entry.actor)


def _refund_paid(past: Past, entry: AuditEntry) -> None:
    if case := _of(past, entry):
        paid = [one for one in case.refunds.order_by("paid_at", "id") if one.paid_at]
        named = [one for one in paid if one.reference == entry.details.get("reference")] or paid
        refund = next((one for one in named if not past.passed["refund paid", one.pk]), None)
        if refund:
            past.passed["refund paid", refund.pk] += 1
            refund.application = case
            entries.refund_paid(refund)


def _moved(past: Past, entry: AuditEntry) -> None:
    unit = Unit.objects.filter(code=entry.details.get("unit", "")).first()
    if unit and past.rounds:
        past.order.unit = unit
        entries.moved(next(iter(past.rounds.values())), entry.actor, entry.at)


PAST = [
    Builder("application.received", _received),
    Builder("application.approved", _approved),
    Builder("application.corrected", _corrected),
    Builder("application.correction_confirmed", _correction_confirmed),
    Builder("receipt.recorded", _receipt),
    Builder("premium.settled", _settled),
    Builder("withdrawal.received", _withdrawal_asked),
    Builder("withdrawal.approved", _withdrawal_approved),
    Builder("withdrawal.refused", _withdrawal_refused),
    Builder("application.given_up", _given_up),
    Builder("application.cancelled", _cancelled),
    Builder("guarantee.issued", _issued),
    Builder("guarantee.deduction_recorded", _deducted),
    *(Builder(f"guarantee.{state}", _ended) for state in (*kinds.ENDED, GuaranteeState.RETURNED)),
    Builder("refund.due", _refund_due),
    Builder("refund.paid", _refund_paid),
    Builder("order.moved", _moved),
]


def orders_outside() -> Iterator[int]:
    """The keys of the orders that are not in the book, the oldest first."""
    return Order.objects.filter(in_book=False).order_by("pk").values_list("pk", flat=True).iterator()
