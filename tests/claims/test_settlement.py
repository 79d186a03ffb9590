"""Money leaves for a demand by two people's hands: one proposes sum and payee, another releases it, then it is paid."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from claims.models import Demand, Settlement
from staff.decisions import DECISIONS, NeedsAnother, NotPossible
from staff.models import Proposal, User
from staff.proposal_decisions import ConfirmProposal
from staff.proposals import propose
from staff.roles import Role
from tests.institution import again, decide, demanded, issued, notified, open_to, person, signed_in
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")

HANDLER = Role.CLAIMS_HANDLER


@pytest.fixture
def demand(platform: Platform) -> Demand:
    """A demand that a handler has in hand."""
    demand = demanded(platform, issued(platform))
    decide("take_up", demand, HANDLER)
    return again(demand)


def settle(demand: Demand, **changed: str) -> Proposal:
    """What the handler proposes, as the form offers it but for what is `changed`."""
    decision: Any = next(found for found in DECISIONS if found.name == "settle" and found.model is Demand)
    offered = {name: str(value) for name, value in decision.initial(demand).items()}
    form = decision.form(demand, {**offered, **changed}, {})
    assert form.is_valid(), form.errors
    return propose(decision, demand.pk, person(HANDLER), form)


def test_nothing_is_recorded_as_paid_before_another_person_releases_it(platform: Platform, demand: Demand) -> None:
    before = notified(platform)
    assert "pay" not in open_to(demand, HANDLER)
    proposal = settle(demand)
    assert "pay" not in open_to(again(demand), HANDLER)
    ConfirmProposal().take(proposal.pk, person(Role.MANAGER))
    released = Settlement.objects.get()
    assert (released.proposed_by, released.released_by) == (person(HANDLER), person(Role.MANAGER))
    assert notified(platform) == before
    assert "pay" in open_to(again(demand), HANDLER)


def test_the_payment_is_of_what_was_released_and_of_nothing_else(platform: Platform, demand: Demand) -> None:
    proposal = settle(demand, amount="1000.00", bank="青城银行", account="6222020000000000001", reason="单据不符")
    ConfirmProposal().take(proposal.pk, person(Role.MANAGER))
    form = next(found for found in DECISIONS if found.name == "pay" and found.model is Demand).form(again(demand))
    assert not {"amount", "account", "bank"} & form.fields.keys()
    shown = signed_in(HANDLER).get(f"/admin/claims/demand/{demand.pk}/change/").content.decode()
    assert "6222020000000000001" in shown


def test_another_account_than_the_demands_needs_a_reason(demand: Demand) -> None:
    decision: Any = next(found for found in DECISIONS if found.name == "settle" and found.model is Demand)
    offered = {name: str(value) for name, value in decision.initial(demand).items()}
    form = decision.form(demand, {**offered, "account": "6222020000000000001"}, {})
    assert form.errors["reason"] == ["This is not the demand's account; say why it is paid there."]


def test_the_handler_of_the_demand_does_not_release_its_payment(demand: Demand) -> None:
    """Not even one that another person proposed."""
    both = person(HANDLER)
    both.groups.add(person(Role.MANAGER).groups.get())
    decision: Any = next(found for found in DECISIONS if found.name == "settle" and found.model is Demand)
    form = decision.form(demand, {name: str(value) for name, value in decision.initial(demand).items()}, {})
    assert form.is_valid()
    proposal = propose(decision, demand.pk, person(HANDLER, "another handler"), form)
    with pytest.raises(NotPossible, match="handled the demand"):
        ConfirmProposal().take(proposal.pk, User.objects.get(pk=both.pk))


def test_nobody_settles_alone(demand: Demand) -> None:
    decision: Any = next(found for found in DECISIONS if found.name == "settle" and found.model is Demand)
    with pytest.raises(NeedsAnother):
        decision.take(demand.pk, person(HANDLER), {**decision.initial(demand), "reason": ""})


def test_what_is_released_is_not_refused_until_the_release_is_taken_back(platform: Platform, demand: Demand) -> None:
    ConfirmProposal().take(settle(demand).pk, person(Role.MANAGER))
    assert "refuse" not in open_to(again(demand), HANDLER)
    decide("take_back_release", again(demand), Role.MANAGER, reason="采购人撤回索赔")
    assert "refuse" in open_to(again(demand), HANDLER)
    assert "settle" in open_to(again(demand), HANDLER)


def test_the_payees_account_is_encrypted_and_masked_for_who_only_looks(demand: Demand) -> None:
    proposal = settle(demand, account="6222020000000000001", reason="采购人指定账户")
    shown = signed_in(Role.AUDITOR).get(f"/admin/staff/proposal/{proposal.pk}/change/").content.decode()
    assert "6222020000000000001" not in shown
    assert "••••0001" in shown
    whole = signed_in(Role.MANAGER).get(f"/admin/staff/proposal/{proposal.pk}/change/").content.decode()
    assert "6222020000000000001" in whole
    ConfirmProposal().take(proposal.pk, person(Role.MANAGER))
    with connection.cursor() as cursor:
        for table in ("staff_proposal", "claims_settlement", "staff_auditentry"):
            cursor.execute("SELECT * FROM " + table)  # noqa: S608 (a name of ours)
            assert "6222020000000000001" not in str(cursor.fetchall())


def test_a_payment_that_bounced_is_released_anew_though_a_release_was_taken_back(demand: Demand) -> None:
    decide("pay", demand, Role.CLAIMS_HANDLER, reference="P1", reason="部分代偿")
    decide("settle_again", again(demand), Role.CLAIMS_HANDLER, reason="账号有误")
    decide("take_back_release", again(demand), Role.MANAGER, reason="暂缓")
    decide("repeat_payment", again(demand), Role.CLAIMS_HANDLER, reference="P2", reason="再次核对")
    assert [one.bounced_at is None for one in again(demand).payments.all()] == [False, True]
