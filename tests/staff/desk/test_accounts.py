"""Accounts: asked for by an administrator, confirmed by another person, their secret known to the owner alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from guarantees.models import Application
from staff import clock
from staff.checks import administrators_do_nothing_else
from staff.models import AccountRequest, AuditEntry, User
from staff.roles import Role
from tests.institution import person

NEW = {"username": "li", "name": "Li", "email": "li@example.com", "roles": ["cashier"], "reason": "new colleague"}
PASSWORD = "long-enough-77"
Desk = Callable[[Role], Client]
Person = Callable[[Role], User]


def ask_new(desk: Desk, **changed: Any) -> Any:
    desk(Role.ADMINISTRATOR).post("/admin/staff/accountrequest/add/", {**NEW, **changed})
    return AccountRequest.objects.order_by("id").last()


def ask(desk: Desk, account: User, decision: str, **given: Any) -> Any:
    page = f"/admin/staff/user/{account.pk}/decide/{decision}/"
    desk(Role.ADMINISTRATOR).post(page, {"reason": "because", **given})
    return AccountRequest.objects.order_by("id").last()


def decide(desk: Desk, request: AccountRequest, role: Role = Role.MANAGER, name: str = "confirm", **given: Any) -> str:
    """The page that follows."""
    page = f"/admin/staff/accountrequest/{request.pk}/decide/{name}/"
    return str(desk(role).post(page, given, follow=True).content.decode())


def link_in(text: str) -> str:
    found = re.search(r"/admin/set-password/[\w-]+/", text)
    assert found
    return found.group()


def set_password(link: str, password: str = PASSWORD) -> int:
    return Client().post(link, {"new_password1": password, "new_password2": password}).status_code


def change(account: User, **changed: Any) -> dict[str, Any]:
    held = [role.value for role in account.roles]
    return {"name": account.name, "email": account.email, "roles": held, "active": "on", **changed}


def test_it_works(desk: Desk) -> None:
    request = ask_new(desk)
    assert not User.objects.filter(username="li").exists()
    shown = decide(desk, request)
    made = User.objects.get(username="li")
    assert (made.roles, made.has_usable_password()) == ([Role.CASHIER], False)
    link = link_in(shown)
    assert Client().get(link).status_code == 200
    assert set_password(link) == 302
    assert Client().login(username="li", password=PASSWORD)
    assert set_password(link, "another-one-88") == 404  # once
    assert User.objects.get(username="li").check_password(PASSWORD)
    events = ["account_request.asked", "account_request.confirmed", "account.created", "account.password_set"]
    assert list(AuditEntry.objects.order_by("id").values_list("event", flat=True)) == events
    created = AuditEntry.objects.get(event="account.created")
    assert (created.actor, created.details["asked_by"]) == (request.decided_by or created.actor, "Person administrator")
    assert created.details["link"] == "confirmer"


def test_who_asks_never_sees_the_secret(desk: Desk) -> None:
    request = ask_new(desk)
    secret = link_in(decide(desk, request)).split("/")[-2]
    client = desk(Role.ADMINISTRATOR)
    for page in (f"staff/accountrequest/{request.pk}/change/", "staff/user/", "staff/accountrequest/", ""):
        assert secret not in client.get(f"/admin/{page}").content.decode()
    kept = str(list(AccountRequest.objects.values())) + str(list(AuditEntry.objects.values()))
    assert secret not in kept


def test_where_mail_is_set_up_only_the_owner_gets_the_link(desk: Desk, settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True
    shown = decide(desk, ask_new(desk))
    assert "/admin/set-password/" not in shown
    assert mail.outbox[0].to == ["li@example.com"]
    assert set_password(link_in(str(mail.outbox[0].body))) == 302
    assert AuditEntry.objects.get(event="account.created").details["link"] == "mail"


def test_a_link_lives_a_day(desk: Desk) -> None:
    link = link_in(decide(desk, ask_new(desk)))
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1)):
        assert Client().get(link).status_code == 404
        assert set_password(link) == 404
    assert not User.objects.get(username="li").has_usable_password()


def test_a_newer_link_ends_the_older_and_a_closed_account_has_none(desk: Desk) -> None:
    older = link_in(decide(desk, ask_new(desk)))
    account = User.objects.get(username="li")
    newer = link_in(decide(desk, ask(desk, account, "reset")))
    assert set_password(older) == 404
    ask(desk, account, "close", sure="on")
    assert set_password(newer) == 404
    decide(desk, ask(desk, account, "change", **change(account)))
    assert User.objects.get(username="li").is_active
    assert set_password(newer) == 404


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123"])
def test_a_weak_password_is_refused_and_the_link_stays(desk: Desk, password: str) -> None:
    link = link_in(decide(desk, ask_new(desk)))
    assert set_password(link, password) == 200
    assert set_password(link) == 302


def test_a_reset_changes_nothing_before_it_is_confirmed(desk: Desk) -> None:
    auditor = person(Role.AUDITOR)
    request = ask(desk, auditor, "reset")
    assert User.objects.get(pk=auditor.pk).password == auditor.password
    link = link_in(decide(desk, request))
    assert not User.objects.get(pk=auditor.pk).has_usable_password()
    assert set_password(link) == 302


def test_other_roles_are_confirmed_with_before_and_after(desk: Desk) -> None:
    cashier = person(Role.CASHIER)
    request = ask(desk, cashier, "change", **change(cashier, roles=["issuer"]))
    assert User.objects.get(pk=cashier.pk).roles == [Role.CASHIER]
    page = desk(Role.AUDITOR).get(f"/admin/staff/accountrequest/{request.pk}/change/").content.decode()
    assert "<del>Cashier</del> → <strong>Issuer</strong>" in page
    decide(desk, request, Role.AUDITOR)
    assert User.objects.get(pk=cashier.pk).roles == [Role.ISSUER]
    details = AuditEntry.objects.get(event="account.changed").details
    assert (details["changed"], details["roles_before"], details["roles"]) == (["roles"], ["cashier"], ["issuer"])


def test_an_account_is_closed_at_once_and_opened_by_two(desk: Desk) -> None:
    cashier = person(Role.CASHIER)
    client = desk(Role.CASHIER)
    ask(desk, cashier, "close", sure="on")
    assert not User.objects.get(pk=cashier.pk).is_active
    assert client.get("/admin/").status_code == 302  # signed out
    decide(desk, ask(desk, cashier, "change", **change(cashier)))
    assert User.objects.get(pk=cashier.pk).is_active


def test_what_is_returned_or_withdrawn_changes_nothing(desk: Desk) -> None:
    decide(desk, ask_new(desk), name="return", reason="unknown person", sure="on")
    decide(desk, ask_new(desk), Role.ADMINISTRATOR, "withdraw", sure="on")
    assert [one.state for one in AccountRequest.objects.order_by("id")] == ["returned", "withdrawn"]
    assert not User.objects.filter(username="li").exists()


def test_one_that_was_overtaken_is_asked_for_anew(desk: Desk) -> None:
    cashier = person(Role.CASHIER)
    request = ask(desk, cashier, "change", **change(cashier, roles=["cashier", "issuer"]))
    ask(desk, cashier, "close", sure="on")
    assert "was changed since this was asked for" in decide(desk, request)
    assert User.objects.get(pk=cashier.pk).roles == [Role.CASHIER]


def test_one_request_at_a_time(desk: Desk) -> None:
    cashier = person(Role.CASHIER)
    ask(desk, cashier, "reset")
    ask(desk, cashier, "change", **change(cashier, roles=["issuer"]))
    assert AccountRequest.objects.count() == 1
    ask_new(desk)
    ask_new(desk, username="LI")
    assert AccountRequest.objects.count() == 2


# --- Every road by which an administrator might become somebody else --------------------------------------------------
def test_nobody_confirms_what_they_asked_for(desk: Desk) -> None:
    mixed = person(Role.ADMINISTRATOR)
    mixed.groups.add(Group.objects.get(name="manager"))  # from a time that allowed it
    request = ask_new(desk)
    assert "another person must decide" in decide(desk, request, Role.ADMINISTRATOR)
    assert AccountRequest.objects.get().state == "asked"


def test_nobody_confirms_their_own_account(desk: Desk) -> None:
    manager = person(Role.MANAGER)
    request = ask(desk, manager, "change", **change(manager, roles=["manager", "underwriter"]))
    assert "your own account" in decide(desk, request)
    decide(desk, request, Role.AUDITOR)
    assert len(User.objects.get(pk=manager.pk).roles) == 2


def test_an_administrator_cannot_confirm(desk: Desk) -> None:
    request = ask_new(desk)
    page = f"/admin/staff/accountrequest/{request.pk}/decide/confirm/"
    assert desk(Role.ADMINISTRATOR).post(page).status_code == 403


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_no_other_role_asks(desk: Desk, role: Role) -> None:
    client, cashier = desk(role), person(Role.CASHIER)
    assert client.post("/admin/staff/accountrequest/add/", NEW).status_code == 403
    assert client.post(f"/admin/staff/user/{cashier.pk}/decide/reset/", {"reason": "x"}).status_code == 403
    assert not AccountRequest.objects.exists()


@pytest.mark.parametrize("address", ["password/", "change/", "delete/"])
def test_the_roads_of_djangos_own_admin_are_closed(desk: Desk, address: str) -> None:
    auditor, client = person(Role.AUDITOR), desk(Role.ADMINISTRATOR)
    form = {
        **dict.fromkeys(("password1", "password2", "password", "usable_password"), PASSWORD),
        "username": "auditor",
        "name": "Me",
        "is_active": "on",
        "is_superuser": "on",
        "groups": "1",
        "post": "yes",
    }
    before = User.objects.values().get(pk=auditor.pk)
    client.post(f"/admin/staff/user/{auditor.pk}/{address}", form)
    client.post("/admin/staff/user/add/", form)
    client.post(f"/admin/auth/user/{auditor.pk}/{address}", form)
    assert User.objects.values().get(pk=auditor.pk) == before
    assert User.objects.count() == 2


def test_what_is_slipped_into_a_request_is_left_out(desk: Desk) -> None:
    request = ask_new(
        desk, is_superuser="on", is_staff="on", state="confirmed", user_permissions="1", password=PASSWORD
    )
    assert request.state == "asked"
    decide(desk, request)
    made = User.objects.get(username="li")
    assert (made.is_superuser, made.has_usable_password(), made.user_permissions.count()) == (False, False, 0)


def test_the_administrators_role_goes_with_no_other(desk: Desk) -> None:
    ask_new(desk, roles=["administrator", "auditor"])
    cashier = person(Role.CASHIER)
    desk(Role.ADMINISTRATOR).post(
        f"/admin/staff/user/{cashier.pk}/decide/change/",
        {"reason": "x", **change(cashier, roles=["cashier", "administrator"])},
    )
    assert not AccountRequest.objects.exists()


def test_whoever_takes_money_keeps_no_accounts(desk: Desk) -> None:
    ask_new(desk, roles=["cashier", "accountant"])
    assert not AccountRequest.objects.exists()


def test_a_superuser_is_read_only_at_the_desk(desk: Desk) -> None:
    root = User.objects.create_superuser("root", "root@example.com", PASSWORD, name="Root")
    for decision in ("change", "reset", "close"):
        ask_page = f"/admin/staff/user/{root.pk}/decide/{decision}/"
        desk(Role.ADMINISTRATOR).post(ask_page, {"reason": "x", "sure": "on", **change(root)})
    assert not AccountRequest.objects.exists()
    assert User.objects.get(pk=root.pk).check_password(PASSWORD)
    assert "command line only" in desk(Role.AUDITOR).get(f"/admin/staff/user/{root.pk}/change/").content.decode()


def test_a_link_of_an_account_that_became_a_superusers_is_dead(desk: Desk) -> None:
    link = link_in(decide(desk, ask_new(desk)))
    User.objects.filter(username="li").update(is_superuser=True)
    assert set_password(link) == 404


# --- The command line -------------------------------------------------------------------------------------------------
def test_the_command_line_confirms_until_two_people_can(desk: Desk, capsys: Any) -> None:
    request = ask_new(desk)
    person(Role.MANAGER)
    call_command("confirm_account")
    assert f"{request.pk}  " in capsys.readouterr().out
    call_command("confirm_account", request.pk)
    assert set_password(link_in(capsys.readouterr().out)) == 302
    assert AuditEntry.objects.get(event="account_request.confirmed").actor_name.startswith("command line: ")
    second = ask_new(desk, username="wang")
    person(Role.AUDITOR)
    with pytest.raises(CommandError, match="can confirm at the desk"):
        call_command("confirm_account", second.pk)


def test_superusers_and_their_passwords_are_on_the_trail(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="root", email="r@example.com", name="Root", verbosity=0)
    monkeypatch.setattr("getpass.getpass", lambda prompt: "another-one-88")
    call_command("changepassword", "root", verbosity=0)
    assert User.objects.get(username="root").check_password("another-one-88")
    events = ["account.superuser_made", "account.password_set_by_operator"]
    assert list(AuditEntry.objects.order_by("id").values_list("event", flat=True)) == events


# --- Who is named -----------------------------------------------------------------------------------------------------
def test_accounts_that_mix_roles_keep_them_and_are_named(desk: Desk) -> None:
    assert administrators_do_nothing_else() == []
    mixed = person(Role.ADMINISTRATOR)
    mixed.groups.add(Group.objects.get(name="cashier"))
    assert "administrator（Person administrator）" in desk(Role.AUDITOR).get("/admin/").content.decode()
    assert "administrator" in administrators_do_nothing_else()[0].msg
    assert User.objects.get(pk=mixed.pk).roles == [Role.CASHIER, Role.ADMINISTRATOR]


def test_an_account_that_one_of_the_others_made_is_questioned_on_the_case(desk: Desk, approved: Application) -> None:
    page = f"/admin/guarantees/application/{approved.pk}/change/"
    assert "had a hand in the account" not in desk(Role.CASHIER).get(page).content.decode()
    now = clock.now()
    AccountRequest.objects.create(
        kind="new",
        state="confirmed",
        account=person(Role.CASHIER),
        username="cashier",
        asked_by=person(Role.UNDERWRITER),
        asked_at=now,
        decided_at=now,
    )
    for address in (page, f"/admin/guarantees/application/{approved.pk}/decide/record_payment/"):
        shown = desk(Role.CASHIER).get(address).content.decode()
        assert "Person underwriter had a hand in the account of Person cashier" in shown


def test_accounts_are_found_by_the_name_of_a_role(desk: Desk) -> None:
    person(Role.CASHIER)
    page = desk(Role.AUDITOR).get("/admin/staff/user/", {"role": "claims_handler"}).content.decode()
    assert "Claims handler" in page
    assert "Person cashier" not in page
    assert "Person cashier" in desk(Role.AUDITOR).get("/admin/staff/user/", {"role": "cashier"}).content.decode()
