"""PREP107 and what becomes of it: PREP108, a return, or a refusal that is told by other means (decisions B8 to B10)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from guarantees.ending import effect_due, expire_due
from guarantees.models import Application, Cancellation, Guarantee
from staff import clock
from staff.clock import CHINA
from staff.decisions import NotPossible
from staff.desk.page import moment
from staff.roles import Role
from tests.institution import cancellation, decide, issued, notified, notified_fields, parameter, person
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")


def in_china(delta: timedelta) -> str:
    return (clock.now() + delta).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def test_it_works(platform: Platform) -> None:
    guarantee = issued(platform)
    decide("approve", cancellation(platform, guarantee), Role.UNDERWRITER)
    assert Guarantee.objects.get().state == "cancelled"
    assert notified(platform)[-1] == "PREP108"
    assert notified_fields(platform)["guaranteeId"] == guarantee.number
    assert "cancelNotice" not in notified_fields(platform)


def test_a_future_time_takes_effect_at_its_time_and_is_told_then(platform: Platform) -> None:
    guarantee = issued(platform)
    asked = cancellation(platform, guarantee, invalidTime=in_china(timedelta(days=2)))
    decide("approve", asked, Role.UNDERWRITER)
    assert Guarantee.objects.get().state == "in_force"
    assert effect_due(clock.now() + timedelta(days=1)) == 0
    assert "PREP108" not in notified(platform)
    assert effect_due(clock.now() + timedelta(days=3)) == 1
    assert Guarantee.objects.get().state == "cancelled"
    assert notified(platform)[-1] == "PREP108"
    assert effect_due(clock.now() + timedelta(days=4)) == 0


def test_a_time_beyond_the_guarantees_end_means_that_end(platform: Platform) -> None:
    guarantee = issued(platform)
    decide("approve", cancellation(platform, guarantee, invalidTime="2099-01-01 00:00:00"), Role.UNDERWRITER)
    after = guarantee.valid_until + timedelta(seconds=1)
    assert effect_due(after) == 1
    assert expire_due(after) == 0
    assert Guarantee.objects.get().state == "cancelled"


def test_a_return_lets_the_letter_be_issued_again_without_a_second_premium(platform: Platform) -> None:
    old = issued(platform)
    decide("approve", cancellation(platform, old, "1"), Role.UNDERWRITER)
    application = Application.objects.get()
    assert (application.state, Guarantee.objects.get().state) == ("returned", "returned")
    decide("correct", application, Role.UNDERWRITER, project_name="道路养护工程（二期）", reason="项目名称有误")
    decide("issue", Application.objects.get(), Role.ISSUER)
    new = Guarantee.objects.get(state="in_force")
    assert new.number != old.number
    assert new.supersedes == old
    assert new.particulars["project_name"] == "道路养护工程（二期）"
    assert notified(platform) == ["PREP102 01", "PREP102 05", "PREP102 03", "PREP108", "PREP102 03"]


def test_what_was_deducted_carries_over_to_the_corrected_letter(platform: Platform) -> None:
    old = issued(platform)
    decide("deduct", old, Role.UNDERWRITER, amount="100000.00", reason="扣回证明1号")
    decide("approve", cancellation(platform, old, "1"), Role.UNDERWRITER)
    decide("correct", Application.objects.get(), Role.UNDERWRITER, reason="名称有误")
    decide("issue", Application.objects.get(), Role.ISSUER)
    new = Guarantee.objects.get(state="in_force")
    assert (new.deducted, new.remaining) == (Decimal("100000.00"), Decimal("800000.00"))


def test_giving_up_a_reissue_is_told_and_the_premium_is_due_back(platform: Platform) -> None:
    decide("approve", cancellation(platform, issued(platform), "1"), Role.UNDERWRITER)
    decide("give_up", Application.objects.get(), Role.ISSUER, reason="无法更正")
    assert notified(platform)[-1] == "PREP102 04"
    assert Application.objects.get().refunds.get().amount == Decimal("4500.00")
    assert platform.apply(advanceAmount="1.00").code == "000"


def test_the_old_number_still_verifies_and_the_last_file_is_fetched(platform: Platform) -> None:
    import base64

    old = issued(platform)
    decide("approve", cancellation(platform, old, "1"), Role.UNDERWRITER)
    content = base64.b64encode(old.file.open().read()).decode()
    answer = platform.send("PREP104", {"guaranteeId": old.number, "guaranteeData": content})
    assert (answer.fields["status"], answer.message) == ("01", "保函真实有效签发，现已退回")
    fetched = platform.send("PREP103", {"applicationId": old.application.order.number})
    assert fetched.fields["guaranteeFileName"] == f"预付款保函{old.number}.pdf"
    decide("correct", Application.objects.get(), Role.UNDERWRITER, reason="名称有误")
    decide("issue", Application.objects.get(), Role.ISSUER)
    new = Guarantee.objects.get(state="in_force")
    fetched = platform.send("PREP103", {"applicationId": old.application.order.number})
    assert fetched.fields["guaranteeFileName"] == f"预付款保函{new.number}.pdf"


def test_a_refusal_sends_nothing_and_the_purchaser_is_told_by_other_means(platform: Platform) -> None:
    asked = cancellation(platform, issued(platform))
    decide("refuse", asked, Role.UNDERWRITER, reason="采购人未盖章")
    assert "PREP108" not in notified(platform)
    decide("purchaser_told", asked, Role.UNDERWRITER, how="电话告知采购人张处长")
    assert Cancellation.objects.get().purchaser_told_at
    with pytest.raises(NotPossible):
        decide("purchaser_told", asked, Role.UNDERWRITER, how="再次告知")


def test_one_dialect_is_told_of_a_refusal(institution: object, db: None) -> None:
    platform = Platform(dialect={"refusal": "prep108"})
    decide("refuse", cancellation(platform, issued(platform)), Role.UNDERWRITER, reason="采购人未盖章")
    assert notified_fields(platform)["cancelNotice"] == "不予注销：采购人未盖章"


def test_the_same_again_while_one_is_open_is_the_same(platform: Platform) -> None:
    guarantee = issued(platform)
    cancellation(platform, guarantee)
    cancellation(platform, guarantee)
    assert Cancellation.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("invalidType", "1"), ("invalidTime", "2026-11-02 00:00:00"), ("remark", "急")]
)
def test_another_while_one_is_open_is_103_and_names_what_differs(platform: Platform, field: str, value: str) -> None:
    guarantee = issued(platform)
    cancellation(platform, guarantee)
    fields = {"guaranteeId": guarantee.number, "invalidTime": "2026-11-01 00:00:00", "invalidType": "0", field: value}
    answer = platform.send("PREP107", fields)
    assert answer.code == "103"
    assert field in answer.message


def test_one_on_an_ended_guarantee_is_accepted_and_can_only_be_refused(platform: Platform) -> None:
    guarantee = issued(platform)
    expire_due(guarantee.valid_until + timedelta(seconds=1))
    asked = cancellation(platform, guarantee)
    with pytest.raises(NotPossible, match="ended"):
        decide("approve", asked, Role.UNDERWRITER)
    decide("refuse", asked, Role.UNDERWRITER, reason="已到期")


def test_an_unknown_number_and_another_platforms_are_203(platform: Platform) -> None:
    guarantee = issued(platform)
    fields = {"guaranteeId": guarantee.number, "invalidTime": "2026-11-01 00:00:00", "invalidType": "0"}
    assert Platform("Other").send("PREP107", fields).code == "203"
    assert platform.send("PREP107", {**fields, "guaranteeId": "BH1"}).code == "203"


def test_an_order_lives_while_its_letter_is_corrected(platform: Platform) -> None:
    decide("approve", cancellation(platform, issued(platform), "1"), Role.UNDERWRITER)
    assert platform.apply(advanceAmount="1.00").code == "103"


def test_a_letter_is_not_issued_before_the_correction_is_approved(platform: Platform) -> None:
    decide("approve", cancellation(platform, issued(platform), "1"), Role.UNDERWRITER)
    with pytest.raises(NotPossible):
        decide("issue", Application.objects.get(), Role.ISSUER)


def test_expiry_happens_once_also_after_a_week_of_silence(platform: Platform) -> None:
    guarantee = issued(platform)
    week_later = guarantee.valid_until + timedelta(days=7)
    assert expire_due(guarantee.valid_until) == 0
    with time_machine.travel(week_later):
        assert expire_due(week_later) == 1
        assert expire_due(week_later) == 0
    assert Guarantee.objects.get().state == "expired"
    assert notified(platform)[-1] == "PREP102 03"


def test_a_suretyship_that_does_not_outlast_its_contract_is_expired_but_not_released(platform: Platform) -> None:
    guarantee = issued(platform, contractDate="12")
    expire_due(guarantee.valid_until + timedelta(seconds=1))
    assert Guarantee.objects.get().state == "unreleased"
    decide("release", guarantee, Role.CLAIMS_HANDLER, reason="保证期间已届满")
    assert Guarantee.objects.get().state == "expired"


def test_a_new_round_after_the_end_whatever_its_content(platform: Platform) -> None:
    guarantee = issued(platform)
    expire_due(guarantee.valid_until + timedelta(seconds=1))
    assert platform.apply(advanceAmount="1.00").code == "000"
    assert [application.round for application in Application.objects.order_by("round")] == [1, 2]


@pytest.mark.parametrize("amount", ["900000.01", "0", ""])
def test_a_correction_keeps_to_the_advance_that_was_asked_for(platform: Platform, amount: str) -> None:
    decide("approve", cancellation(platform, issued(platform), "1"), Role.UNDERWRITER)
    with pytest.raises(AssertionError, match="approved_amount"):
        decide("correct", Application.objects.get(), Role.UNDERWRITER, approved_amount=amount, reason="金额有误")


def test_whoever_took_the_premium_does_not_approve_anew(platform: Platform) -> None:
    parameter("duties.profile", "full")
    decide("approve", cancellation(platform, issued(platform), "1"), Role.UNDERWRITER)
    cashier = person(Role.CASHIER)
    cashier.groups.add(person(Role.UNDERWRITER).groups.get())
    with pytest.raises(NotPossible, match="another person"):
        decide("correct", Application.objects.get(), cashier, reason="名称有误")


def test_the_same_application_again_is_the_same_after_a_correction(platform: Platform) -> None:
    decide("approve", cancellation(platform, issued(platform), "1"), Role.UNDERWRITER)
    decide("correct", Application.objects.get(), Role.UNDERWRITER, applicant_name="更正后的企业", reason="名称有误")
    assert platform.apply().code == "000"
    assert platform.apply(supplier="第三个名称").code == "103"


@pytest.mark.parametrize("time", ["0001-01-01 00:00:00", "9999-12-31 23:59:59", "1899-12-31 23:59:59"])
def test_a_time_that_nobody_means_is_103(platform: Platform, time: str) -> None:
    fields = {"guaranteeId": issued(platform).number, "invalidTime": time, "invalidType": "0"}
    answer = platform.send("PREP107", fields)
    assert answer.code == "103"
    assert "invalidTime" in answer.message


def test_the_platform_is_told_the_end_and_not_the_moment_our_clock_came_by(platform: Platform) -> None:
    guarantee = issued(platform)
    at = in_china(timedelta(days=2))
    decide("approve", cancellation(platform, guarantee, invalidTime=at), Role.UNDERWRITER)
    assert effect_due(clock.now() + timedelta(days=5)) == 1
    assert notified_fields(platform)["cancelDate"] == at
    ended = Guarantee.objects.get().ended_at
    assert moment(ended) == at
    assert Cancellation.objects.get().effective_at == ended


def test_a_time_that_is_past_means_the_decision(platform: Platform) -> None:
    asked = cancellation(platform, issued(platform), invalidTime="2026-11-01 00:00:00")
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        decide("approve", asked, Role.UNDERWRITER)
        assert notified_fields(platform)["cancelDate"] == moment(clock.now())


def test_beyond_the_guarantees_end_that_end_is_told_whenever_the_clock_comes_by(platform: Platform) -> None:
    guarantee = issued(platform)
    decide("approve", cancellation(platform, guarantee, invalidTime="2099-01-01 00:00:00"), Role.UNDERWRITER)
    assert effect_due(guarantee.valid_until) == 0  # its last second counts wholly
    later = guarantee.over_at + timedelta(days=9)
    assert expire_due(later) == 0  # it ends as cancelled, whichever work comes first
    assert effect_due(later) == 1
    assert notified_fields(platform)["cancelDate"] == moment(guarantee.valid_until)


def test_expiry_that_comes_late_ends_it_at_its_end(platform: Platform) -> None:
    guarantee = issued(platform)
    assert expire_due(guarantee.over_at + timedelta(days=9)) == 1
    assert Guarantee.objects.get().ended_at == guarantee.over_at
