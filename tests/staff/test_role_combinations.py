"""Roles that one person holds together: what the profile forbids, and what whoever supervises sees of the rest."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from staff.account_decisions import ChangeAccountForm, ConfirmRequest, NewAccountForm
from staff.accounts import ask, particulars
from staff.decisions import NotPossible
from staff.duties import Profile
from staff.models import AccountRequestKind, User
from staff.roles import Role
from tests.institution import parameter, person, signed_in

LIST = "/admin/staff/rolecombination/"
NEW = {"username": "new", "name": "新人", "reason": "入职"}


def holding(*roles: Role, name: str = "both") -> User:
    who = person(roles[0], name)
    who.groups.add(*(person(role).groups.get() for role in roles[1:]))
    return User.objects.get(pk=who.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "small", "full"),
    [
        (["cashier", "accountant"], False, False),
        (["administrator", "manager"], False, False),
        (["underwriter", "issuer"], True, False),
        (["underwriter", "cashier"], True, False),
        (["reviewer", "issuer"], True, False),
        (["cashier", "issuer"], True, False),
        (["underwriter", "reviewer"], True, True),
        (["manager", "accountant"], True, True),
    ],
)
def test_the_profile_says_which_roles_are_given_to_one_person(roles: list[str], small: bool, full: bool) -> None:
    for profile, allowed in ((Profile.SMALL, small), (Profile.FULL, full)):
        parameter("duties.profile", profile)
        assert NewAccountForm({**NEW, "roles": roles}).is_valid() is allowed


@pytest.mark.django_db
def test_what_is_held_from_before_hinders_no_other_change_and_is_named_at_home() -> None:
    who = holding(Role.UNDERWRITER, Role.ISSUER)
    parameter("duties.profile", Profile.FULL)
    kept = {**particulars(who), "name": "改名", "reason": "更名"}
    assert ChangeAccountForm(kept, held=who.roles).is_valid()
    request = ask(AccountRequestKind.CHANGE, person(Role.ADMINISTRATOR), kept, who)
    ConfirmRequest().take(request.pk, person(Role.MANAGER))
    assert User.objects.get(pk=who.pk).name == "改名"
    assert not ChangeAccountForm({**kept, "roles": [*kept["roles"], "cashier"]}, held=who.roles).is_valid()
    assert "both（改名）" in signed_in(Role.AUDITOR).get("/admin/").content.decode()
    parameter("duties.profile", Profile.SMALL)
    assert "both（改名）" not in signed_in(Role.AUDITOR).get("/admin/").content.decode()


@pytest.mark.django_db
def test_a_request_that_the_profile_overtook_is_not_confirmed() -> None:
    who = person(Role.UNDERWRITER, "one")
    given = {**particulars(who), "roles": ["underwriter", "issuer"], "reason": "兼岗"}
    request = ask(AccountRequestKind.CHANGE, person(Role.ADMINISTRATOR), given, who)
    parameter("duties.profile", Profile.FULL)
    with pytest.raises(NotPossible, match="three people's"):
        ConfirmRequest().take(request.pk, person(Role.MANAGER))


def listed(client: Client, query: str = "") -> dict[str, list[str]]:
    """By sign-in name, what the list says of each person's duties and of what parts them."""
    response = client.get(LIST + query)
    shown, screen = response.context["cl"].result_list, response.context["cl"].model_admin
    return {one.username: [str(screen.both(one)), str(screen.badge(one).text)] for one in shown}


@pytest.mark.django_db
def test_the_auditor_sees_each_combination_in_force() -> None:
    holding(Role.UNDERWRITER, Role.ISSUER)
    holding(Role.CASHIER, Role.ISSUER, name="takes and issues")
    demands = person(Role.CLAIMS_HANDLER, "demands")
    demands.groups.add(Group.objects.get(name=Role.MANAGER))
    person(Role.ISSUER, "one alone")
    closed = holding(Role.UNDERWRITER, Role.ISSUER, name="closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    auditor = signed_in(Role.AUDITOR)
    parameter("duties.profile", Profile.SMALL)
    found = listed(auditor)
    issues, takes = "approval of the terms × issue of the letter", "taking or waiving the premium × issue of the letter"
    assert found["both"][0].split("<br>")[0] == issues
    assert found["takes and issues"] == [takes, "one person may do both on a case"]
    assert "handling a demand × release of a payment" in found["demands"][0]
    assert found["one alone"] == ["—", "nothing that is parted"]
    assert "closed" not in found
    assert {"both", "takes and issues"} <= set(listed(auditor, "?standing=allowed"))
    parameter("duties.profile", Profile.FULL)
    assert set(listed(auditor, "?standing=forbidden")) == {"both", "takes and issues"}
    assert listed(auditor, "?standing=allowed") == {}
    assert listed(auditor, "?standing=apart")["demands"][1] == "kept apart on each case"
    page = auditor.get(f"{LIST}{User.objects.get(username='both').pk}/change/").content.decode()
    assert "three people" in page
    assert "kept apart on each case" in page


@pytest.mark.django_db
def test_it_is_taken_out_as_a_file_and_shown_to_those_who_supervise_alone() -> None:
    holding(Role.UNDERWRITER, Role.ISSUER)
    file = b"".join(signed_in(Role.MANAGER).get(f"{LIST}export/csv/")).decode()  # type: ignore[arg-type]
    assert "approval of the terms × issue of the letter" in file
    for role in set(Role) - {Role.MANAGER, Role.AUDITOR}:
        assert signed_in(role).get(LIST).status_code == 403, role
