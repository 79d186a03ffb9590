"""PREP109 and what becomes of it: PREP102 06 to 09 (decisions B11 to B13)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guarantees.models import Application, Guarantee, Refund, Withdrawal
from staff.decisions import NotPossible
from staff.roles import Role
from tests.institution import (
    again,
    applied,
    approved,
    cancellation,
    decide,
    issued,
    notified,
    notified_fields,
    paid,
    person,
    withdrawal,
)
from tests.platform import APPLICATION, Platform

pytestmark = pytest.mark.usefixtures("plain_letters")

NUMBER = APPLICATION["applicationId"]
SURRENDER, CANCEL = "01", "02"
PAYMENT = {"reference": "B1"}


@pytest.mark.parametrize("brought", [applied, approved, paid])
def test_an_order_without_a_letter_is_cancelled(platform: Platform, brought: object) -> None:
    brought(platform)  # type: ignore[operator]
    decide("approve", withdrawal(platform, NUMBER, CANCEL), Role.UNDERWRITER)
    assert Application.objects.get().state == "cancelled"
    assert notified(platform)[-1] == "PREP102 07"


def test_the_premium_is_due_back_and_its_payment_is_recorded(platform: Platform) -> None:
    paid(platform)
    decide("approve", withdrawal(platform, NUMBER, CANCEL), Role.UNDERWRITER, refund="4000.00")
    refund = Refund.objects.get()
    assert (refund.amount, refund.paid_at) == (Decimal("4000.00"), None)
    with pytest.raises(NotPossible):
        decide("pay", refund, Role.CASHIER, reference="R0")
    decide("release", refund, Role.CASHIER, payee="青城建设有限公司")
    decide("pay", again(refund), Role.CASHIER, reference="R1")
    assert Refund.objects.get().paid_at
    with pytest.raises(NotPossible):
        decide("pay", refund, Role.CASHIER, reference="R2")


def test_a_refusal_is_told_with_its_reason_and_all_stays(platform: Platform) -> None:
    approved(platform)
    decide("refuse", withdrawal(platform, NUMBER, CANCEL), Role.UNDERWRITER, reason="保函即将签发")
    assert Application.objects.get().state == "approved"
    assert (notified(platform)[-1], notified_fields(platform)["failReason"]) == ("PREP102 06", "保函即将签发")


def test_an_issued_order_cannot_be_cancelled_only_refused(platform: Platform) -> None:
    issued(platform)
    asked = withdrawal(platform, NUMBER, CANCEL)
    with pytest.raises(NotPossible, match="refused"):
        decide("approve", asked, Role.UNDERWRITER)
    decide("refuse", asked, Role.UNDERWRITER, reason="已开函")
    assert notified(platform)[-1] == "PREP102 06"


def test_an_order_without_a_letter_cannot_be_surrendered_only_refused(platform: Platform) -> None:
    applied(platform)
    asked = withdrawal(platform, NUMBER, SURRENDER)
    with pytest.raises(NotPossible, match="refused"):
        decide("approve", asked, Role.UNDERWRITER)
    decide("refuse", asked, Role.UNDERWRITER, reason="尚未开函")
    assert notified(platform)[-1] == "PREP102 09"


def test_an_order_that_has_ended_is_answered_and_refused(platform: Platform) -> None:
    decide("reject", applied(platform), Role.UNDERWRITER, reason="资料不全")
    asked = withdrawal(platform, NUMBER, CANCEL)
    with pytest.raises(NotPossible):
        decide("approve", asked, Role.UNDERWRITER)
    decide("refuse", asked, Role.UNDERWRITER, reason="申请已拒绝")
    assert notified(platform) == ["PREP102 02", "PREP102 06"]


def test_a_surrender_needs_the_purchasers_release(platform: Platform) -> None:
    issued(platform)
    with pytest.raises(NotPossible, match="purchaser"):
        decide("approve", withdrawal(platform, NUMBER, SURRENDER), Role.UNDERWRITER)


def test_a_surrender_after_an_effective_cancellation(platform: Platform) -> None:
    guarantee = issued(platform)
    asked = withdrawal(platform, NUMBER, SURRENDER)
    decide("approve", cancellation(platform, guarantee), Role.UNDERWRITER)
    decide("approve", asked, Role.UNDERWRITER)
    assert (Application.objects.get().state, Guarantee.objects.get().state) == ("surrendered", "cancelled")
    assert notified(platform)[-2:] == ["PREP108", "PREP102 08"]


def test_an_open_cancellation_blocks_a_surrender(platform: Platform) -> None:
    guarantee = issued(platform)
    asked = withdrawal(platform, NUMBER, SURRENDER)
    cancellation(platform, guarantee)
    with pytest.raises(NotPossible, match="cancellation"):
        decide("approve", asked, Role.UNDERWRITER)


def test_a_surrender_on_a_release_that_a_second_person_confirmed(platform: Platform) -> None:
    issued(platform)
    asked = withdrawal(platform, NUMBER, SURRENDER)
    decide("upload_release", asked, Role.UNDERWRITER)
    with pytest.raises(NotPossible, match="another person"):
        decide("check_release", asked, Role.UNDERWRITER)
    with pytest.raises(NotPossible, match="purchaser"):
        decide("approve", asked, Role.UNDERWRITER)
    decide("check_release", asked, Role.REVIEWER)
    decide("approve", asked, Role.UNDERWRITER)
    assert (Application.objects.get().state, Guarantee.objects.get().state) == ("surrendered", "surrendered")
    assert notified(platform)[-1] == "PREP102 08"


def test_a_new_release_must_be_confirmed_anew(platform: Platform) -> None:
    issued(platform)
    asked = withdrawal(platform, NUMBER, SURRENDER)
    decide("upload_release", asked, Role.UNDERWRITER)
    decide("check_release", asked, Role.REVIEWER)
    decide("upload_release", asked, Role.UNDERWRITER)
    assert Withdrawal.objects.get().release_checked_by is None


@pytest.mark.parametrize(
    ("brought", "decision", "role"),
    [
        (applied, "approve", Role.UNDERWRITER),
        (applied, "reject", Role.UNDERWRITER),
        (approved, "give_up", Role.ISSUER),
        (approved, "waive_premium", Role.MANAGER),
        (paid, "issue", Role.ISSUER),
    ],
)
def test_an_open_withdrawal_blocks_every_other_decision(
    platform: Platform, brought: object, decision: str, role: Role
) -> None:
    application = brought(platform)  # type: ignore[operator]
    withdrawal(platform, NUMBER, CANCEL)
    with pytest.raises(NotPossible, match="withdraw"):
        decide(decision, application, role, reason="…", premium="1.00")


def test_money_that_comes_in_meanwhile_waits_and_settles_after_a_refusal(platform: Platform) -> None:
    application = approved(platform)
    asked = withdrawal(platform, NUMBER, CANCEL)
    decide("record_payment", application, Role.CASHIER, **PAYMENT)
    assert Application.objects.get().state == "approved"
    decide("refuse", asked, Role.UNDERWRITER, reason="保费已到账")
    settled = Application.objects.get()
    assert (settled.state, settled.settled_by) == ("paid", person(Role.CASHIER))
    assert notified(platform) == ["PREP102 01", "PREP102 06", "PREP102 05"]


def test_money_that_came_in_meanwhile_is_due_back_after_an_approval(platform: Platform) -> None:
    application = approved(platform)
    asked = withdrawal(platform, NUMBER, CANCEL)
    decide("record_payment", application, Role.CASHIER, **PAYMENT)
    decide("approve", asked, Role.UNDERWRITER)
    assert Refund.objects.get().amount == Decimal("4500.00")


def test_the_same_again_is_the_same_and_another_is_103(platform: Platform) -> None:
    applied(platform)
    withdrawal(platform, NUMBER, CANCEL)
    withdrawal(platform, NUMBER, CANCEL)
    assert Withdrawal.objects.count() == 1
    answer = platform.send("PREP109", {"applicationId": NUMBER, "applicationType": SURRENDER})
    assert answer.code == "103"
    assert "applicationType" in answer.message


def test_a_surrender_is_too_late_once_a_new_round_has_begun(platform: Platform) -> None:
    guarantee = issued(platform)
    asked = withdrawal(platform, NUMBER, SURRENDER)
    decide("approve", cancellation(platform, guarantee), Role.UNDERWRITER)
    assert applied(platform).round == 2
    with pytest.raises(NotPossible, match="refused"):
        decide("approve", asked, Role.UNDERWRITER)
    decide("refuse", asked, Role.UNDERWRITER, reason="保函已注销，订单已重新申请")
    assert notified(platform)[-2:] == ["PREP108", "PREP102 09"]


def test_it_means_the_latest_round(platform: Platform) -> None:
    decide("reject", applied(platform), Role.UNDERWRITER, reason="资料不全")
    applied(platform)
    assert withdrawal(platform, NUMBER, CANCEL).application.round == 2


def test_an_unknown_number_and_another_platforms_are_203(platform: Platform) -> None:
    applied(platform)
    fields = {"applicationId": NUMBER, "applicationType": CANCEL}
    assert Platform("Other").send("PREP109", fields).code == "203"
    assert platform.send("PREP109", {**fields, "applicationId": "SQ1"}).code == "203"
