"""Duties that are never one person's on one case: every pair, both ways, under each profile."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.db import transaction

from guarantees.models import Application
from staff import duties
from staff.audit import record
from staff.decisions import DECISIONS, PROPOSED, duty_obstacle, event_kinds
from staff.duties import PAIRS, Duty, Profile
from staff.models import User
from staff.roles import Role
from tests.institution import open_to, parameter, person


def do(application: Application, who: User, duty: Duty) -> None:
    """The person did it, as a decision writes it into the trail."""
    alone = [kind for kind in event_kinds().values() if kind.duty is duty]
    confirmed = [decision.event for decision in DECISIONS if decision.confirm_duty is duty]
    details = {} if alone else {"proposed_by": "another"}
    for event in (alone or confirmed)[:1]:
        with transaction.atomic():
            record(chain=application.audit_chain, event=event, subject=application, actor=who, details=details)


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
    assert duties.forbidden_together({"cashier", "accountant"})
    assert duties.forbidden_together({"administrator", "auditor"})
    assert duties.forbidden_together({"underwriter", "cashier"}) is None
