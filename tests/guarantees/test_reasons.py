"""A reason is chosen from a list of words: what the platform is told, what the case keeps, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms import BaseForm

from guarantees.decisions.correct import CorrectParticulars
from guarantees.decisions.reject import Reject
from guarantees.models import Application, Guarantee
from staff.audit import history
from staff.models import KeptWordList, Proposal
from staff.roles import Role
from tests.institution import (
    again,
    applied,
    approved,
    cancellation,
    decide,
    demanded,
    issued,
    notified_fields,
    open_to,
    paid,
    signed_in,
    withdrawal,
)
from tests.platform import Platform

pytestmark = pytest.mark.django_db


def rejecting(application: Application, **given: Any) -> BaseForm:
    return Reject().form(application, given, {})


def test_the_platform_is_told_the_chosen_words_in_chinese_and_the_case_keeps_the_code(platform: Platform) -> None:
    application = applied(platform)
    decide("reject", application, Role.UNDERWRITER, reason_code="R03", reason="公告中没有该项目")
    told = "中标信息无法核实：公告中没有该项目"
    assert notified_fields(platform)["failReason"] == told
    application = again(application)
    assert (application.failure, application.reason_code) == (told, "R03")
    rejected = history(application).get(event="application.rejected")
    assert (rejected.reason, rejected.details["reason_code"]) == (told, "R03")
    desk = signed_in(Role.UNDERWRITER)
    page = desk.get(f"/admin/guarantees/application/{application.pk}/change/").content.decode()
    assert "The award cannot be verified" in page  # on the timeline, in the reader's language
    for code, found in (("R03", True), ("R01", False)):
        listed = desk.get(f"/admin/guarantees/application/?chosen_reason={code}").content.decode()
        assert (str(application) in listed) is found


def test_an_entry_may_stand_alone_unless_it_says_nothing_alone(platform: Platform) -> None:
    application = applied(platform)
    alone = rejecting(application, reason_code="R05", reason="")
    assert alone.is_valid()
    assert alone.cleaned_data["reason"] == "超过本机构担保额度"
    for given in ({"reason_code": "R99", "reason": " "}, {"reason": ""}):
        assert "says too little alone" in str(rejecting(application, **given).errors["reason"])
    assert list(rejecting(application, reason_code="", reason="资料不全").errors) == ["reason_code"]
    assert list(rejecting(application, reason_code="G01", reason="").errors) == ["reason_code"]


def test_words_without_a_choice_are_those_of_the_entry_for_all_else(platform: Platform) -> None:
    """So a proposal of before there were lists is still what it was."""
    form = rejecting(applied(platform), reason="资料不全")
    assert form.is_valid()
    assert (form.cleaned_data["reason_code"], form.cleaned_data["reason"]) == ("R99", "资料不全")


def test_what_is_too_long_with_the_chosen_words_is_refused(platform: Platform) -> None:
    application = applied(platform)
    assert rejecting(application, reason_code="R03", reason="长" * 246).is_valid()
    too_long = rejecting(application, reason_code="R03", reason="长" * 247)
    assert "256 characters, 1 more than can be told" in str(too_long.errors["reason"])
    assert rejecting(application, reason_code="R99", reason="长" * 255).is_valid()


def test_a_retired_reason_is_not_offered_and_still_shown_where_it_was_chosen(platform: Platform) -> None:
    application = applied(platform)
    decide("reject", application, Role.UNDERWRITER, reason_code="R07", reason="")
    listed = KeptWordList.objects.get(code="rejection")
    decide("retire", listed, Role.UNDERWRITER, entry="R07", reason="改用名单检查")
    decide("reword", listed, Role.UNDERWRITER, entry="R03", text="中标公告无法查实", reason="统一用语")
    open_one = applied(platform, applicationId="SQ2")
    assert list(rejecting(open_one, reason_code="R07", reason="").errors) == ["reason_code"]
    again_asked = rejecting(open_one, reason_code="R03", reason="")
    assert again_asked.is_valid()
    assert again_asked.cleaned_data["reason"] == "中标公告无法查实"
    assert again(application).failure == "被列入限制名单"
    page = signed_in(Role.UNDERWRITER).get(f"/admin/guarantees/application/{application.pk}/change/")
    assert "On a list of restricted parties" in page.content.decode()


def test_a_waiver_whose_reason_was_retired_meanwhile_is_proposed_anew(platform: Platform) -> None:
    application = approved(platform)
    address = f"/admin/guarantees/application/{application.pk}/decide/waive_premium/"
    signed_in(Role.UNDERWRITER).post(address, {"reason_code": "W01", "reason": ""})
    waiting = Proposal.objects.latest("pk")
    decide("retire", KeptWordList.objects.get(code="waiver"), Role.REVIEWER, entry="W01", reason="政策到期")
    answer = signed_in(Role.MANAGER).post(f"/admin/staff/proposal/{waiting.pk}/decide/confirm/", follow=True)
    assert "does not hold any more" in answer.content.decode()
    decide("return", waiting, Role.MANAGER, reason_code="P01", reason="政策已到期")
    assert again(waiting).note == "依据不足：政策已到期"
    decide("waive_premium", application, Role.UNDERWRITER, reason_code="W02", reason="")
    assert again(application).waiver_code == "W02"


def test_every_end_and_refusal_keeps_its_code(platform: Platform) -> None:
    lapsed = approved(platform)
    decide("give_up", lapsed, Role.ISSUER, reason_code="G01", reason="")
    assert (again(lapsed).reason_code, notified_fields(platform)["failReason"]) == ("G01", "逾期未缴费")
    paid(platform, applicationId="SQ2")
    asked = withdrawal(platform, "SQ2", "02")
    decide("refuse", asked, Role.UNDERWRITER, reason_code="C05", reason="")
    assert (again(asked).reason_code, notified_fields(platform)["failReason"]) == ("C05", "理由不成立")
    guarantee = issued(platform, applicationId="SQ3")
    ending = cancellation(platform, guarantee)
    decide("refuse", ending, Role.UNDERWRITER, reason_code="C02", reason="采购人未盖章")
    assert (again(ending).reason_code, again(ending).reason) == ("C02", "未解除担保责任：采购人未盖章")
    demand = demanded(platform, guarantee)
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    decide("refuse", again(demand), Role.CLAIMS_HANDLER, reason_code="D03", reason="缺少违约证明")
    assert (again(demand).reason_code, again(demand).decision_reason) == ("D03", "单据不相符：缺少违约证明")


def test_what_the_platform_is_told_of_a_refused_cancellation_is_never_cut(platform: Platform) -> None:
    """cancelNotice holds 200 characters, five of which stand before the reason."""
    asked = cancellation(platform, issued(platform))
    refuse = next(one for one in open_to(asked, Role.UNDERWRITER) if one == "refuse")
    form = signed_in(Role.UNDERWRITER).post(
        f"/admin/guarantees/cancellation/{asked.pk}/decide/{refuse}/",
        {"reason_code": "C99", "reason": "长" * 196, "sure": "on"},
    )
    assert "1 more than can be told" in form.content.decode()


def test_corrections_keep_theirs(platform: Platform) -> None:
    application = applied(platform)
    given = {"project_name": "更正后的项目", "reason_code": "K01", "reason": ""}
    decide("propose_correction", application, Role.UNDERWRITER, **given)
    proposed = application.corrections.get()
    assert (proposed.reason_code, proposed.reason) == ("K01", "平台推送的数据有误")
    decide("return_correction", application, Role.REVIEWER, reason_code="P02", reason="")
    guarantee: Guarantee = issued(platform, applicationId="SQ2")
    decide("approve", cancellation(platform, guarantee, "1"), Role.UNDERWRITER)
    returned = again(guarantee.application)
    assert list(CorrectParticulars().form(returned).fields)[-2:] == ["reason_code", "reason"]
    decide("correct", returned, Role.UNDERWRITER, project_name="再次更正的项目", reason_code="K04", reason="")
    approval = again(returned).approval
    assert approval is not None
    assert (approval.reason_code, approval.reason) == ("K04", "本机构办理差错")
