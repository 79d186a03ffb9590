"""What is not set yet is said on the home page of whoever sets it, with the way there; one queue has all that waits."""

from __future__ import annotations

import pytest
from django.test import Client

from guarantees.money.account import PREMIUM_ACCOUNT
from staff.models import BusinessParameter, Channel
from staff.parameters import PARAMETERS
from staff.roles import Role
from tests.institution import decide, person, signed_in

pytestmark = pytest.mark.django_db


def home(role: Role) -> str:
    return str(signed_in(role).get("/admin/").content.decode())


def test_a_missing_account_is_said_with_its_page_to_whoever_confirms_one() -> None:
    said = "No account for premiums is set"
    assert said not in home(Role.MANAGER)
    PREMIUM_ACCOUNT.version().delete()  # type: ignore[union-attr]
    row = BusinessParameter.objects.get(code="money.premium_account")
    shown = home(Role.MANAGER)
    assert said in shown
    assert f'/admin/staff/businessparameter/{row.pk}/change/">Account to which premiums are paid' in shown
    assert said not in home(Role.CASHIER)


def test_parameters_that_nobody_confirmed_are_counted_in_one_line() -> None:
    number = len([parameter for parameter in PARAMETERS if parameter.default is not None])
    assert f"{number} business parameters stand" in home(Role.MANAGER)
    row = BusinessParameter.objects.get(code="money.small_refund")
    decide("change", row, Role.ACCOUNTANT, reason="按制度确认")
    assert f"{number - 1} business parameters stand" in home(Role.MANAGER)


def test_one_person_alone_confirms_nothing() -> None:
    assert "Nobody may confirm changes of data" in home(Role.ADMINISTRATOR)
    first, second = person(Role.MANAGER), person(Role.MANAGER, "second manager")
    assert "confirm changes of data" not in home(Role.ADMINISTRATOR)
    second.is_active = False
    second.save()
    assert "Only one person may confirm changes of data" in home(Role.MANAGER)
    assert first.is_active


def test_an_empty_roster_is_said_once_there_is_a_channel() -> None:
    assert "duty roster" not in home(Role.MANAGER).replace("Duty roster", "")
    Channel.objects.create(name="mail", kind="email", active=True)
    assert "Nobody stands on the duty roster" in home(Role.MANAGER)


def test_the_queue_of_changes_leads_to_all_else_that_waits_for_a_second_person() -> None:
    queue = "/admin/staff/changerequest/"
    client: Client = signed_in(Role.MANAGER)
    assert "account requests to confirm" not in client.get(queue).content.decode()
    signed_in(Role.ADMINISTRATOR).post(
        "/admin/staff/accountrequest/add/",
        {"username": "new", "name": "新人", "email": "n@example.com", "roles": ["issuer"], "reason": "入职"},
    )
    assert "account requests to confirm: 1" in client.get(queue).content.decode()
