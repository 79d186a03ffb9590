"""What the book must come to, reckoned from the rows alone, knowing nothing of its lines."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum

from claims.models import Demand, Payment
from guarantees.book import building
from guarantees.models import Application, Movement, Order

#: Application and measure: CNY in fen.
Balances = dict[tuple[int, str], int]
PROMISED, LIABLE = ("approved", "paid"), ("in_force", "unreleased")


def in_fen(amounts: Iterable[Decimal]) -> int:
    return int(sum(amounts, Decimal(0)) * 100)


def by_the_rows() -> Balances:
    """What is owed, held and moved for each application of an order that is in the book."""
    found: Balances = defaultdict(int)
    for case in Application.objects.filter(order__in_book=True).select_related("approval"):
        letters = list(case.guarantees.order_by("id"))
        receipts = in_fen(case.receipts.values_list("amount", flat=True))
        refunds = list(case.refunds.all())
        payments = list(Payment.objects.filter(demand__guarantee__application=case))
        paid = in_fen(one.amount for one in payments if one.bounced_at is None)
        demands = Demand.objects.filter(guarantee__application=case)
        used = letters[-1].paid + letters[-1].deducted if letters else Decimal(0)
        premium = int(case.approval.premium * 100) if case.approval else 0
        if case.state in PROMISED and case.approval:
            found[case.pk, "reserved"] = in_fen([case.approval.amount, -used])
        elif case.state == "returned":
            found[case.pk, "reserved"] = in_fen([letters[-1].amount, -used])
        found[case.pk, "exposure"] = in_fen(
            one.amount - one.paid - one.deducted for one in letters if one.state in LIABLE
        )
        waits = case.state == "approved" and case.settlement == ""
        found[case.pk, "refund"] = in_fen(one.amount for one in refunds if one.paid_at is None)
        found[case.pk, "cash"] = receipts - in_fen(one.amount for one in refunds if one.paid_at) - paid
        found[case.pk, "paid"] = paid
        found[case.pk, "demanded"] = in_fen(
            demands.filter(state__in=["waiting", "in_hand"]).values_list("amount", flat=True)
        )
        kept = receipts - in_fen(one.amount for one in refunds)
        if waits:
            # What came in while a withdrawal was open is in suspense, and so is what is more than the premium.
            found[case.pk, "premium_due"] = premium - (kept - suspense(case))
            found[case.pk, "suspense"] = suspense(case)
            found[case.pk, "received"] = kept - suspense(case)
        else:
            found[case.pk, "received"] = kept
        if case.settlement == "on_account" and case.state not in ("failed", "cancelled"):
            found[case.pk, "on_account"] = premium - in_fen(
                case.receipts.filter(recorded_at__lte=case.settled_at).values_list("amount", flat=True)
            )
    return {key: value for key, value in found.items() if value}


def suspense(case: Application) -> int:
    """Receipts that were recorded while a withdrawal was asked for that is open still."""
    asked = case.withdrawals.filter(state="received").order_by("received_at").first()
    if asked is None:
        return 0
    later = case.receipts.filter(recorded_at__gte=asked.received_at)
    return in_fen(later.values_list("amount", flat=True))


def by_the_book() -> Balances:
    sums = Movement.objects.order_by().values_list("application", "measure").annotate(now=Sum("fen"))
    return {(application, measure): now for application, measure, now in sums if now}


def assert_it_agrees() -> None:
    assert by_the_book() == by_the_rows()
    assert below_nothing() == []


#: What can stand, and so never less than nothing, on no day and for no unit, party or nature.
STANDS = ("reserved", "exposure", "premium_due", "on_account", "suspense", "refund", "demanded")
TOLD_APART = ("unit", "platform", "nature", "letter_kind", "region", "matures_on", "applicant", "purchaser")


def below_nothing() -> list[str]:
    """Where a balance was less than nothing at the end of a day, or counts things that are not there."""
    running: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    by_day = Movement.objects.filter(measure__in=STANDS).order_by("counts_on")
    found, grouped = [], by_day.values_list("counts_on", "application", "measure", *TOLD_APART)
    for day, *key, fen, count in grouped.annotate(fen_now=Sum("fen"), count_now=Sum("count")):
        now = running[tuple(key)]
        now[0], now[1] = now[0] + fen, now[1] + count
        if min(now) < 0:
            found.append(f"{day} {key}: {now}")
    # A letter of which nothing is left counts until it ends.
    empty = [(key, now) for key, now in running.items() if key[1] not in ("reserved", "exposure") and now[0] == 0]
    return [*found, *(f"{key}: {now}" for key, now in empty if now[1])]


#: All that a line says but when it was written and by what it is known.
FACTS = (
    *("application", "guarantee", "kind", "measure", "fen", "count", "counts_on", "officer"),
    *("unit", "platform", "nature", "letter_kind", "region", "matures_on", "applicant", "purchaser"),
    *("source_type", "source_id"),
)


def lines() -> Counter[tuple[object, ...]]:
    return Counter(Movement.objects.order_by().values_list(*FACTS))


def forget() -> None:
    """As in a database of the version before: no line, and no order in the book."""
    Movement.objects.all()._raw_delete("default")
    Order.objects.update(in_book=False)


def assert_it_can_be_built_anew() -> None:
    """The book agrees with the rows, and trail and rows give it line by line as the events wrote it."""
    assert_it_agrees()
    written = lines()
    forget()
    for order in Order.objects.values_list("pk", flat=True):
        assert building.build(order) == []
    built = lines()
    assert built == written, (built - written, written - built)
