"""Two people and an outside bookkeeper carry one order from PREP101 to a refund that was paid, under the profile
`small`.

马建国 judges, takes money and handles demands, and issues where 何秋云 is away, who issues, looks a second time and
manages; 宋佳 keeps the books.
The administrator and the auditor stand outside, as they do in a small institution.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.chromium import needs_chromium
from tests.stories.conftest import PROFILE, Institution, Sandbox

pytestmark = needs_chromium
APPLICATIONS = "guarantees/application"
WITHDRAWALS = "guarantees/withdrawal"
REFUNDS = "guarantees/refund"
PROPOSALS = "staff/proposal"


@pytest.fixture(scope="module")
def small(institution: Institution) -> Institution:
    """The duties parted for so few, which the roles of these two need, and their accounts, made as accounts are."""
    institution.reviewer.propose_duties("small")
    institution.manager.decide("confirm", "staff/changerequest", PROFILE)
    institution.hire("ma", "马建国", "underwriter", "cashier", "issuer", "claims_handler")
    institution.hire("he", "何秋云", "issuer", "reviewer", "manager")
    institution.hire("song", "宋佳", "accountant")
    return institution


def test_two_people_and_a_bookkeeper_go_from_application_to_refund(sandbox: Sandbox, small: Institution) -> None:
    ma, he, song = small.ma, small.he, small.song
    number = sandbox.submit()

    # 马建国 approves, and takes the premium: for two people that may be one person's.
    ma.decide("approve", APPLICATIONS, number, approved_amount="60000.00", premium="4500.00", reason="按授信额度")
    sandbox.hears("PREP102-01")
    page = ma.decide("record_payment", APPLICATIONS, number, reference="ICBC20261127001")
    expect(page.locator(".case-head")).to_contain_text("担保费已结清")

    # The letter is the other's: he may issue, but not what he approved, nor by the decision's address.
    assert ma.held_up("issue", APPLICATIONS, number) == "本笔业务中您已办理了审批，此环节须由他人办理。"
    assert not ma.may_take("issue")
    he.decide("issue", APPLICATIONS, number)
    sandbox.hears("PREP102-01", "PREP102-05", "PREP102-03")
    sandbox.press("fetch")
    expect(sandbox.order().locator("iframe.letter")).to_be_visible()

    # The applicant surrenders: one uploads the purchaser's release, the other looks at it.
    sandbox.press("surrender")
    sandbox.answered("PREP109")
    ma.decide("upload_release", WITHDRAWALS, number)
    assert ma.held_up("check_release", WITHDRAWALS, number) == "解除证明由您上传，须由他人复核。"
    he.decide("check_release", WITHDRAWALS, number)
    ma.decide("approve", WITHDRAWALS, number, refund="1500.00")
    sandbox.hears("PREP102-01", "PREP102-05", "PREP102-03", "PREP102-08")

    # The premium goes back: he who took it asks, the bookkeeper releases, and only then it is paid.
    assert ma.held_up("pay", REFUNDS, number) == "须先由两人提出并放行。"
    page = ma.decide("release", REFUNDS, number, payee="青城建设有限公司，青城银行，账号尾号0026")
    expect(page.locator(".proposals")).to_contain_text("由会计岗、管理岗复核")
    assert "confirm" not in ma.offers(PROPOSALS, number)
    assert not ma.may_take("confirm")
    song.decide("confirm", PROPOSALS, number)
    page = ma.decide("pay", REFUNDS, number, reference="R20261127001")
    expect(page.locator(".case-head")).to_contain_text("已退还")

    # Who proposed and who confirmed stands in the trail.
    he.open(APPLICATIONS, number)
    assert he.happened("退费已放行") == "宋佳（马建国提出）"


def test_whoever_proposes_a_change_of_data_does_not_confirm_it_as_manager_either(small: Institution) -> None:
    small.he.propose_duties("small")
    assert small.he.held_up("confirm", "staff/changerequest", PROFILE) == "此事项由您提出，须由他人复核。"
    small.he.take("withdraw")
