"""The four stories after a letter, each to each of its ends, played by their people in Chromium: a demand, an
invalidation, a cancelled order, a surrender."""

from __future__ import annotations

import pytest

from tests.chromium import needs_chromium
from tests.stories.conftest import APPLICATIONS, Institution, Sandbox

pytestmark = needs_chromium
CANCELLATIONS = "guarantees/cancellation"
WITHDRAWALS = "guarantees/withdrawal"
DEMANDS = "claims/demand"
ISSUED = ("PREP102-01", "PREP102-05", "PREP102-03")


@pytest.fixture
def issued(sandbox: Sandbox, institution: Institution) -> str:
    """The number of an order whose letter is issued."""
    number = sandbox.submit()
    institution.approve(number)
    institution.cashier.decide("record_payment", APPLICATIONS, number)
    institution.issuer.decide("issue", APPLICATIONS, number)
    sandbox.hears(*ISSUED)
    return number


def test_a_demand_is_paid_in_full(sandbox: Sandbox, institution: Institution, issued: str) -> None:
    sandbox.press("demand")
    sandbox.answered("PREP105")
    institution.handler.decide("take_up", DEMANDS, issued)
    sandbox.hears(*ISSUED, "PREP106-00")
    institution.handler.decide("settle", DEMANDS, issued)
    institution.manager.decide("confirm", "staff/proposal", sandbox.guarantee)
    institution.handler.decide("pay", DEMANDS, issued, reference="ICBC20261124001")
    sandbox.hears(*ISSUED, "PREP106-00", "PREP106-01")


def test_a_demand_is_paid_in_part_and_another_follows(sandbox: Sandbox, institution: Institution, issued: str) -> None:
    sandbox.press("demand", amount="1000.00")
    sandbox.answered("PREP105")
    institution.handler.decide("take_up", DEMANDS, issued)
    institution.handler.decide("settle", DEMANDS, issued, amount="600.00", reason="其余金额单据不符")
    institution.manager.decide("confirm", "staff/proposal", sandbox.guarantee)
    institution.handler.decide("pay", DEMANDS, issued, reference="ICBC20261124002")
    sandbox.hears(*ISSUED, "PREP106-00", "PREP106-01")
    sandbox.press("demand", amount="400.00")
    sandbox.answered("PREP105")
    institution.handler.decide("take_up", DEMANDS, issued)
    institution.handler.decide("refuse", DEMANDS, issued, reason_code="D03", reason="缺少违约证明")
    sandbox.hears(*ISSUED, "PREP106-00", "PREP106-01", "PREP106-00", "PREP106-02")


def test_a_demand_is_refused(sandbox: Sandbox, institution: Institution, issued: str) -> None:
    sandbox.press("demand")
    sandbox.answered("PREP105")
    institution.handler.decide("take_up", DEMANDS, issued)
    institution.handler.decide("refuse", DEMANDS, issued, reason_code="D03", reason="缺少违约证明")
    sandbox.hears(*ISSUED, "PREP106-00", "PREP106-02")


def test_a_performed_contract_ends_the_guarantee(sandbox: Sandbox, institution: Institution, issued: str) -> None:
    sandbox.press("invalidate")
    sandbox.answered("PREP107")
    institution.underwriter.decide("approve", CANCELLATIONS, issued)
    sandbox.hears(*ISSUED, "PREP108")


def test_an_invalidation_is_refused_and_the_purchaser_told(
    sandbox: Sandbox, institution: Institution, issued: str
) -> None:
    sandbox.press("invalidate")
    sandbox.answered("PREP107")
    institution.underwriter.decide("refuse", CANCELLATIONS, issued, reason_code="C02", reason="采购人未盖章")
    institution.underwriter.decide("purchaser_told", CANCELLATIONS, issued, how="电话告知采购人")
    sandbox.hears(*ISSUED)


def test_a_defective_file_is_returned_corrected_and_issued_again(
    sandbox: Sandbox, institution: Institution, issued: str
) -> None:
    first = sandbox.guarantee
    sandbox.press("return")
    sandbox.answered("PREP107")
    institution.underwriter.decide("approve", CANCELLATIONS, issued)
    sandbox.hears(*ISSUED, "PREP108")
    changed = {"project_name": "更正后的项目名称", "reason_code": "K01", "reason": "项目名称有误"}
    institution.confirmed(institution.underwriter.decide("correct", APPLICATIONS, issued, **changed), issued)
    institution.issuer.decide("issue", APPLICATIONS, issued)
    sandbox.hears(*ISSUED, "PREP108", "PREP102-03")
    assert sandbox.guarantee != first


def test_a_reissue_is_given_up(sandbox: Sandbox, institution: Institution, issued: str) -> None:
    sandbox.press("return")
    sandbox.answered("PREP107")
    institution.underwriter.decide("approve", CANCELLATIONS, issued)
    institution.issuer.decide("give_up", APPLICATIONS, issued, reason_code="G99", reason="采购人不再需要保函")
    sandbox.hears(*ISSUED, "PREP108", "PREP102-04")
    institution.cashier.decide("release", "guarantees/refund", issued, payee="青城建设有限公司，青城银行，账号尾号0026")
    institution.accountant.decide("confirm", "staff/proposal", issued)
    institution.cashier.decide("pay", "guarantees/refund", issued, reference="R20261124001")


def test_an_order_is_cancelled(sandbox: Sandbox, institution: Institution) -> None:
    number = sandbox.submit()
    institution.approve(number)
    sandbox.press("cancel")
    sandbox.answered("PREP109")
    institution.underwriter.decide("approve", WITHDRAWALS, number)
    sandbox.hears("PREP102-01", "PREP102-07")


def test_cancelling_is_refused_and_all_goes_on(sandbox: Sandbox, institution: Institution) -> None:
    number = sandbox.submit()
    institution.approve(number)
    sandbox.press("cancel")
    sandbox.answered("PREP109")
    institution.underwriter.decide("refuse", WITHDRAWALS, number, reason_code="C99", reason="保函即将签发")
    sandbox.hears("PREP102-01", "PREP102-06")
    institution.cashier.decide("record_payment", APPLICATIONS, number)
    sandbox.hears("PREP102-01", "PREP102-06", "PREP102-05")


def test_a_surrender_on_the_purchasers_release(sandbox: Sandbox, institution: Institution, issued: str) -> None:
    sandbox.press("surrender")
    sandbox.answered("PREP109")
    assert institution.underwriter.offers(WITHDRAWALS, issued) == {"upload_release", "refuse"}
    institution.underwriter.decide("upload_release", WITHDRAWALS, issued)
    institution.reviewer.decide("check_release", WITHDRAWALS, issued)
    institution.underwriter.decide("approve", WITHDRAWALS, issued)
    sandbox.hears(*ISSUED, "PREP102-08")


def test_a_surrender_after_an_invalidation(sandbox: Sandbox, institution: Institution, issued: str) -> None:
    sandbox.press("invalidate")
    sandbox.answered("PREP107")
    institution.underwriter.decide("approve", CANCELLATIONS, issued)
    sandbox.press("surrender")
    sandbox.answered("PREP109")
    institution.underwriter.decide("approve", WITHDRAWALS, issued)
    sandbox.hears(*ISSUED, "PREP108", "PREP102-08")


def test_a_surrender_is_refused(sandbox: Sandbox, institution: Institution, issued: str) -> None:
    sandbox.press("surrender")
    sandbox.answered("PREP109")
    institution.underwriter.decide("refuse", WITHDRAWALS, issued, reason_code="C02", reason="采购人未解除保函")
    sandbox.hears(*ISSUED, "PREP102-09")
