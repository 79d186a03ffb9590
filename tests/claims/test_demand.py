"""PREP105 to PREP106: every authentic demand becomes a case, and a person decides (decisions B6, B7)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from claims.models import Demand
from guarantees.ending import effect_due, expire_due
from guarantees.models import Application, Cancellation, Guarantee
from protocol.models import Alert
from staff import clock
from staff.decisions import NotPossible
from staff.desk.page import moment
from staff.roles import Role
from tests.institution import (
    again,
    cancellation,
    decide,
    demanded,
    issued,
    notified,
    notified_fields,
    open_to,
    person,
    withdrawal,
)
from tests.platform import APPLICATION, Platform, demand_fields

pytestmark = pytest.mark.usefixtures("plain_letters")

HANDLER = Role.CLAIMS_HANDLER
PAYMENT = {"reference": "P1"}


def desk(platform: Platform, demand: Demand) -> str:
    """The demand's page as the claims handler sees it."""
    platform.client.force_login(person(HANDLER))
    return platform.client.get(f"/admin/claims/demand/{demand.pk}/change/").content.decode()


def test_it_works(platform: Platform) -> None:
    guarantee = issued(platform)
    demand = demanded(platform, guarantee)
    assert (demand.state, demand.flags, demand.timely) == ("waiting", [], True)
    decide("take_up", demand, HANDLER)
    decide("pay", again(demand), HANDLER, **PAYMENT)
    assert notified(platform)[-2:] == ["PREP106 00", "PREP106 01"]
    assert notified_fields(platform) == {
        "guaranteeId": guarantee.number,
        "status": "01",
        "paymentMoney": "300000.00",
        "paymentBeneficiary": APPLICATION["purchaseName"],
        "paymentBeneficiarySocial": APPLICATION["purchaseSocCode"],
        "paymentTime": moment(again(demand).payments.get().paid_at),
    }
    guarantee = Guarantee.objects.get()
    assert (guarantee.paid, guarantee.remaining, guarantee.state) == (
        Decimal("300000.00"),
        Decimal("600000.00"),
        "in_force",
    )


def test_a_demand_is_refused(platform: Platform) -> None:
    demand = demanded(platform, issued(platform))
    decide("take_up", demand, HANDLER)
    decide("refuse", again(demand), HANDLER, reason="单据不符")
    assert notified(platform)[-2:] == ["PREP106 00", "PREP106 02"]


def test_demands_are_handled_one_after_the_other_the_oldest_first(platform: Platform) -> None:
    guarantee = issued(platform)
    first, second = demanded(platform, guarantee), demanded(platform, guarantee, claimAmount="1.00")
    with pytest.raises(NotPossible, match="older"):
        decide("take_up", second, HANDLER)
    decide("take_up", first, HANDLER)
    with pytest.raises(NotPossible, match="older"):
        decide("take_up", second, HANDLER)
    decide("refuse", again(first), HANDLER, reason="单据不符")
    decide("take_up", second, HANDLER)


def test_what_is_paid_may_not_pass_what_is_left(platform: Platform) -> None:
    demand = demanded(platform, issued(platform), claimAmount="2000000.00")
    assert demand.flags == ["beyond"]
    decide("take_up", demand, HANDLER)
    with pytest.raises(AssertionError, match="amount"):
        decide("pay", again(demand), HANDLER, amount="900000.01", reason="…", **PAYMENT)
    decide("pay", again(demand), HANDLER, reason="以担保余额为限", **PAYMENT)
    assert Guarantee.objects.get().state == "paid_out"
    assert notified_fields(platform)["paymentMoney"] == "900000.00"


def test_less_than_demanded_needs_a_reason(platform: Platform) -> None:
    demand = demanded(platform, issued(platform))
    decide("take_up", demand, HANDLER)
    with pytest.raises(AssertionError, match="reason"):
        decide("pay", again(demand), HANDLER, amount="1.00", **PAYMENT)


def test_nothing_left_can_only_be_refused(platform: Platform) -> None:
    guarantee = issued(platform)
    first = demanded(platform, guarantee, claimAmount="900000.00")
    second = demanded(platform, guarantee, claimAmount="1.00")
    decide("take_up", first, HANDLER)
    decide("pay", again(first), HANDLER, **PAYMENT)
    decide("take_up", again(second), HANDLER)
    assert open_to(again(second), HANDLER) == {"refuse"}


def test_an_identical_demand_while_one_is_open_is_the_same(platform: Platform) -> None:
    guarantee = issued(platform)
    demanded(platform, guarantee)
    demanded(platform, guarantee)
    assert Demand.objects.count() == 1


def test_one_that_differs_waits_as_a_probable_duplicate_and_may_be_closed(platform: Platform) -> None:
    guarantee = issued(platform)
    first = demanded(platform, guarantee)
    second = demanded(platform, guarantee, claimReason="另一理由")
    assert second.flags == ["duplicate"]
    before = notified(platform)
    decide("close", second, HANDLER, reason="与前一索赔相同")
    assert notified(platform) == before
    with pytest.raises(NotPossible, match="no earlier"):
        decide("close", first, HANDLER, reason="…")


@pytest.mark.parametrize(
    ("field", "value", "flag"),
    [
        ("companyName", "另一企业", "applicant"),
        ("purchaseName", "另一采购人", "beneficiary"),
        ("projectCode", "OTHER", "project"),
    ],
)
def test_what_is_odd_is_a_flag_and_no_refusal(platform: Platform, field: str, value: str, flag: str) -> None:
    assert demanded(platform, issued(platform), **{field: value}).flags == [flag]


def test_a_late_one_is_accepted_and_flagged(platform: Platform) -> None:
    guarantee = issued(platform)
    after = guarantee.valid_until + timedelta(hours=1)
    expire_due(after)
    with time_machine.travel(after):
        demand = demanded(platform, guarantee)
    assert (demand.flags, demand.timely) == (["late", "ended"], False)


def test_a_stale_one_is_accepted_and_flagged(platform: Platform) -> None:
    guarantee = issued(platform)
    old = clock.now() - timedelta(hours=5)
    assert platform.send("PREP105", demand_fields(guarantee.number), reqtime=old).code == "000"
    assert Demand.objects.get().flags == ["stale"]


def test_it_is_accepted_in_suspension_and_never_throttled(platform: Platform, settings: Any) -> None:
    guarantee = issued(platform)
    settings.GATEWAY_SIGNED_PER_MINUTE = 1
    platform.connection.suspended = True
    platform.connection.save()
    for number in range(3):
        demanded(platform, guarantee, claimAmount=f"{number + 1}.00")
    assert Demand.objects.count() == 3


def test_an_unknown_number_and_another_platforms_are_203_and_raise_an_alert(platform: Platform) -> None:
    guarantee = issued(platform)
    assert Platform("Other").send("PREP105", demand_fields(guarantee.number)).code == "203"
    assert platform.send("PREP105", demand_fields(guarantee.number, guaranteeId="BH1")).code == "203"
    assert Alert.objects.count() == 2


@pytest.mark.parametrize(("field", "code"), [("projectCode", "201"), ("socialCreditCode", "204")])
def test_the_strict_dialect_refuses_others(institution: Any, db: None, field: str, code: str) -> None:
    platform = Platform(dialect={"claims": "strict"})
    guarantee = issued(platform)
    assert platform.send("PREP105", demand_fields(guarantee.number, **{field: "OTHER"})).code == code
    assert platform.send("PREP105", demand_fields(guarantee.number)).code == "000"


def test_an_open_timely_demand_keeps_the_guarantee_from_ending(platform: Platform) -> None:
    guarantee = issued(platform)
    asked = cancellation(platform, guarantee)
    surrender = withdrawal(platform, APPLICATION["applicationId"], "01")
    decide("upload_release", surrender, Role.UNDERWRITER)
    decide("check_release", surrender, Role.REVIEWER)
    demand = demanded(platform, guarantee)
    after = guarantee.valid_until + timedelta(days=1)
    with pytest.raises(NotPossible, match="demand"):
        decide("approve", asked, Role.UNDERWRITER)
    decide("refuse", asked, Role.UNDERWRITER, reason="有索赔")
    with pytest.raises(NotPossible, match="demand"):
        decide("approve", surrender, Role.UNDERWRITER)
    assert expire_due(after) == 0
    decide("take_up", demand, HANDLER)
    assert expire_due(after) == 0
    decide("refuse", again(demand), HANDLER, reason="单据不符")
    assert expire_due(after) == 1


def test_it_also_holds_up_a_cancellation_that_is_approved_already(platform: Platform) -> None:
    guarantee = issued(platform)
    asked = cancellation(platform, guarantee, invalidTime="2026-12-31 00:00:00")
    decide("approve", asked, Role.UNDERWRITER)
    demand = demanded(platform, guarantee)
    later = clock.now() + timedelta(days=90)
    assert effect_due(later) == 0
    decide("take_up", demand, HANDLER)
    decide("refuse", again(demand), HANDLER, reason="单据不符")
    assert effect_due(later) == 1


def test_a_demand_under_the_old_number_is_joined_to_the_corrected_letter(platform: Platform) -> None:
    old = issued(platform)
    decide("approve", cancellation(platform, old, "1"), Role.UNDERWRITER)
    meanwhile = demanded(platform, old)
    with pytest.raises(NotPossible, match="corrected"):
        decide("take_up", meanwhile, HANDLER)
    decide("correct", Application.objects.get(), Role.UNDERWRITER, reason="名称有误")
    decide("issue", Application.objects.get(), Role.ISSUER)
    new = Guarantee.objects.get(state="in_force")
    assert again(meanwhile).guarantee == new
    later = demanded(platform, old, claimAmount="5.00")
    assert (later.guarantee, later.flags) == (new, ["old_number", "duplicate"])
    decide("take_up", again(meanwhile), HANDLER)
    decide("pay", again(meanwhile), HANDLER, **PAYMENT)
    assert notified_fields(platform)["guaranteeId"] == old.number
    assert Guarantee.objects.get(pk=new.pk).paid == Decimal("300000.00")


def test_a_payment_that_bounced_is_repeated_and_nothing_more_is_sent(platform: Platform) -> None:
    demand = demanded(platform, issued(platform))
    decide("take_up", demand, HANDLER)
    decide("pay", again(demand), HANDLER, **PAYMENT)
    before = notified(platform)
    decide("repeat_payment", again(demand), HANDLER, reason="账号有误被退回", **{**PAYMENT, "reference": "P2"})
    assert notified(platform) == before
    assert [bool(payment.bounced_at) for payment in demand.payments.order_by("id")] == [True, False]
    assert Guarantee.objects.get().paid == Decimal("300000.00")


def test_a_guarantee_paid_out_before_its_cancellations_time_holds_up_no_other(platform: Platform) -> None:
    guarantee, other = issued(platform), issued(platform, applicationId="SQ2")
    decide("approve", cancellation(platform, guarantee, invalidTime="2026-12-31 00:00:00"), Role.UNDERWRITER)
    demand = demanded(platform, guarantee, claimAmount="900000.00")
    decide("take_up", demand, HANDLER)
    decide("pay", again(demand), HANDLER, **PAYMENT)
    decide("approve", cancellation(platform, other, invalidTime="2026-12-30 00:00:00"), Role.UNDERWRITER)
    assert effect_due(clock.now() + timedelta(days=90)) == 1
    assert [one.state for one in Cancellation.objects.order_by("id")] == ["refused", "effective"]
    assert expire_due(guarantee.valid_until + timedelta(days=1)) == 0


def test_the_last_second_is_wholly_in_time(platform: Platform) -> None:
    guarantee = issued(platform)
    last = guarantee.valid_until + timedelta(milliseconds=500)
    assert expire_due(last) == 0
    with time_machine.travel(last, tick=False):
        demand = demanded(platform, guarantee)
    assert (demand.timely, demand.flags) == (True, [])


def test_a_demand_that_came_in_time_is_timely_though_the_expiry_was_quicker(platform: Platform) -> None:
    guarantee = issued(platform)
    expire_due(guarantee.over_at)
    with time_machine.travel(guarantee.valid_until - timedelta(seconds=2), tick=False):
        demand = demanded(platform, guarantee)
    assert (demand.timely, demand.flags) == (True, ["ended"])


def test_a_demand_on_a_letter_whose_reissue_was_given_up_goes_on(platform: Platform) -> None:
    old = issued(platform)
    decide("approve", cancellation(platform, old, "1"), Role.UNDERWRITER)
    demand = demanded(platform, old)
    decide("give_up", Application.objects.get(), Role.ISSUER, reason="无法更正")
    decide("take_up", demand, HANDLER)
    decide("refuse", again(demand), HANDLER, reason="单据不符")
    assert notified(platform)[-2:] == ["PREP106 00", "PREP106 02"]


def test_one_that_comes_after_a_cancellations_end_is_late_though_our_clock_has_not_come_by(platform: Platform) -> None:
    guarantee = issued(platform)
    end = clock.now() + timedelta(days=2)
    decide("approve", cancellation(platform, guarantee, invalidTime=moment(end)), Role.UNDERWRITER)
    with time_machine.travel(end + timedelta(seconds=30), tick=False):
        demand = demanded(platform, guarantee)
        assert (demand.timely, demand.flags) == (False, ["late"])
        assert effect_due(clock.now()) == 1
    assert notified_fields(platform)["cancelDate"] == moment(end)


def test_one_that_comes_before_it_is_in_time_though_our_clock_was_quicker(platform: Platform) -> None:
    guarantee = issued(platform)
    end = clock.now() + timedelta(days=2)
    decide("approve", cancellation(platform, guarantee, invalidTime=moment(end)), Role.UNDERWRITER)
    effect_due(end)
    with time_machine.travel(end - timedelta(seconds=5), tick=False):
        demand = demanded(platform, guarantee)
    assert (demand.timely, demand.flags) == (True, ["ended"])


def test_what_a_demand_held_up_ends_when_the_demand_is_decided(platform: Platform) -> None:
    guarantee = issued(platform)
    end = clock.now() + timedelta(days=2)
    decide("approve", cancellation(platform, guarantee, invalidTime=moment(end)), Role.UNDERWRITER)
    first = demanded(platform, guarantee)
    with time_machine.travel(end + timedelta(days=1), tick=False):
        second = demanded(platform, guarantee, claimAmount="1.00", bankAccount="0602004109026400999")
        assert (second.timely, second.flags) == (True, [])
        for demand in (first, second):
            decide("take_up", again(demand), HANDLER)
            decide("refuse", again(demand), HANDLER, reason="单据不符")
        decided = clock.now()
    assert effect_due(end + timedelta(days=8)) == 1
    assert notified_fields(platform)["cancelDate"] == moment(decided)
    assert Guarantee.objects.get().ended_at == decided


@pytest.mark.parametrize("end", ["pay", "refuse"])
def test_one_like_another_that_was_decided_is_a_probable_duplicate_too(platform: Platform, end: str) -> None:
    guarantee = issued(platform)
    first = demanded(platform, guarantee)
    decide("take_up", first, HANDLER)
    decide(end, again(first), HANDLER, **(PAYMENT if end == "pay" else {"reason": "单据不符"}))
    second = demanded(platform, guarantee)
    assert (second.flags, second.resembles) == (["duplicate"], first)
    shown = desk(platform, second)
    assert f"/admin/claims/demand/{first.pk}/change/" in shown
    assert "疑似重复：金额和债权人账号与" in shown


def test_of_several_it_names_the_one_that_is_most_alike(platform: Platform) -> None:
    guarantee = issued(platform)
    alike = demanded(platform, guarantee)
    demanded(platform, guarantee, claimAmount="1.00")
    assert demanded(platform, guarantee, claimReason="另一理由").resembles == alike


def test_what_closed_as_a_duplicate_is_repeated_by_none(platform: Platform) -> None:
    guarantee = issued(platform)
    demanded(platform, guarantee)
    closed = demanded(platform, guarantee, claimAmount="1.00")
    decide("close", closed, HANDLER, reason="与前一索赔相同")
    assert demanded(platform, guarantee, claimAmount="1.00", bankAccount="1").flags == []


def test_a_payment_before_the_demand_was_made_is_refused(platform: Platform) -> None:
    demand = demanded(platform, issued(platform))
    decide("take_up", demand, HANDLER)
    with pytest.raises(AssertionError, match="before what it pays came to be"):
        decide("pay", again(demand), HANDLER, paid_at=demand.received_at - timedelta(minutes=1), reference="P1")
    assert not demand.payments.exists()


def test_a_repeated_payment_follows_the_one_that_bounced(platform: Platform) -> None:
    demand = demanded(platform, issued(platform))
    decide("take_up", demand, HANDLER)
    decide("pay", again(demand), HANDLER, **PAYMENT)
    early = demand.payments.get().paid_at - timedelta(minutes=1)
    with pytest.raises(AssertionError, match="before what it pays came to be"):
        decide("repeat_payment", again(demand), HANDLER, reason="退回", paid_at=early, reference="P2")


@pytest.mark.parametrize(
    ("amount", "deducted", "left"),
    [
        ("7.46", "5.53", "1.93"),
        ("7887.95", "6215.01", "1672.94"),
        ("5366475218.53", "1765433633.27", "3601041585.26"),
        ("9999999999999.99", "0.01", "9999999999999.98"),
    ],
)
def test_what_is_left_after_a_deduction_is_paid_to_the_fen(
    platform: Platform, amount: str, deducted: str, left: str
) -> None:
    guarantee = issued(platform, advanceAmount=amount, bidAmount=amount)
    decide("deduct", guarantee, Role.UNDERWRITER, amount=Decimal(deducted), reason="扣回单据1号")
    demand = demanded(platform, guarantee, claimAmount=left)
    decide("take_up", demand, HANDLER)
    decide("pay", again(demand), HANDLER, **PAYMENT)
    guarantee = Guarantee.objects.get()
    assert (guarantee.paid, guarantee.remaining, guarantee.state) == (Decimal(left), 0, "paid_out")
