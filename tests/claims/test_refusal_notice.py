"""The notice of refusal: why a demand is not paid, in the words of its letter, to the beneficiary."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage

from claims.decisions import ALL
from claims.models import Demand
from guarantees.ending import expire_due
from guarantees.models import Application, Guarantee, IssuedPaper
from staff import clock
from staff.decisions import NotPermitted, NotPossible
from staff.desk.page import day
from staff.models import AuditEntry
from staff.roles import Role
from tests.institution import again, cancellation, decide, demanded, issued, notified, open_to, parameter, person
from tests.pdf import text_of
from tests.platform import Platform

HANDLER = Role.CLAIMS_HANDLER


def refused(platform: Platform, guarantee: Guarantee | None = None) -> Demand:
    demand = demanded(platform, guarantee or issued(platform))
    decide("take_up", demand, HANDLER)
    decide("refuse", again(demand), HANDLER, reason="收款账户不是以贵方名义开立")
    return again(demand)


def text(grounds: str = "") -> str:
    """Of the notice that is made now."""
    decide("refusal_notice", Demand.objects.get(state="refused"), HANDLER, **({"grounds": grounds} if grounds else {}))
    return text_of(IssuedPaper.objects.get(kind="refusal").file.open().read())


def test_it_works(platform: Platform) -> None:
    demand = refused(platform)
    before = notified(platform)
    printed = text()
    for part in (
        "致：住房和城乡建设厅",
        demand.named_number,
        "¥300,000.00",
        "（一）收款账户不是以贵方名义开立",
        "重新提出请求",
        "人民法院",
    ):
        assert part in printed
    paper = IssuedPaper.objects.get()
    assert (paper.guarantee, paper.number[:3], paper.made_by) == (demand.guarantee, "BHR", person(HANDLER))
    assert notified(platform) == before
    assert again(demand).state == "refused"
    assert AuditEntry.objects.latest("id").event == "paper.refusal"


def test_no_account_and_no_person_is_printed(platform: Platform) -> None:
    demand = refused(platform)
    printed = text()
    for secret in (demand.account, demand.claimant, demand.claimant_phone, demand.claimant_id_number):
        assert secret not in printed


def test_the_handler_may_word_the_grounds_anew_and_each_line_is_numbered(platform: Platform) -> None:
    refused(platform)
    printed = text("未提交书面声明；\n索赔申请未加盖公章。")
    assert "（一）未提交书面声明；" in printed
    assert "（二）索赔申请未加盖公章。" in printed
    assert "收款账户不是" not in printed


@pytest.mark.parametrize(
    ("kind", "title"),
    [("bank", "拒付通知书"), ("guarantee-company", "不予赔付通知书"), ("insurer", "拒绝赔偿通知书")],
)
def test_each_institution_refuses_in_its_own_words(platform: Platform, institution: Any, kind: str, title: str) -> None:
    institution.INSTITUTION_KIND = kind
    parameter("letters.clauses", name="预付款保证保险条款", number="C00001")
    refused(platform)
    printed = text()
    assert title in printed
    assert ("预付款保证保险条款（编号：C00001）" in printed) == (kind == "insurer")


def test_an_insurer_is_reminded_of_its_three_days(platform: Platform, institution: Any) -> None:
    notice = next(decision for decision in ALL if decision.name == "refusal_notice")
    assert "three days" not in notice.consequence(refused(platform))
    institution.INSTITUTION_KIND = "insurer"
    parameter("letters.clauses", name="预付款保证保险条款", number="C00001")
    demand = refused(platform, issued(platform, applicationId="SQ2"))
    assert day(clock.today() + timedelta(days=3)) in notice.consequence(demand)


def test_only_a_guarantee_in_force_invites_another_demand(platform: Platform) -> None:
    guarantee = issued(platform)
    refused(platform, guarantee)
    with time_machine.travel(guarantee.over_at):
        expire_due(clock.now())
    assert "重新提出请求" not in text()


def test_a_demand_under_the_old_number_is_told_the_new_one(platform: Platform) -> None:
    old = issued(platform)
    decide("approve", cancellation(platform, old, "1"), Role.UNDERWRITER)
    decide("correct", Application.objects.get(), Role.UNDERWRITER, reason="名称有误")
    decide("issue", Application.objects.get(), Role.ISSUER)
    refused(platform, old)
    printed = text()
    assert f"保函编号{old.number}" in printed
    assert f"替换后的保函编号{Guarantee.objects.get(state='in_force').number}" in printed


def test_it_is_the_next_thing_to_do_and_then_done(platform: Platform) -> None:
    demand = refused(platform)
    assert open_to(demand, HANDLER) == {"refusal_notice"}
    text()
    assert open_to(again(demand), HANDLER) == set()
    with pytest.raises(NotPossible, match="BHR"):
        decide("refusal_notice", demand, HANDLER)


def test_a_demand_that_is_not_refused_has_none(platform: Platform) -> None:
    demand = demanded(platform, issued(platform))
    with pytest.raises(NotPossible):
        decide("refusal_notice", demand, HANDLER, grounds="…")
    decide("take_up", demand, HANDLER)
    with pytest.raises(NotPossible):
        decide("refusal_notice", again(demand), HANDLER, grounds="…")


@pytest.mark.parametrize("role", [Role.UNDERWRITER, Role.CASHIER, Role.MANAGER, Role.AUDITOR])
def test_others_make_none(platform: Platform, role: Role) -> None:
    demand = refused(platform)
    with pytest.raises(NotPermitted):
        decide("refusal_notice", demand, role)


def test_a_certificate_that_has_expired_leaves_nothing(platform: Platform) -> None:
    demand = refused(platform)
    with time_machine.travel(clock.now() + timedelta(days=800)), pytest.raises(NotPossible, match="expired"):
        decide("refusal_notice", demand, HANDLER)
    assert not IssuedPaper.objects.exists()
    assert not Path(default_storage.path("papers")).exists()
