"""Above a sum an approval takes a second look: by the reviewer, above another sum by a manager."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guarantees.decisions import authority
from guarantees.issuing import readiness
from guarantees.models import Application, Approval, Order
from staff.decisions import DECISIONS, NeedsAnother, NotPossible
from staff.models import Proposal, Unit, User
from staff.models.unit import HEAD_OFFICE
from staff.proposal_decisions import ConfirmProposal
from staff.proposals import obstacle_to, propose
from staff.roles import Role
from tests.institution import again, applied, approved, decide, notified, open_to, parameter, person, signed_in
from tests.platform import Platform

APPROVE: Any = next(one for one in DECISIONS if one.name == "approve" and one.model is Application)
TERMS = {"approved_start": None, "approved_end": None, "premium": Decimal("4500.00"), "reason": ""}


@pytest.fixture(autouse=True)
def _the_bound_is_set(db: None) -> None:
    parameter("authority.single_approval", "500000.00")


def terms(application: Application, amount: str = "900000.00") -> Any:
    form = APPROVE.form(application, {"approved_amount": amount, "premium": "4500.00"})
    assert form.is_valid(), form.errors
    return form


def proposed(application: Application, who: User | None = None) -> Proposal:
    return propose(APPROVE, application.pk, who or person(Role.UNDERWRITER), terms(application))


def with_roles(name: str, *roles: Role) -> User:
    who = person(roles[0], name)
    who.groups.add(*(person(role).groups.get() for role in roles[1:]))
    return User.objects.get(pk=who.pk)


def test_one_person_decides_up_to_the_bound_and_above_it_another_confirms(
    platform: Platform, received: Application
) -> None:
    alone = applied(platform, applicationId="SQ-SMALL", advanceAmount="500000.00", socialCreditCode="another")
    APPROVE.take(alone.pk, person(Role.UNDERWRITER), terms(alone, "500000.00").cleaned_data)
    assert again(alone).state == "approved"
    with pytest.raises(NeedsAnother):
        APPROVE.take(received.pk, person(Role.UNDERWRITER), terms(received).cleaned_data)
    before = notified(platform)
    proposal = proposed(received)
    assert (again(received).state, notified(platform)) == ("received", before)
    ConfirmProposal().take(proposal.pk, person(Role.REVIEWER))
    assert again(received).state == "approved"
    assert len(notified(platform)) == len(before) + 1
    given = Approval.objects.latest("id")
    assert (given.approved_by, given.confirmed_by) == (person(Role.UNDERWRITER), person(Role.REVIEWER))
    page = signed_in(Role.AUDITOR).get(f"/admin/guarantees/application/{received.pk}/change/").content.decode()
    assert "Person reviewer" in page


def test_what_counts_is_the_applicants_total(platform: Platform) -> None:
    first, second = (
        applied(platform, applicationId=name, advanceAmount="300000.00", sectionCode=name) for name in ("SQ1", "SQ2")
    )
    assert authority.confirmed_by(second, Decimal("300000.00")) == ""
    decide("approve", first, Role.UNDERWRITER, premium="4500.00")
    assert authority.liability_beside(second) == Decimal("300000.00")
    assert authority.confirmed_by(second, Decimal("300000.00")) == authority.CONFIRM
    assert authority.confirmed_by(second, Decimal("200000.00")) == ""
    decide("record_payment", again(first), Role.CASHIER)
    decide("issue", again(first), Role.ISSUER)
    assert authority.liability_beside(second) == Decimal("300000.00")
    assert authority.liability_beside(first) == 0
    page = signed_in(Role.UNDERWRITER).get(f"/admin/guarantees/application/{second.pk}/decide/approve/")
    assert "300,000.00 beside this case" in page.content.decode()
    assert "Propose: Approve" in page.content.decode()


@pytest.mark.parametrize(
    "code", ["91150105ma0q8k3y3j", "９１１５０１０５ＭＡ０Ｑ８Ｋ３Ｙ３Ｊ", "9115 0105-MA0Q8K3Y3J ", "MA0Q8K3Y-3"]
)
def test_an_applicant_whose_code_is_written_otherwise_is_the_same(platform: Platform, code: str) -> None:
    first = applied(platform, applicationId="SQ1", advanceAmount="300000.00", socialCreditCode="91150105MA0Q8K3Y3J")
    second = applied(platform, applicationId="SQ2", advanceAmount="300000.00", socialCreditCode=code)
    other = applied(platform, applicationId="SQ3", advanceAmount="300000.00", socialCreditCode="91150105MA0Q8K3Z3J")
    decide("approve", first, Role.UNDERWRITER, premium="4500.00")
    assert authority.confirmed_by(second, Decimal("300000.00")) == authority.CONFIRM
    assert authority.confirmed_by(other, Decimal("300000.00")) == ""


@pytest.mark.parametrize("name", ["approve", "correct"])
def test_approvals_for_one_applicant_wait_for_each_other(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Two of them at one moment would each not count the other."""
    first, second = (applied(platform, applicationId=number, sectionCode=number) for number in ("SQ1", "SQ2"))
    decision: Any = next(one for one in DECISIONS if one.name == name and one.model is Application)
    # SQLite knows no locks of rows: what PostgreSQL would be asked to lock is marked.
    for feature in ("has_select_for_update", "has_select_for_update_of"):
        monkeypatch.setattr(connection.features, feature, True)
    monkeypatch.setattr(connection.ops, "for_update_sql", lambda **_how: "/* locked */")
    with CaptureQueriesContext(connection) as asked:
        decision.lock(second.pk)
    locked = [one["sql"] for one in asked if "locked" in one["sql"] and "guarantees_order" in one["sql"]]
    assert f"IN ({first.order_id}, {second.order_id})" in locked[0]


def test_above_the_next_bound_it_is_a_managers(received: Application) -> None:
    parameter("authority.reviewed_approval", "899999.99")
    proposal = proposed(received)
    assert obstacle_to(proposal, person(Role.REVIEWER)) == "Somebody of another role confirms this."
    ConfirmProposal().take(proposal.pk, person(Role.MANAGER))
    assert again(received).state == "approved"


def test_whoever_proposed_never_confirms_and_what_stands_in_the_way_is_judged_anew(
    received: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = with_roles("both", Role.UNDERWRITER, Role.REVIEWER)
    proposal = proposed(received, both)
    with pytest.raises(NotPossible, match="You proposed this"):
        ConfirmProposal().take(proposal.pk, both)
    monkeypatch.setattr(readiness, "trouble", lambda _now: "The certificate is over.")
    with pytest.raises(NotPossible, match="The certificate is over"):
        ConfirmProposal().take(proposal.pk, person(Role.REVIEWER))
    assert again(received).state == "received"


def test_what_left_the_proposers_unit_is_proposed_anew(received: Application) -> None:
    here, there = (Unit.objects.create(code=code, name=code, parent_id=HEAD_OFFICE) for code in "AB")
    for unit in (here, there):
        unit.place_under(Unit.objects.get(pk=HEAD_OFFICE))
        unit.save()
    Order.objects.update(unit=here)
    User.objects.filter(pk=person(Role.UNDERWRITER).pk).update(unit=here)
    proposal = proposed(received, person(Role.UNDERWRITER))
    assert obstacle_to(proposal, person(Role.REVIEWER)) is None
    Order.objects.update(unit=there)
    with pytest.raises(NotPossible, match="may not propose it any more"):
        ConfirmProposal().take(proposal.pk, person(Role.REVIEWER))


def test_a_bound_that_rose_meanwhile_leaves_it_to_one_person(received: Application) -> None:
    proposal = proposed(received)
    parameter("authority.single_approval", "900000.00")
    assert "decided by one person" in str(obstacle_to(proposal, person(Role.REVIEWER)))
    decide("approve", received, Role.UNDERWRITER, premium="4500.00")
    assert again(received).state == "approved"


def test_a_reviewer_looks_a_second_time_and_decides_nothing_alone(received: Application) -> None:
    assert open_to(received, Role.REVIEWER) == set()
    decide("propose_correction", received, Role.UNDERWRITER, project_name="另一项目", reason="名称有误")
    assert open_to(received, Role.REVIEWER) == {"confirm_correction", "return_correction"}


@pytest.mark.parametrize(("profile", "may"), [("small", True), ("full", False)])
def test_whoever_confirmed_may_issue_in_a_small_institution_alone(platform: Platform, profile: str, may: bool) -> None:
    parameter("duties.profile", profile)
    proposer = with_roles("proposes", Role.UNDERWRITER, Role.ISSUER)
    confirmer = with_roles("confirms", Role.REVIEWER, Role.ISSUER, Role.CASHIER)
    application = applied(platform)
    ConfirmProposal().take(proposed(application, proposer).pk, confirmer)
    assert ("record_payment" in open_to(again(application), confirmer)) is may
    decide("record_payment", again(application), Role.CASHIER)
    assert ("issue" in open_to(again(application), confirmer)) is may
    assert "issue" not in open_to(again(application), proposer)


def test_the_corrected_letter_is_approved_by_the_same_bound(platform: Platform) -> None:
    application = approved(platform)
    correct: Any = next(one for one in DECISIONS if one.name == "correct")
    assert correct.second_permission(application, {"approved_amount": Decimal("900000.00")}) == authority.CONFIRM
    assert correct.second_permission(application, {"approved_amount": Decimal("500000.00")}) == ""
