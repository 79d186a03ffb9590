"""Duties that are never one person's on one case: every pair, both ways, under each profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import permutations
from typing import Any, TypeVar

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

import staff.decisions
from claims.models import Demand
from guarantees.decisions.wording import upload
from guarantees.models import Application, Refund, UploadedWording
from guarantees.money import refunds
from staff import duties
from staff.audit import record
from staff.decisions import DECISIONS, PROPOSED, NotPossible, duty_obstacle, event_kinds, permissions_for
from staff.duties import PAIRS, Duty, Profile, parted_from
from staff.models import User
from staff.proposals import obstacle_to, propose
from staff.roles import Role
from tests.institution import again, applied, decide, demanded, issued, open_to, parameter, person
from tests.platform import Platform

Each = TypeVar("Each")


def do(case: Any, who: User, duty: Duty) -> None:
    """The person did it, as a decision writes it into the trail."""
    alone = [kind for kind in event_kinds().values() if kind.duty is duty]
    confirmed = [decision.event for decision in DECISIONS if decision.confirm_duty is duty]
    details = {} if alone else {"proposed_by": "another"}
    for event in (alone or confirmed)[:1]:
        with transaction.atomic():
            record(chain=case.audit_chain, event=event, subject=case, actor=who, details=details)


def of_every_role(name: str) -> User:
    """Somebody whom only what they did can stop."""
    who = User.objects.create(username=name, name=name)
    who.groups.set(Group.objects.all())
    return who


def in_force(each: Iterable[Each]) -> Iterator[tuple[Profile, Each]]:
    """All of them under each profile, which two people have put in force."""
    for profile in Profile:
        parameter("duties.profile", profile)
        yield from ((profile, one) for one in each)


@pytest.mark.parametrize("profile", Profile)
def test_each_pair_is_parted_both_ways_and_nothing_else_is(received: Application, profile: Profile) -> None:
    parameter("duties.profile", profile)
    done_by = {duty: person(Role.UNDERWRITER, f"did {duty}") for duty in Duty}
    for duty, who in done_by.items():
        do(received, who, duty)
    parted = {(pair.one, pair.other) for pair in PAIRS if profile in pair.profiles}
    for did, wanted in permutations(Duty, 2):
        refused = duty_obstacle(received, done_by[did], wanted) is not None
        assert refused == bool({(did, wanted), (wanted, did)} & parted), (did, wanted)


def test_every_duty_is_somebodys_by_some_event() -> None:
    by_event = {kind.duty for kind in event_kinds().values()}
    by_confirming = {decision.confirm_duty for decision in DECISIONS}
    assert set(Duty) <= by_event | by_confirming


@pytest.mark.usefixtures("plain_letters")
def test_every_decision_with_a_duty_refuses_whoever_did_what_it_is_parted_from(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By production's road, with all else that could refuse it out of the way."""
    letter = issued(platform)
    cases: dict[type[Any], Any] = {
        Application: letter.application,
        Refund: refunds.owe(letter.application, Decimal("1.00"), person(Role.CASHIER)),
        Demand: demanded(platform, letter),
        UploadedWording: upload(person(Role.ADMINISTRATOR), kind="suretyship", version="own-1", text="x"),
    }
    monkeypatch.setattr(staff.decisions, "can_proceed", lambda *_args, **_kwargs: True)
    decisions = [decision for decision in DECISIONS if decision.event.duty]
    assert len(decisions) > 10
    for decision in decisions:
        monkeypatch.setattr(type(decision), "obstacle", lambda *_args: None)
    newcomer = of_every_role("newcomer")
    done_by: dict[Any, User] = {}
    for profile, decision in in_force(decisions):
        case, duty = cases[decision.model], decision.event.duty
        assert duty
        assert decision.is_open_to(case, newcomer), decision
        for did in Duty:
            key = (case.audit_chain, did)
            if key not in done_by:
                done_by[key] = of_every_role(str(key))
                do(case, done_by[key], did)
            parted = did in parted_from(duty, profile)
            assert decision.is_open_to(case, done_by[key]) is not parted, (decision, did)
            if parted:
                with pytest.raises(NotPossible, match="On this case you"):
                    decision.check(case, done_by[key])


@pytest.mark.usefixtures("plain_letters")
def test_every_confirmation_with_a_duty_refuses_whoever_did_what_it_is_parted_from(platform: Platform) -> None:
    letter = issued(platform)
    refund = refunds.owe(letter.application, Decimal("1.00"), person(Role.CASHIER))
    demand = demanded(platform, letter)
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    parameter("authority.single_approval", "500000.00")
    larger = applied(platform, applicationId="SQ-LARGER")
    confirmed: dict[str, Any] = {"release": refund, "settle": again(demand), "approve": larger}
    given = {"payee": "青城建设有限公司", "premium": "4500.00"}
    duties_of = {decision.confirm_duty for decision in DECISIONS if decision.confirm_duty}
    tried = set()
    for name, case in confirmed.items():
        decision = next(one for one in DECISIONS if one.name == name and isinstance(case, one.model))
        form = decision.form(case, {**decision.initial(case), **given}, {})
        assert form.is_valid(), form.errors
        proposal = propose(decision, case.pk, of_every_role(f"proposes {name}"), form)
        assert decision.confirm_duty
        tried.add(decision.confirm_duty)
        for profile, did in in_force(Duty):
            who = of_every_role(f"{name} {profile} {did}")
            assert obstacle_to(proposal, who) is None
            do(case, who, did)
            parted = did in parted_from(decision.confirm_duty, profile)
            assert ("On this case you" in (obstacle_to(proposal, who) or "")) is parted, (name, profile, did)
    assert tried == duties_of


@pytest.mark.parametrize("profile", Profile)
def test_what_was_begun_is_finished_by_another_under_every_profile(received: Application, profile: Profile) -> None:
    parameter("duties.profile", profile)
    both = of_every_role("both")
    decide("propose_correction", received, both, project_name="另一项目", reason="名称有误")
    assert "confirm_correction" not in open_to(received, both)
    assert "confirm_correction" in open_to(received, of_every_role("another"))


def test_somebody_can_do_every_duty() -> None:
    assert all(permissions_for(duty) for duty in Duty)
    assert permissions_for(Duty.REFUND_RELEASE) == {"guarantees.release_refund", "guarantees.release_large_refund"}
    assert permissions_for(Duty.WORDING_UPLOAD) == {"guarantees.upload_wording"}


def test_who_proposed_did_the_duty_of_what_they_proposed(received: Application) -> None:
    who = person(Role.UNDERWRITER)
    details = {"proposed_event": "application.approved"}
    with transaction.atomic():
        record(chain=received.audit_chain, event=PROPOSED, subject=received, actor=who, details=details)
    assert duty_obstacle(received, who, Duty.ISSUE)


def test_in_a_small_institution_whoever_approved_may_take_the_money_and_never_issues(paid: Application) -> None:
    parameter("duties.profile", Profile.SMALL)
    both = person(Role.UNDERWRITER)
    both.groups.add(person(Role.ISSUER).groups.get())
    assert "issue" not in open_to(paid, User.objects.get(pk=both.pk))
    taker = person(Role.CASHIER)
    taker.groups.add(person(Role.ISSUER).groups.get())
    assert "issue" in open_to(paid, User.objects.get(pk=taker.pk))
    parameter("duties.profile", Profile.FULL)
    assert "issue" not in open_to(paid, User.objects.get(pk=taker.pk))


def test_a_pair_that_is_left_out_parts_nobody(received: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """The matrix above can fail: without its line nothing is parted."""
    monkeypatch.setattr(duties, "PAIRS", tuple(pair for pair in PAIRS if pair.other is not Duty.ISSUE))
    who = person(Role.UNDERWRITER)
    do(received, who, Duty.APPROVAL)
    assert duty_obstacle(received, who, Duty.ISSUE) is None


def test_cashier_and_accountant_are_two_people_and_the_administrator_is_nobody_else() -> None:
    for profile in Profile:
        assert duties.forbidden_together({"cashier", "accountant"}, profile)
        assert duties.forbidden_together({"administrator", "auditor"}, profile)
