"""What each event of an application and its letter writes into the book, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from guarantees.book.building import build
from guarantees.ending import end_due
from guarantees.models import Application, Guarantee, Movement, Party, Refund
from staff import clock
from staff.models import AuditEntry, Unit
from staff.roles import Role
from tests.book import assert_it_agrees, assert_it_can_be_built_anew
from tests.guarantees.book.written import Calendar, calendar, last, written
from tests.institution import again, applied, approved, cancellation, decide, issued, paid, person, withdrawal
from tests.platform import APPLICATION, Platform

pytestmark = pytest.mark.usefixtures("plain_letters")
NUMBER = APPLICATION["applicationId"]
SURRENDER, CANCEL = "01", "02"
#: What is guaranteed and the premium, in fen.
AMOUNT, PREMIUM = 90_000_000, 450_000


@pytest.fixture(autouse=True)
def days() -> Iterator[Calendar]:
    with calendar() as running:
        yield running


@pytest.fixture(autouse=True)
def _the_book_is_right(days: Calendar, db: None) -> Iterator[None]:
    """By the rows, on every day, and built anew from the trail."""
    yield
    assert_it_agrees()
    assert_it_can_be_built_anew()


def returned(platform: Platform, letter: Guarantee) -> Application:
    decide("approve", cancellation(platform, letter, "1"), Role.UNDERWRITER)
    return again(letter.application)


def test_an_arrival_moves_nothing(platform: Platform) -> None:
    applied(platform)
    assert written() == []
    assert Party.objects.count() == 2


def test_an_approval_promises_and_its_premium_is_due(platform: Platform) -> None:
    approved(platform)
    assert written() == [("approved", "reserved", AMOUNT, 1, 0), ("approved", "premium_due", PREMIUM, 1, 0)]
    assert set(Movement.objects.values_list("officer", flat=True)) == {person(Role.UNDERWRITER).pk}


def test_the_premium_comes_in_parts(platform: Platform, days: Calendar) -> None:
    case, before = approved(platform), last()
    days.day(1)
    decide("record_payment", case, Role.CASHIER, amount="1500.00", reference="B1")
    days.day(2)
    decide("record_payment", again(case), Role.CASHIER, reference="B2")
    assert written(after=before) == [
        ("receipt", "cash", 150_000, 1, 1),
        ("receipt", "received", 150_000, 1, 1),
        ("receipt", "premium_due", -150_000, 0, 1),
        ("receipt", "cash", 300_000, 1, 2),
        ("receipt", "received", 300_000, 1, 2),
        ("receipt", "premium_due", -300_000, -1, 2),
    ]


def test_what_is_paid_before_it_is_due_takes_from_what_is_due_once_that_is(platform: Platform, days: Calendar) -> None:
    """The bank has it on the first day, the approval is of the third, the cashier comes on the fourth."""
    case, early = applied(platform), clock.now()
    days.day(2)
    decide("approve", case, Role.UNDERWRITER, premium=Decimal("4500.00"))
    before = last()
    days.day(3)
    decide("record_payment", again(case), Role.CASHIER, reference="B1", paid_at=early + timedelta(minutes=1))
    assert written(after=before) == [
        ("receipt", "cash", PREMIUM, 1, 0),
        ("receipt", "received", PREMIUM, 1, 0),
        ("receipt", "premium_due", -PREMIUM, -1, 2),
    ]


def test_what_is_more_than_the_premium_is_to_be_refunded(platform: Platform, days: Calendar) -> None:
    case, before = approved(platform), last()
    decide("record_payment", case, Role.CASHIER, amount="5000.00", reference="B1")
    days.day(1)
    refund = Refund.objects.get()
    decide("release", refund, Role.CASHIER, payee="青城建设有限公司")
    decide("pay", again(refund), Role.CASHIER, reference="R1")
    assert written(after=before) == [
        ("receipt", "cash", 500_000, 1, 0),
        ("receipt", "received", PREMIUM, 1, 0),
        ("receipt", "premium_due", -PREMIUM, -1, 0),
        ("receipt", "suspense", 50_000, 1, 0),
        ("refund.due", "suspense", -50_000, -1, 0),
        ("refund.due", "refund", 50_000, 1, 0),
        ("refund.paid", "refund", -50_000, -1, 1),
        ("refund.paid", "cash", -50_000, -1, 1),
    ]


def test_what_had_come_in_goes_back_where_the_rest_is_waived(platform: Platform) -> None:
    case = approved(platform)
    decide("record_payment", case, Role.CASHIER, amount="1500.00", reference="B1")
    before = last()
    decide("waive_premium", again(case), Role.MANAGER, reason="集团客户")
    assert written(after=before) == [
        ("refund.due", "received", -150_000, 0, 0),
        ("refund.due", "refund", 150_000, 1, 0),
        ("waived", "premium_due", -300_000, -1, 0),
    ]


def test_what_is_owed_stands_on_account(platform: Platform) -> None:
    case = approved(platform)
    decide("record_payment", case, Role.CASHIER, amount="1500.00", reference="B1")
    before = last()
    decide("take_on_account", again(case), Role.MANAGER, reason="月结客户")
    assert written(after=before) == [
        ("on_account", "premium_due", -300_000, -1, 0),
        ("on_account", "on_account", 300_000, 1, 0),
    ]
    before = last()
    decide("give_up", again(case), Role.MANAGER, reason="无法签发")
    assert written(after=before) == [
        ("given_up", "reserved", -AMOUNT, -1, 0),
        ("given_up", "on_account", -300_000, -1, 0),
        ("refund.due", "received", -150_000, 0, 0),
        ("refund.due", "refund", 150_000, 1, 0),
    ]


def test_a_letter_takes_the_place_of_the_promise(platform: Platform, days: Calendar) -> None:
    case, before = paid(platform), last()
    days.day(1)
    decide("issue", case, Role.ISSUER)
    letter = Guarantee.objects.get()
    assert written(after=before) == [("issued", "reserved", -AMOUNT, -1, 1), ("issued", "exposure", AMOUNT, 1, 1)]
    line = Movement.objects.latest("id")
    assert (line.guarantee, line.letter_kind) == (letter, letter.letter_kind)
    assert (line.matures_on, line.region) == (clock.day(letter.valid_until), APPLICATION["socialCreditCode"][2:8])


def test_deductions_take_from_the_letter_until_nothing_is_left(platform: Platform, days: Calendar) -> None:
    letter, before = issued(platform), last()
    days.day(1)
    decide("deduct", letter, Role.UNDERWRITER, amount="400000.00", reason="扣回证明1号")
    days.day(2)
    decide("deduct", again(letter), Role.UNDERWRITER, amount="500000.00", reason="扣回证明2号")
    assert written(after=before) == [
        ("deducted", "exposure", -40_000_000, 0, 1),
        ("deducted", "exposure", -50_000_000, 0, 2),
        ("ended.run_down", "exposure", 0, -1, 2),
    ]


def test_a_cancellation_ends_it_on_the_day_on_which_it_takes_effect(platform: Platform, days: Calendar) -> None:
    letter, before = issued(platform), last()
    days.day(1)
    asked = cancellation(platform, letter, invalidTime="2026-11-08 00:00:00")
    decide("approve", asked, Role.UNDERWRITER)
    assert written(after=before) == []
    days.day(9)  # nobody came by before
    end_due()
    assert written(after=before) == [("ended.cancelled", "exposure", -AMOUNT, -1, 6)]


def test_an_expiry_counts_from_the_day_after_the_last(platform: Platform, days: Calendar) -> None:
    letter, before = issued(platform), last()
    over = (clock.day(letter.valid_until) - clock.today()).days + 1
    days.day(over + 3)
    end_due()
    if again(letter).state == "unreleased":
        assert written(after=before) == []
        decide("release", again(letter), Role.UNDERWRITER, reason="采购人确认已履约")
        assert written(after=before) == [("ended.expired", "exposure", -AMOUNT, -1, over + 3)]
    else:
        assert written(after=before) == [("ended.expired", "exposure", -AMOUNT, -1, over)]


def test_a_return_is_promised_anew_and_issued_again_without_a_second_letter(platform: Platform, days: Calendar) -> None:
    letter = issued(platform)
    decide("deduct", letter, Role.UNDERWRITER, amount="100000.00", reason="扣回证明1号")
    before = last()
    days.day(1)
    case = returned(platform, letter)
    decide("correct", case, Role.UNDERWRITER, approved_amount="800000.00", reason="金额有误")
    days.day(2)
    decide("issue", again(case), Role.ISSUER)
    assert written(after=before) == [
        ("returned", "exposure", -80_000_000, -1, 1),
        ("returned", "reserved", 80_000_000, 1, 1),
        ("corrected", "reserved", -80_000_000, -1, 1),
        ("corrected", "reserved", 70_000_000, 1, 1),
        ("reissued", "reserved", -70_000_000, -1, 2),
        ("reissued", "exposure", 70_000_000, 1, 2),
    ]


def test_what_stood_for_a_party_is_taken_from_it_though_it_is_called_otherwise_now(platform: Platform) -> None:
    """A refund is due; then the letter is returned, and its purchaser turns out to be another."""
    case = approved(platform)
    decide("record_payment", case, Role.CASHIER, amount="5000.00", reference="B1")
    decide("issue", again(case), Role.ISSUER)
    wrong = Movement.objects.latest("id").purchaser
    case = returned(platform, Guarantee.objects.get())
    decide("correct", case, Role.UNDERWRITER, beneficiary_code="11150100000000014X", reason="采购人有误")
    right = Movement.objects.latest("id").purchaser
    assert right != wrong
    refund = Refund.objects.get()
    decide("release", refund, Role.CASHIER, payee="青城建设有限公司")
    decide("pay", again(refund), Role.CASHIER, reference="R1")
    line = Movement.objects.get(kind="refund.paid", measure="refund")
    assert (line.purchaser, line.fen) == (wrong, -50_000)


def test_an_order_without_a_letter_is_cancelled(platform: Platform) -> None:
    approved(platform)
    before = last()
    decide("approve", withdrawal(platform, NUMBER, CANCEL), Role.UNDERWRITER)
    assert written(after=before) == [
        ("order_cancelled", "reserved", -AMOUNT, -1, 0),
        ("order_cancelled", "premium_due", -PREMIUM, -1, 0),
    ]


def test_a_surrender_ends_the_letter_and_premium_goes_back(platform: Platform) -> None:
    letter, before = issued(platform), last()
    asked = withdrawal(platform, NUMBER, SURRENDER)
    decide("upload_release", asked, Role.UNDERWRITER)
    decide("check_release", again(asked), Role.REVIEWER)
    decide("approve", again(asked), Role.UNDERWRITER, refund="1000.00")
    assert again(letter).state == "surrendered"
    assert written(after=before) == [
        ("ended.surrendered", "exposure", -AMOUNT, -1, 0),
        ("refund.due", "received", -100_000, 0, 0),
        ("refund.due", "refund", 100_000, 1, 0),
    ]


def waiting(platform: Platform, days: Calendar, *amounts: str) -> tuple[Application, int]:
    """Money that came in while a withdrawal was open."""
    case = approved(platform)
    withdrawal(platform, NUMBER, CANCEL)
    before = last()
    days.day(1)
    for place, amount in enumerate(amounts):
        decide("record_payment", again(case), Role.CASHIER, amount=amount, reference=f"B{place}")
    return case, before


def test_money_waits_while_a_withdrawal_is_open_and_is_the_premium_once_that_is_refused(
    platform: Platform, days: Calendar
) -> None:
    case, before = waiting(platform, days, "1500.00", "3500.00")
    assert written(after=before) == [
        ("receipt", "cash", 150_000, 1, 1),
        ("receipt", "suspense", 150_000, 1, 1),
        ("receipt", "cash", 350_000, 1, 1),
        ("receipt", "suspense", 350_000, 1, 1),
    ]
    assert_it_agrees()
    before = last()
    days.day(2)
    decide("refuse", case.withdrawals.get(), Role.UNDERWRITER, reason="保函即将签发")
    assert written(after=before) == [
        ("receipt.applied", "suspense", -500_000, -2, 2),
        ("receipt.applied", "suspense", 50_000, 1, 2),
        ("receipt.applied", "received", PREMIUM, 1, 2),
        ("receipt.applied", "premium_due", -PREMIUM, -1, 2),
        ("refund.due", "suspense", -50_000, -1, 2),
        ("refund.due", "refund", 50_000, 1, 2),
    ]


def test_of_money_that_waited_what_does_not_go_back_is_kept(platform: Platform, days: Calendar) -> None:
    case, before = waiting(platform, days, "1500.00", "3000.00")
    before = last()
    decide("approve", case.withdrawals.get(), Role.UNDERWRITER, refund="4000.00")
    assert written(after=before) == [
        ("order_cancelled", "reserved", -AMOUNT, -1, 1),
        ("order_cancelled", "premium_due", -PREMIUM, -1, 1),
        ("order_cancelled", "suspense", -450_000, -2, 1),
        ("order_cancelled", "received", 450_000, 2, 1),
        ("refund.due", "received", -400_000, 0, 1),
        ("refund.due", "refund", 400_000, 1, 1),
    ]


def test_what_stands_goes_to_another_unit(platform: Platform, days: Calendar) -> None:
    case = approved(platform)
    first = case.order.unit
    branch = Unit(code="B1", name="包头分公司", parent=first)
    branch.save()
    branch.place_under(first)
    branch.save()
    days.day(1)
    before = last()
    decide("move_unit", case, Role.MANAGER, unit=branch.code, reason="属地管理")
    assert written(after=before) == [
        ("moved", "reserved", -AMOUNT, -1, 1),
        ("moved", "premium_due", -PREMIUM, -1, 1),
        ("moved", "reserved", AMOUNT, 1, 1),
        ("moved", "premium_due", PREMIUM, 1, 1),
    ]
    assert [one.unit for one in Movement.objects.filter(pk__gt=before).order_by("id")] == [first] * 2 + [branch] * 2
    before = last()
    days.day(2)
    # Paid before it came here: it is the new unit's premium, which is owed here since the move only.
    yesterday = clock.now() - timedelta(days=2)
    decide("record_payment", again(case), Role.CASHIER, reference="B1", paid_at=yesterday + timedelta(hours=1))
    assert written(after=before) == [
        ("receipt", "cash", PREMIUM, 1, 0),
        ("receipt", "received", PREMIUM, 1, 0),
        ("receipt", "premium_due", -PREMIUM, -1, 1),
    ]


def test_an_order_of_before_has_no_lines_until_its_past_has(platform: Platform) -> None:
    case = applied(platform)
    type(case.order).objects.update(in_book=False)
    decide("approve", again(case), Role.UNDERWRITER, premium=Decimal("4500.00"))
    assert written() == []
    assert build(case.order.pk) == []
    assert written() == [("approved", "reserved", AMOUNT, 1, 0), ("approved", "premium_due", PREMIUM, 1, 0)]
    entry = AuditEntry.objects.get(event="application.approved")
    known = set(Movement.objects.values_list("inferred", "evidence"))
    assert known == {(False, f"{entry.chain}#{entry.number}")}
    assert build(case.order.pk) == []  # once and for all
    assert Movement.objects.count() == 2
