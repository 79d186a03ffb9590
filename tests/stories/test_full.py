"""Seven people carry one order from PREP101 over a demand to the end of its refund, under the profile `full`: nobody
does what is another's, and the auditor reads afterwards who did what."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.chromium import needs_chromium
from tests.stories.conftest import PROFILE, Institution, Sandbox

pytestmark = needs_chromium
APPLICATIONS = "guarantees/application"
WITHDRAWALS = "guarantees/withdrawal"
REFUNDS = "guarantees/refund"
DEMANDS = "claims/demand"
PROPOSALS = "staff/proposal"


@pytest.fixture(scope="module")
def full(institution: Institution) -> Institution:
    """The demonstration's people, one for each role, whose duties are parted as those of ten are."""
    institution.reviewer.propose_duties("full")
    institution.manager.decide("confirm", "staff/changerequest", PROFILE)
    return institution


def test_seven_people_go_from_application_over_a_demand_to_refund(sandbox: Sandbox, full: Institution) -> None:
    number = sandbox.submit()

    # To the letter: three people's work.
    full.underwriter.decide(
        "approve", APPLICATIONS, number, approved_amount="60000.00", premium="4500.00", reason="按授信额度"
    )
    page = full.cashier.decide("record_payment", APPLICATIONS, number, reference="ICBC20261127002")
    expect(page.locator("[data-turn]")).to_have_text("待签发岗办理。")
    full.issuer.decide("issue", APPLICATIONS, number)
    heard = ["PREP102-01", "PREP102-05", "PREP102-03"]
    sandbox.hears(*heard)

    # A demand for a part of it: the handler proposes sum and payee, the manager releases, and only then it is paid.
    sandbox.press("demand", amount="8000.00")
    sandbox.answered("PREP105")
    full.handler.decide("take_up", DEMANDS, number)
    assert full.handler.held_up("pay", DEMANDS, number) == "须先由两人提出并放行。"
    page = full.handler.decide("settle", DEMANDS, number)
    expect(page.locator(".proposals")).to_contain_text("由管理岗复核")
    guarantee = sandbox.guarantee
    assert "confirm" not in full.handler.offers(PROPOSALS, guarantee)
    assert not full.handler.may_take("confirm")
    full.manager.decide("confirm", PROPOSALS, guarantee)
    full.handler.decide("pay", DEMANDS, number, reference="ICBC20261127003")
    heard += ["PREP106-00", "PREP106-01"]
    sandbox.hears(*heard)

    # The applicant surrenders, on a release of the purchaser's that a second person has looked at.
    sandbox.press("surrender")
    sandbox.answered("PREP109")
    full.underwriter.decide("upload_release", WITHDRAWALS, number)
    full.reviewer.decide("check_release", WITHDRAWALS, number)
    full.underwriter.decide("approve", WITHDRAWALS, number, refund="1200.00")
    sandbox.hears(*heard, "PREP102-08")

    # A part of the premium goes back: the cashier asks, the accountant releases.
    full.cashier.decide("release", REFUNDS, number, payee="青城建设有限公司，青城银行，账号尾号0026")
    full.accountant.decide("confirm", PROPOSALS, number)
    page = full.cashier.decide("pay", REFUNDS, number, reference="R20261127002")
    expect(page.locator(".case-head")).to_contain_text("已退还")

    # The auditor reads who did what; nothing is left to decide.
    auditor = full.auditor
    assert auditor.offers(APPLICATIONS, number) == set()
    for event, people in (
        ("审批通过", "王晓明"),
        ("登记收款", "张海燕"),
        ("保函已签发", "赵国强"),
        ("退费已放行", "孙丽（张海燕提出）"),
        ("担保费已退还", "张海燕"),
    ):
        assert auditor.happened(event) == people
    expect(auditor.open(DEMANDS, number).locator("#timeline")).to_contain_text("刘敏（陈志远提出）")
