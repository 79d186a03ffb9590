"""What the rows say of an order, beside what the book says: the proof that the book is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from guarantees.book.posting import fen
from guarantees.models import Application, ApplicationState, Measure, Movement, Order, Settlement
from staff.offered import Offered

#: Application and measure → fen.
Balances = Mapping[tuple[int, str], int]


@dataclass(frozen=True)
class Witness:
    """What a room's rows say of some measures of an order."""

    name: str
    balances: Callable[[Order], Balances]


WITNESSES: Offered[Witness] = Offered("WITNESSES", Witness, known_by=lambda witness: witness.name)


@dataclass(frozen=True)
class Difference:
    """Where the book is not what the rows say, in fen."""

    order: str
    application: int
    measure: Measure
    book: int
    rows: int

    def __str__(self) -> str:
        return f"{self.order} {self.measure}: book {self.book / 100:.2f}, rows {self.rows / 100:.2f}"


def differences(order: Order) -> Iterator[Difference]:
    """Called with the order locked; nothing where the book is right."""
    lines = Movement.objects.filter(order=order).order_by().values_list("application", "measure")
    book = {(application, measure): now for application, measure, now in lines.annotate(now=Sum("fen"))}
    rows: dict[tuple[int, str], int] = defaultdict(int)
    for witness in WITNESSES:
        for key, number in witness.balances(order).items():
            rows[key] += number
    for application, measure in sorted({*book, *rows}):
        said, is_so = book.get((application, measure), 0), rows.get((application, measure), 0)
        if said != is_so:
            yield Difference(str(order), application, Measure(measure), said, is_so)


def of_applications(order: Order) -> Balances:
    """Liability and premium, as applications, letters, receipts and refunds have them."""
    found: dict[tuple[int, str], int] = {}
    for case in order.rounds.select_related("approval"):
        for measure, amount in {**_liability(case), **_premium(case)}.items():
            found[case.pk, measure] = fen(amount)
    return found


def _liability(case: Application) -> dict[Measure, Decimal]:
    letters = list(case.guarantees.order_by("id"))
    exposure = sum((one.remaining for one in letters if one.is_exposed), Decimal(0))
    reserved, used = Decimal(0), letters[-1].used if letters else Decimal(0)
    if case.state in (ApplicationState.APPROVED, ApplicationState.PAID) and case.approval:
        reserved = case.approval.amount - used
    elif case.state == ApplicationState.RETURNED:
        reserved = letters[-1].remaining
    return {Measure.EXPOSURE: exposure, Measure.RESERVED: reserved}


def _premium(case: Application) -> dict[Measure, Decimal]:
    receipts, refunds = list(case.receipts.all()), list(case.refunds.all())
    kept = sum((one.amount for one in receipts), Decimal(0)) - sum((one.amount for one in refunds), Decimal(0))
    suspense = due = on_account = Decimal(0)
    if case.state == ApplicationState.APPROVED:
        suspense = _waiting(case)
        due = case.premium - (kept - suspense)
    if case.settlement == Settlement.ON_ACCOUNT and case.state not in (
        ApplicationState.FAILED,
        ApplicationState.CANCELLED,
    ):
        on_account = case.premium - sum(
            (one.amount for one in receipts if case.settled_at and one.recorded_at <= case.settled_at), Decimal(0)
        )
    paid_back = sum((one.amount for one in refunds if one.paid_at), Decimal(0))
    return {
        Measure.RECEIVED: kept - suspense,
        Measure.SUSPENSE: suspense,
        Measure.PREMIUM_DUE: due,
        Measure.ON_ACCOUNT: on_account,
        Measure.REFUND: sum((one.amount for one in refunds if not one.paid_at), Decimal(0)),
        Measure.CASH: sum((one.amount for one in receipts), Decimal(0)) - paid_back,
    }


def _waiting(case: Application) -> Decimal:
    """What came in since a withdrawal is asked for that is not decided (decisions B13)."""
    asked = case.withdrawals.waiting().order_by("received_at").first()
    if asked is None:
        return Decimal(0)
    later = case.receipts.filter(recorded_at__gte=asked.received_at)
    return sum(later.values_list("amount", flat=True), Decimal(0))


ROWS = Witness("applications", of_applications)
