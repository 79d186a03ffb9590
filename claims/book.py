"""What demands and the payments on them move in the book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from claims.models import OPEN, Demand, Payment
from guarantees.book.building import Builder, Past
from guarantees.book.kinds import MovementKind
from guarantees.book.posting import Change, Event, balance, fen, post, taken
from guarantees.book.proof import Balances, Witness
from guarantees.models import Guarantee, Measure, Order
from staff import clock
from staff.models import AuditEntry, User

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
    post(event, taken(event.application, Measure.DEMANDED, fen(demand.amount), 1, event.guarantee))


def paid(payment: Payment, guarantee: Guarantee | None, *, was_open: bool = False) -> None:
    """Money left; `guarantee` is what it was paid from, None of a payment in the place of one that bounced. `was_open`
    says of a past payment that the letter stood when it was made."""
    event, amount = _event(PAYMENT, payment, payment.demand), fen(payment.amount)
    changes = [Change(Measure.PAID, amount, 1), Change(Measure.CASH, -amount, -1)]
    if guarantee and (guarantee.is_exposed or (was_open and balance(guarantee.application, Measure.EXPOSURE))):
        changes += taken(guarantee.application, Measure.EXPOSURE, amount, guarantee=guarantee)
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


def of_demands(order: Order) -> Balances:
    """What of an order is demanded, and what was paid on demands."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    for demand in Demand.objects.filter(order=order).select_related("guarantee"):
        application = demand.guarantee.application_id
        if demand.state in OPEN:
            found[application, Measure.DEMANDED] += fen(demand.amount)
        for payment in demand.payments.not_bounced():
            found[application, Measure.PAID] += fen(payment.amount)
            found[application, Measure.CASH] -= fen(payment.amount)
    return found


def _demand_of(past: Past, entry: AuditEntry) -> Demand | None:
    demand = Demand.objects.filter(order=past.order, pk=entry.subject_id).select_related("guarantee", "handler").first()
    if demand is None or (case := past.round(demand.guarantee.application_id)) is None:
        return None
    demand.guarantee = past.letter_then(demand.guarantee)
    demand.guarantee.application = case
    return demand


def _past_received(past: Past, entry: AuditEntry) -> None:
    if demand := _demand_of(past, entry):
        received(demand)


def _past_decided(kind: MovementKind) -> Callable[[Past, AuditEntry], None]:
    def build(past: Past, entry: AuditEntry) -> None:
        if demand := _demand_of(past, entry):
            decided(demand, kind)

    return build


def _past_paid(past: Past, entry: AuditEntry) -> None:
    """The first payment is the demand's; of one that bounced the money came back before the next one left."""
    if demand := _demand_of(past, entry):
        first = entry.event == "demand.paid"
        payment = past.nth(list(demand.payments.order_by("id")), ("payment", demand.pk))
        if first:
            decided(demand, DECIDED_PAID)
        else:
            _past_bounced(past, entry)
        if payment:
            payment.demand = demand
            # It stood open then, whatever became of the letter.
            paid(payment, demand.guarantee if first else None, was_open=first)


def _past_bounced(past: Past, entry: AuditEntry) -> None:
    if demand := _demand_of(past, entry):
        for payment in demand.payments.exclude(bounced_at=None).order_by("id"):
            if payment.bounced_at and payment.bounced_at <= entry.at and not past.passed["bounced", payment.pk]:
                past.passed["bounced", payment.pk] += 1
                payment.demand = demand
                bounced(payment)


PAST = [
    Builder("demand.received", _past_received),
    Builder("demand.paid", _past_paid),
    Builder("demand.payment_released_anew", _past_bounced),
    Builder("demand.payment_repeated", _past_paid),
    Builder("demand.refused", _past_decided(REFUSED)),
    Builder("demand.closed", _past_decided(CLOSED)),
]
ROWS = Witness("demands", of_demands)
