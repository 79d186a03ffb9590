"""What demands and the payments on them move in the book."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from claims.models import Demand, Payment
from guarantees.book.kinds import MovementKind
from guarantees.book.posting import Change, Event, fen, post, within
from guarantees.models import Guarantee, Measure
from staff import clock
from staff.models import User

RECEIVED = MovementKind("demand.received", _("demand received"))
DECIDED_PAID = MovementKind("demand.paid", _("demand paid"))
REFUSED = MovementKind("demand.refused", _("payment refused"))
CLOSED = MovementKind("demand.closed", _("demand closed as a duplicate"))
PAYMENT = MovementKind("payment", _("paid on a demand"))
BOUNCED = MovementKind("payment.bounced", _("payment bounced"))

KINDS = [RECEIVED, DECIDED_PAID, REFUSED, CLOSED, PAYMENT, BOUNCED]


def received(demand: Demand) -> None:
    event = _event(RECEIVED, demand, demand)
    post(event, [Change(Measure.DEMANDED, fen(demand.amount), 1)])


def decided(demand: Demand, kind: MovementKind) -> None:
    """What was demanded is demanded no more, whatever was paid of it."""
    event = _event(kind, demand, demand)
    taken = within(event.application, Measure.DEMANDED, -fen(demand.amount))
    post(event, [Change(Measure.DEMANDED, taken.fen, -1, taken.dimensions)])


def paid(payment: Payment, guarantee: Guarantee | None) -> None:
    """Money left; `guarantee` is what it was paid from, None of a payment in the place of one that bounced."""
    event, amount = _event(PAYMENT, payment, payment.demand), fen(payment.amount)
    changes = [Change(Measure.PAID, amount, 1), Change(Measure.CASH, -amount, -1)]
    if guarantee and guarantee.is_exposed:
        changes.append(within(guarantee.application, Measure.EXPOSURE, -amount, guarantee))
    post(event, changes)


def bounced(payment: Payment) -> None:
    """The money came back; the guarantee stays as it is, since it is paid anew."""
    event, amount = _event(BOUNCED, payment, payment.demand), fen(payment.amount)
    post(event, [Change(Measure.PAID, -amount, -1), Change(Measure.CASH, amount, 1)])


def _event(kind: MovementKind, source: Demand | Payment, demand: Demand) -> Event:
    guarantee = demand.guarantee
    moments = {RECEIVED: demand.received_at, PAYMENT: getattr(source, "paid_at", None)}
    moments[BOUNCED] = getattr(source, "bounced_at", None)
    on = clock.day(moments.get(kind) or demand.decided_at or clock.now())
    officer: User | None = getattr(source, "recorded_by", None) or (None if kind is RECEIVED else demand.handler)
    return Event(kind, source, guarantee.application, on, officer, guarantee)
