"""What lets money or protection go takes two people: one proposes, another confirms, and nothing happens before."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.storage import default_storage

from guarantees.models import Application, Deduction, Guarantee, Refund
from staff.decisions import DECISIONS, DecisionRefused, NeedsAnother, NotPossible
from staff.models import Proposal
from staff.proposal_decisions import ConfirmProposal
from staff.proposals import propose
from staff.roles import Role
from tests.institution import SCAN, again, decide, notified, parameter, person, scan
from tests.platform import Platform


def decision_on(case: object, name: str) -> object:
    return next(found for found in DECISIONS if found.name == name and isinstance(case, found.model))


def proposed(name: str, case: object, role: Role, files: dict[str, object] | None = None, **data: str) -> Proposal:
    """What somebody proposes on the desk."""
    decision = decision_on(case, name)
    form = decision.form(case, data, files)  # type: ignore[attr-defined]
    assert form.is_valid(), form.errors
    return propose(decision, case.pk, person(role), form)  # type: ignore[arg-type, attr-defined]


def test_a_deduction_rests_on_the_purchasers_paper_and_a_second_person(platform: Platform, letter: Guarantee) -> None:
    given = {"amount": "100000.00", "reason": "扣回证明1号"}
    form = decision_on(letter, "deduct").form(letter, given, {})  # type: ignore[attr-defined]
    assert "paper" in form.errors
    proposal = proposed("deduct", letter, Role.UNDERWRITER, {"paper": scan()}, **given)
    assert again(letter).deducted == 0
    ConfirmProposal().take(proposal.pk, person(Role.MANAGER))
    deduction = Deduction.objects.get()
    assert (again(letter).deducted, deduction.amount) == (Decimal("100000.00"), Decimal("100000.00"))
    assert (deduction.recorded_by, deduction.confirmed_by) == (person(Role.UNDERWRITER), person(Role.MANAGER))
    with deduction.paper.open("rb") as paper:
        assert paper.read() == SCAN


def test_a_paper_that_was_changed_meanwhile_is_not_confirmed(letter: Guarantee) -> None:
    given = {"amount": "100000.00", "reason": "扣回证明1号"}
    proposal = proposed("deduct", letter, Role.UNDERWRITER, {"paper": scan()}, **given)
    path = proposal.files["paper"]["path"]
    with default_storage.open(path, "wb") as stored:
        stored.write(SCAN + b"changed")
    with pytest.raises(NotPossible, match="does not hold any more"):
        ConfirmProposal().take(proposal.pk, person(Role.MANAGER))
    assert again(letter).deducted == 0


#: By what a proposal of it names the decision.
RECEIPT = "guarantees.application record_payment"


def test_more_than_twice_what_is_due_is_confirmed_by_another(platform: Platform, approved: Application) -> None:
    record = decision_on(approved, "record_payment")
    with pytest.raises(NeedsAnother):
        record.take(approved.pk, person(Role.CASHIER), {"amount": Decimal("9000.01")})  # type: ignore[attr-defined]
    decide("record_payment", approved, Role.CASHIER, amount="9000.01")
    assert Proposal.objects.get(decision=RECEIPT).decided_by == person(Role.ACCOUNTANT)
    assert Refund.objects.get().amount == Decimal("4500.01")
    assert notified(platform)[-1] == "PREP102 05"


def test_twice_what_is_due_is_recorded_by_one(approved: Application) -> None:
    decide("record_payment", approved, Role.CASHIER, amount="9000.00")
    assert not Proposal.objects.filter(decision=RECEIPT).exists()


def test_a_waiver_is_proposed_and_the_platform_told_when_it_is_confirmed(
    platform: Platform, approved: Application
) -> None:
    before = notified(platform)
    proposal = proposed("waive_premium", approved, Role.UNDERWRITER, reason="战略客户")
    assert notified(platform) == before
    ConfirmProposal().take(proposal.pk, person(Role.MANAGER))
    assert notified(platform)[-1] == "PREP102 05"
    assert again(approved).settled_by == person(Role.UNDERWRITER)


@pytest.fixture
def refund(paid: Application) -> Refund:
    decide("give_up", paid, Role.ISSUER, reason="无法出函")
    return Refund.objects.get()


def test_a_refund_is_released_by_another_before_it_is_paid(refund: Refund) -> None:
    with pytest.raises(NotPossible, match="released by two people first"):
        decide("pay", refund, Role.CASHIER, reference="T1")
    decide("release", refund, Role.CASHIER, payee="青城建设有限公司")
    assert again(refund).released_by == person(Role.ACCOUNTANT)
    decide("pay", again(refund), Role.CASHIER, reference="T1")
    assert again(refund).paid_at


def test_whoever_took_the_premium_does_not_release_its_refund(refund: Refund) -> None:
    asked_by = person(Role.CASHIER, "another cashier")
    decision = decision_on(refund, "release")
    form = decision.form(refund, {"payee": "青城建设有限公司"}, {})  # type: ignore[attr-defined]
    form.is_valid()
    proposal = propose(decision, refund.pk, asked_by, form)  # type: ignore[arg-type]
    taker = person(Role.CASHIER)
    taker.groups.add(person(Role.MANAGER).groups.get())
    with pytest.raises(NotPossible, match="took the premium"):
        ConfirmProposal().take(proposal.pk, type(taker).objects.get(pk=taker.pk))


def test_a_refund_above_the_bound_is_a_managers(refund: Refund) -> None:
    parameter("money.small_refund", "1000.00")
    proposal = proposed("release", refund, Role.CASHIER, payee="青城建设有限公司")
    assert proposal.permission == "guarantees.release_large_refund"
    with pytest.raises(DecisionRefused):
        ConfirmProposal().take(proposal.pk, person(Role.ACCOUNTANT))
    ConfirmProposal().take(proposal.pk, person(Role.MANAGER))
    assert again(refund).released_at


def test_a_bound_that_changes_while_it_waits_asks_for_the_right_person_anew(refund: Refund) -> None:
    proposal = proposed("release", refund, Role.CASHIER, payee="青城建设有限公司")
    parameter("money.small_refund", "1000.00")
    with pytest.raises(NotPossible, match="another role must confirm this now"):
        ConfirmProposal().take(proposal.pk, person(Role.ACCOUNTANT))
