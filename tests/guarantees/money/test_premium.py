"""The premium: received in parts, too much of it, waived, on account (decisions B5)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from guarantees.models import Application, Receipt, Refund
from guarantees.money.receipts import received, still_due
from staff import clock
from staff.decisions import NotPossible
from staff.desk.page import moment
from staff.roles import Role
from tests.institution import applied, approved, decide, notified, notified_fields, person, withdrawal
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")


def receive(application: Application, amount: str, means: str = "other", after: timedelta = timedelta(0)) -> None:
    with time_machine.travel(clock.now() + after, tick=False):
        decide("record_payment", application, Role.CASHIER, amount=amount, means=means)


def test_parts_send_nothing_and_the_last_one_settles(platform: Platform) -> None:
    application = approved(platform)
    receive(application, "1000.00", "wechat")
    assert notified(platform) == ["PREP102 01"]
    receive(application, "3500.00", "alipay", after=timedelta(days=1))
    assert notified(platform) == ["PREP102 01", "PREP102 05"]
    settled = notified_fields(platform)
    last = moment(application.receipts.latest("paid_at").paid_at)
    assert (settled["payAmt"], settled["payType"], settled["payTime"]) == ("4500.00", "03", last)


def test_what_comes_in_beyond_the_premium_is_due_back(platform: Platform) -> None:
    receive(approved(platform), "450000.00")
    assert notified_fields(platform)["payAmt"] == "4500.00"
    assert Refund.objects.get().amount == Decimal("445500.00")


def test_what_is_due_back_already_is_not_owed_again_when_the_application_is_given_up(platform: Platform) -> None:
    application = approved(platform)
    receive(application, "5000.00")
    decide("give_up", application, Role.ISSUER, reason="无法开函")
    assert [refund.amount for refund in Refund.objects.order_by("id")] == [Decimal("500.00"), Decimal("4500.00")]


def test_what_is_due_back_already_is_not_owed_again_when_the_order_is_cancelled(platform: Platform) -> None:
    application = approved(platform)
    receive(application, "5000.00")
    decide("approve", withdrawal(platform, application.order.number, "02"), Role.UNDERWRITER)
    assert [refund.amount for refund in Refund.objects.order_by("id")] == [Decimal("500.00"), Decimal("4500.00")]


def test_a_part_is_due_back_when_the_premium_is_waived(platform: Platform) -> None:
    application = approved(platform)
    receive(application, "1000.00")
    decide("waive_premium", application, Role.MANAGER, reason="战略客户")
    assert notified_fields(platform)["payAmt"] == "0.00"
    assert Refund.objects.get().amount == Decimal("1000.00")


def test_on_account_the_premium_due_is_told(platform: Platform) -> None:
    decide("take_on_account", approved(platform), Role.MANAGER, reason="月结客户")
    assert (notified_fields(platform)["payAmt"], notified_fields(platform)["payType"]) == ("4500.00", "04")
    assert not Refund.objects.exists()


def test_a_settled_premium_is_not_settled_again(platform: Platform) -> None:
    application = approved(platform)
    receive(application, "4500.00")
    with pytest.raises(NotPossible, match="premium settled"):
        receive(application, "4500.00")


def test_many_parts_of_a_large_premium_are_added_to_the_fen(platform: Platform) -> None:
    application = applied(platform)
    decide("approve", application, Role.UNDERWRITER, premium="9999999999999.99")
    part = {"application": application, "paid_at": clock.now(), "means": "other", "recorded_by": person(Role.CASHIER)}
    Receipt.objects.bulk_create(Receipt(amount=Decimal("99999999999.99"), **part) for _number in range(101))
    assert str(received(application)) == "10099999999998.99"
    assert str(still_due(Application.objects.get())) == "-99999999999.00"


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "0"), ("amount", "-1"), ("amount", "1.001"), ("amount", "10000000000000.00"), ("means", "09")],
)
def test_a_wrong_payment_is_refused(platform: Platform, field: str, value: str) -> None:
    with pytest.raises(AssertionError, match=field):
        decide("record_payment", approved(platform), Role.CASHIER, **{field: value})


@pytest.mark.parametrize("year", [1, 202, 1989, 2099])
def test_a_time_that_nobody_means_is_refused(platform: Platform, year: int) -> None:
    with pytest.raises(AssertionError, match="paid_at"):
        decide("record_payment", approved(platform), Role.CASHIER, paid_at=f"{year:04}-01-01T00:00:00")


def test_a_time_before_the_application_came_is_refused(platform: Platform) -> None:
    application = approved(platform)
    early = application.received_at - timedelta(minutes=1)
    with pytest.raises(AssertionError, match="before what it pays came to be"):
        decide("record_payment", application, Role.CASHIER, paid_at=early, long_past=True)
    assert not application.receipts.exists()


def test_a_time_long_past_is_asked_for_twice(platform: Platform) -> None:
    application = approved(platform)
    then = clock.now()
    with time_machine.travel(then + timedelta(days=40), tick=False):
        with pytest.raises(AssertionError, match="40 days ago"):
            decide("record_payment", application, Role.CASHIER, paid_at=then)
        decide("record_payment", application, Role.CASHIER, paid_at=then, long_past=True)
    assert application.receipts.count() == 1


def test_a_refund_is_paid_after_it_was_due(platform: Platform) -> None:
    application = approved(platform)
    receive(application, "5000.00")
    due = Refund.objects.get()
    decide("release", due, Role.CASHIER, payee="青城建设有限公司")
    due = Refund.objects.get()
    with pytest.raises(AssertionError, match="before what it pays came to be"):
        decide("pay", due, Role.CASHIER, paid_at=due.due_at - timedelta(minutes=1), reference="R1")
    decide("pay", due, Role.CASHIER, reference="R1")
    assert Refund.objects.get().paid_at is not None
