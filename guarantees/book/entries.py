"""What each event of an order moves. Called in the event's transaction, once its rows are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Model

from guarantees.book import kinds
from guarantees.book.kinds import MovementKind
from guarantees.book.posting import Change, Event, balance, closing, fen, parties, post, standing, taken
from guarantees.models import (
    Application,
    Approval,
    Deduction,
    Guarantee,
    GuaranteeState,
    Measure,
    Receipt,
    Refund,
)
from staff import clock
from staff.models import User

#: What is owed or held at a moment, and goes along with its order; the others only add up what happened.
BALANCES = (
    Measure.RESERVED,
    Measure.EXPOSURE,
    Measure.PREMIUM_DUE,
    Measure.ON_ACCOUNT,
    Measure.SUSPENSE,
    Measure.REFUND,
    Measure.DEMANDED,
)


def _day(at: datetime | None) -> date:
    """China's day of the moment; today without one."""
    return clock.day(at or clock.now())


def arrived(application: Application) -> None:
    """Its parties are known; nothing moves."""
    parties(application)


def approved(approval: Approval) -> None:
    """Terms are promised, and their premium is due."""
    event = _of_approval(approval, kinds.APPROVED)
    post(
        event,
        [
            Change(Measure.RESERVED, fen(approval.amount), 1),
            Change(Measure.PREMIUM_DUE, fen(approval.premium), 1 if approval.premium else 0),
        ],
    )


def corrected(approval: Approval, replaced: Guarantee | None) -> None:
    """A returned letter's terms are approved anew: no second premium; what was used of the old letter stays used."""
    event, application = _of_approval(approval, kinds.CORRECTED), approval.application
    left = fen(approval.amount) - (fen(replaced.used) if replaced else 0)
    post(event, [*closing(application, Measure.RESERVED), Change(Measure.RESERVED, left, 1)])


def _of_approval(approval: Approval, kind: MovementKind) -> Event:
    return Event(kind, approval, approval.application, clock.day(approval.approved_at), approval.approved_by)


def issued(guarantee: Guarantee) -> None:
    """What was promised is guaranteed; a letter that replaces one is no new letter."""
    application = guarantee.application
    kind = kinds.REISSUED if guarantee.supersedes_id else kinds.ISSUED
    on, matures = clock.day(guarantee.issued_at), clock.day(guarantee.valid_until)
    event = Event(kind, guarantee, application, on, guarantee.issued_by, guarantee)
    # What was used of the letter that it replaces counts; of its own nothing is used yet.
    left = guarantee.amount - (guarantee.supersedes.used if guarantee.supersedes else 0)
    opened = Change(Measure.EXPOSURE, fen(left), 1, {"matures_on": matures})
    post(event, [*closing(application, Measure.RESERVED), opened])


def deducted(deduction: Deduction) -> None:
    fell(deduction.guarantee, deduction.amount, deduction, deduction.recorded_by, deduction.recorded_at)


def fell(guarantee: Guarantee, amount: Decimal, source: Model, person: User | None, at: datetime) -> None:
    """The balance of a letter fell by what the purchaser deducted."""
    event = Event(kinds.DEDUCTED, source, guarantee.application, clock.day(at), person, guarantee)
    post(event, taken(guarantee.application, Measure.EXPOSURE, fen(amount), guarantee=guarantee))


def ended(guarantee: Guarantee, person: User | None, at: datetime | None = None) -> None:
    """It guarantees nothing any more; a letter that is returned is promised anew, since it is to be corrected."""
    application = guarantee.application
    on = _day(guarantee.ended_at or at)
    changes = closing(application, Measure.EXPOSURE, guarantee)
    if guarantee.state == GuaranteeState.RETURNED:
        kind = kinds.RETURNED
        changes.append(Change(Measure.RESERVED, fen(guarantee.remaining), 1))
    else:
        kind = kinds.ENDED[GuaranteeState(guarantee.state)]
    post(Event(kind, guarantee, application, on, person, guarantee), changes)


def given_up(application: Application, person: User | None, at: datetime | None = None) -> None:
    """There will be no letter, and no premium for one."""
    _closed(application, kinds.GIVEN_UP, person, at)


def cancelled(application: Application, person: User | None, at: datetime | None = None) -> None:
    """The order was cancelled before there was a letter. What waited in suspense waits no more: of the premium, too,
    only what is decided to go back is owed."""
    event, held = _closed(application, kinds.CANCELLED, person, at), closing(application, Measure.SUSPENSE)
    post(event, [*held, *(replace(one.reversed(), measure=Measure.RECEIVED) for one in held)])


def _closed(application: Application, kind: MovementKind, person: User | None, at: datetime | None) -> Event:
    ends = (Measure.RESERVED, Measure.PREMIUM_DUE, Measure.ON_ACCOUNT)
    event = Event(kind, application, application, _day(at), person)
    post(event, [change for measure in ends for change in closing(application, measure)])
    return event


def received(receipt: Receipt, *, waits: bool) -> None:
    """Money came in for a premium: up to what is due it is the premium, the rest is in suspense; all of it while it
    `waits` for a withdrawal to be decided (decisions B13)."""
    application, amount = receipt.application, fen(receipt.amount)
    applied = 0 if waits else min(amount, max(balance(application, Measure.PREMIUM_DUE), 0))
    event = Event(kinds.RECEIPT, receipt, application, clock.day(receipt.paid_at), receipt.recorded_by)
    post(
        event,
        [
            Change(Measure.CASH, amount, 1),
            Change(Measure.RECEIVED, applied, 1 if applied else 0),
            *_due_less(application, applied),
            Change(Measure.SUSPENSE, amount - applied, 1 if amount > applied else 0),
        ],
    )


def applied(application: Application, person: User | None, at: datetime | None = None) -> None:
    """What waited in suspense is the premium now, up to what is due."""
    held, due = balance(application, Measure.SUSPENSE), balance(application, Measure.PREMIUM_DUE)
    amount = min(held, max(due, 0))
    post(
        Event(kinds.APPLIED, application, application, _day(at), person),
        [
            *closing(application, Measure.SUSPENSE),
            Change(Measure.SUSPENSE, held - amount, 1 if held > amount else 0),
            Change(Measure.RECEIVED, amount, 1 if amount else 0),
            *_due_less(application, amount),
        ]
        if amount
        else [],
    )


def _due_less(application: Application, amount: int) -> list[Change]:
    """The premium due falls by so many fen; the last of them takes it off the list."""
    rest = balance(application, Measure.PREMIUM_DUE) - amount
    return taken(application, Measure.PREMIUM_DUE, amount, 1 if amount and not rest else 0)


def waived(application: Application, person: User | None, at: datetime | None = None) -> None:
    event = Event(kinds.WAIVED, application, application, _day(at), person)
    post(event, closing(application, Measure.PREMIUM_DUE))


def taken_on_account(application: Application, person: User | None, at: datetime | None = None) -> None:
    """It is owed still, and no letter waits for it."""
    owed = balance(application, Measure.PREMIUM_DUE)
    event = Event(kinds.TAKEN_ON_ACCOUNT, application, application, _day(at), person)
    post(
        event,
        [*closing(application, Measure.PREMIUM_DUE), Change(Measure.ON_ACCOUNT, owed, 1 if owed else 0)],
    )


def refund_due(refund: Refund, person: User | None) -> None:
    """What waits in suspense goes back first, then premium."""
    application, amount = refund.application, fen(refund.amount)
    held = balance(application, Measure.SUSPENSE)
    of_suspense = min(held, amount)
    event = Event(kinds.REFUND_DUE, refund, application, clock.day(refund.due_at), person)
    post(
        event,
        [
            *(
                closing(application, Measure.SUSPENSE)
                if of_suspense == held
                else taken(application, Measure.SUSPENSE, of_suspense)
            ),
            Change(Measure.RECEIVED, of_suspense - amount),
            Change(Measure.REFUND, amount, 1),
        ],
    )


def refund_paid(refund: Refund) -> None:
    application, amount = refund.application, fen(refund.amount)
    event = Event(kinds.REFUND_PAID, refund, application, clock.day(refund.paid_at or clock.now()), refund.paid_by)
    post(event, [*taken(application, Measure.REFUND, amount, 1), Change(Measure.CASH, -amount, -1)])


def moved(application: Application, person: User | None, at: datetime | None = None) -> None:
    """The order is another unit's: whatever stands for it stands there from that day on."""
    for one in application.order.rounds.all():
        one.order = application.order
        event = Event(kinds.MOVED, one, one, _day(at), person)
        stands = [change for measure in BALANCES for change in standing(one, measure)]
        post(event, [change.reversed() for change in stands])
        post(event, [change.in_unit(application.order.unit.pk) for change in stands])
