"""What two people do: one proposes, another confirms, and nothing happens before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.utils import translation

from guarantees.ending import expire_due
from guarantees.models import Guarantee
from guarantees.models.states import WordingState
from staff import clock, proposals
from staff.audit import record
from staff.decisions import DECISIONS, NeedsAnother, NotPossible
from staff.models import AccountRequestState, AuditEntry, BusinessParameter, ParameterVersion, Proposal
from staff.parameters import PROFILE
from staff.proposal_decisions import ConfirmProposal, WithdrawProposal
from staff.roles import Role
from tests.institution import again, decide, issued, person
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")

Desk = Callable[[Role], Client]


@pytest.fixture
def unreleased(platform: Platform) -> Guarantee:
    """A suretyship whose term is over and whose exposure goes on until it is released."""
    guarantee = issued(platform, contractDate="12")
    expire_due(guarantee.valid_until + timedelta(seconds=1))
    return again(guarantee)


RELEASED = next(one for one in DECISIONS if one.name == "release" and one.model is Guarantee).event


def page(guarantee: Guarantee) -> str:
    return f"/admin/guarantees/guarantee/{guarantee.pk}"


def post(client: Client, address: str, **form: str) -> str:
    """Fills in the form at an address as it is shown; the page that follows."""
    shown = client.get(address)
    seen = shown.context["guard"].initial["seen"]
    return client.post(address, {"seen": seen, "sure": "on", **form}, follow=True).content.decode()


def propose(desk: Desk, guarantee: Guarantee, role: Role = Role.CLAIMS_HANDLER) -> Proposal:
    answer = post(desk(role), f"{page(guarantee)}/decide/release/", reason="保证期间届满")
    assert "proposed. Nothing has happened yet" in answer
    return Proposal.objects.latest("pk")


def test_nothing_happens_before_another_person_confirms_it(desk: Desk, unreleased: Guarantee) -> None:
    proposal = propose(desk, unreleased)
    assert again(unreleased).state == "unreleased"
    since = AuditEntry.objects.filter(chain=proposal.chain, number__gt=proposal.seen)
    assert [entry.event for entry in since] == ["proposal.made"]
    address = f"/admin/staff/proposal/{proposal.pk}/"
    shown = desk(Role.MANAGER).get(f"{address}change/").content.decode()
    assert "保证期间届满" in shown
    assert "Release: done." in post(desk(Role.MANAGER), f"{address}decide/confirm/")
    assert again(unreleased).state == "expired"
    ended = AuditEntry.objects.get(chain=proposal.chain, to_state="expired")
    assert (ended.actor, ended.details["proposed_by"]) == (person(Role.MANAGER), str(person(Role.CLAIMS_HANDLER)))


def test_the_case_says_who_confirms_and_then_who_proposed(desk: Desk, unreleased: Guarantee) -> None:
    proposal = propose(desk, unreleased)
    assert "Confirmed by: Manager" in desk(Role.CASHIER).get(f"{page(unreleased)}/change/").content.decode()
    shown = desk(Role.CASHIER).get(f"/admin/staff/proposal/{proposal.pk}/change/").content.decode()
    assert "It is the turn of: Manager" in shown
    post(desk(Role.MANAGER), f"/admin/staff/proposal/{proposal.pk}/decide/confirm/")
    both = f"{person(Role.MANAGER)}, proposed by {person(Role.CLAIMS_HANDLER)}"
    assert both in desk(Role.CASHIER).get(f"{page(unreleased)}/change/").content.decode()


def test_whoever_proposed_it_never_confirms_it(desk: Desk, unreleased: Guarantee) -> None:
    proposal = propose(desk, unreleased, Role.MANAGER)
    answer = desk(Role.MANAGER).post(f"/admin/staff/proposal/{proposal.pk}/decide/confirm/", follow=True)
    assert "You proposed this; another person must confirm it." in answer.content.decode()
    assert again(unreleased).state == "unreleased"


def test_who_may_not_confirm_sees_it_and_cannot(desk: Desk, unreleased: Guarantee) -> None:
    proposal = propose(desk, unreleased)
    shown = desk(Role.CASHIER).get(f"/admin/staff/proposal/{proposal.pk}/change/").content.decode()
    assert "/decide/confirm/" not in shown
    desk(Role.CASHIER).post(f"/admin/staff/proposal/{proposal.pk}/decide/confirm/")
    assert again(unreleased).state == "unreleased"


def test_a_decision_that_two_take_is_taken_by_nobody_alone(unreleased: Guarantee) -> None:
    release = next(found for found in DECISIONS if found.name == "release" and found.model is Guarantee)
    with pytest.raises(NeedsAnother):
        release.take(unreleased.pk, person(Role.MANAGER), {"reason": "x"})


def test_the_same_is_proposed_once(desk: Desk, unreleased: Guarantee) -> None:
    propose(desk, unreleased)
    answer = desk(Role.MANAGER).get(f"{page(unreleased)}/change/").content.decode()
    assert "proposed this already" in answer
    desk(Role.MANAGER).post(f"{page(unreleased)}/decide/release/", {"reason": "x", "sure": "on"})
    assert Proposal.objects.on(unreleased).count() == 1


def test_obstacles_are_judged_anew_at_the_confirmation(desk: Desk, unreleased: Guarantee) -> None:
    proposal = propose(desk, unreleased)
    decide_directly(unreleased)
    answer = desk(Role.MANAGER).post(f"/admin/staff/proposal/{proposal.pk}/decide/confirm/", follow=True)
    assert "Not possible any more" in answer.content.decode()
    assert Proposal.objects.on(unreleased).get().state == "proposed"


def test_what_the_case_came_past_says_so_and_lapses(desk: Desk, unreleased: Guarantee) -> None:
    proposal = propose(desk, unreleased)
    assert proposals.lapse_due() == 0
    decide_directly(unreleased)
    with transaction.atomic():
        record(chain=proposal.chain, event=RELEASED, subject=unreleased, actor=person(Role.MANAGER), to_state="expired")
    shown = desk(Role.MANAGER).get(f"/admin/staff/proposal/{proposal.pk}/change/").content.decode()
    assert "Not possible any more" in shown
    assert "1 entries were added to the case since this was proposed." in shown
    assert proposals.lapse_due() == 1
    assert again(proposal).state == "lapsed"
    assert "Not possible any more" in AuditEntry.objects.get(event="proposal.lapsed").reason


def test_whose_time_is_over_is_not_confirmed_though_nobody_let_it_lapse_yet(desk: Desk, unreleased: Guarantee) -> None:
    proposal = propose(desk, unreleased)
    with time_machine.travel(proposal.until, tick=False), pytest.raises(NotPossible, match="Its time is over"):
        ConfirmProposal().take(proposal.pk, person(Role.MANAGER))
    assert again(unreleased).state == "unreleased"


def decide_directly(guarantee: Guarantee) -> None:
    """Somebody else's proposal of the same came first by another road: at the command line, say."""
    case = again(guarantee)
    case.release()
    case.ended_at = clock.now()
    case.save()


def test_it_is_returned_with_a_reason_withdrawn_or_changed(desk: Desk, unreleased: Guarantee) -> None:
    first = propose(desk, unreleased)
    post(desk(Role.MANAGER), f"/admin/staff/proposal/{first.pk}/decide/return/", reason="资料不全")
    assert (again(first).state, again(first).note) == ("returned", "资料不全")
    second = propose(desk, unreleased)
    post(desk(Role.CLAIMS_HANDLER), f"/admin/staff/proposal/{second.pk}/decide/withdraw/")
    assert again(second).state == "withdrawn"
    third = propose(desk, unreleased)
    answer = post(desk(Role.MANAGER), f"/admin/staff/proposal/{third.pk}/decide/change/", reason="换一个理由")
    fourth = Proposal.objects.latest("pk")
    assert (again(third).state, fourth.replaces, fourth.proposed_by) == ("changed", third, person(Role.MANAGER)), answer
    assert fourth.data["reason"] == ["换一个理由"]
    assert again(unreleased).state == "unreleased"


def test_it_lapses(desk: Desk, unreleased: Guarantee) -> None:
    proposal = propose(desk, unreleased)
    with time_machine.travel(proposal.until, tick=False):
        assert proposals.lapse_due() == 1
        assert proposals.lapse_due() == 0
    assert again(proposal).state == "lapsed"
    assert again(unreleased).state == "unreleased"


def test_what_is_proposed_is_encrypted(desk: Desk, unreleased: Guarantee) -> None:
    propose(desk, unreleased)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM staff_proposal")
        assert "保证" not in cursor.fetchone()[0]


def test_data_is_changed_by_two_people_from_a_day_on(desk: Desk) -> None:
    row = BusinessParameter.objects.get(code="duties.profile")
    address = f"/admin/staff/businessparameter/{row.pk}/"
    answer = post(desk(Role.UNDERWRITER), f"{address}decide/change/", value="full", reason="人员已满十人")
    assert "proposed" in answer
    assert PROFILE.value() == "small"
    change = Proposal.objects.get()
    assert change.on_data
    shown = desk(Role.MANAGER).get(f"/admin/staff/changerequest/{change.pk}/change/").content.decode()
    assert "<del>small" in shown
    post(desk(Role.MANAGER), f"/admin/staff/changerequest/{change.pk}/decide/confirm/")
    assert PROFILE.value() == "full"
    listed = desk(Role.AUDITOR).get("/admin/staff/businessparameter/").content.decode()
    assert "confirmed" in listed


def test_a_change_that_another_overtook_is_not_confirmed(desk: Desk) -> None:
    row = BusinessParameter.objects.get(code="duties.profile")
    address = f"/admin/staff/businessparameter/{row.pk}/decide/change/"
    post(desk(Role.UNDERWRITER), address, value="full", reason="一")
    overtaken = Proposal.objects.get()
    ParameterVersion.objects.create(parameter=row, value="full", valid_from=clock.now(), made_at=clock.now())
    answer = desk(Role.MANAGER).post(f"/admin/staff/changerequest/{overtaken.pk}/decide/confirm/", follow=True)
    assert "changed since this was proposed" in answer.content.decode()


def test_a_change_of_a_parameter_is_called_by_the_parameters_label(desk: Desk) -> None:
    row = BusinessParameter.objects.get(code="duties.profile")
    address = f"/admin/staff/businessparameter/{row.pk}/"
    post(desk(Role.UNDERWRITER), f"{address}decide/change/", value="full", reason="人员已满十人")
    change = f"/admin/staff/changerequest/{Proposal.objects.get().pk}/change/"
    for shown in (f"{address}change/", "/admin/staff/changerequest/", change):
        assert "How duties are parted" in desk(Role.MANAGER).get(shown).content.decode(), shown


def test_a_value_that_is_to_come_is_said_before_another_is_proposed(desk: Desk) -> None:
    """It ends what holds from before it, silently otherwise."""
    days = BusinessParameter.objects.get(code="authority.proposal_days")
    address = f"/admin/staff/businessparameter/{days.pk}/"
    sentence = "it is 30, as confirmed already"
    client = desk(Role.MANAGER)
    assert sentence not in client.get(f"{address}change/").content.decode()
    tomorrow = clock.today() + timedelta(days=1)
    for value, day in (("30", tomorrow.isoformat()), ("20", "")):
        decide("change", again(days), Role.MANAGER, value=value, valid_from=day, reason="r")
    assert proposals.WAITS.value() == 20
    for page_of_it in ("change/", "decide/change/"):
        assert sentence in client.get(f"{address}{page_of_it}").content.decode()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert proposals.WAITS.value() == 30
        assert sentence not in client.get(f"{address}change/").content.decode()


def test_in_chinese_a_proposal_is_taken_back_and_a_wording_put_out_of_use() -> None:
    with translation.override("zh-hans"):
        assert str(WithdrawProposal.label) == "撤回"
        assert str(AccountRequestState.WITHDRAWN.label) == "已撤回"
        assert str(WordingState.WITHDRAWN.label) == "已停用"
