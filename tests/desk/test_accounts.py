"""Accounts, as an administrator keeps them, and the audit trail, as an auditor reads it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from guarantees.models import Application
from staff.models import AuditEntry, User
from staff.roles import Role

NEW = {
    "username": "li",
    "name": "Li",
    "email": "li@example.com",
    "password1": "long-enough-77",
    "password2": "long-enough-77",
}


def group(role: Role) -> int:
    return Group.objects.get(name=role.value).pk


def test_it_works(desk: Callable[[Role], Client]) -> None:
    desk(Role.ADMINISTRATOR).post("/admin/staff/user/add/", {**NEW, "groups": [group(Role.CASHIER)]})
    made = User.objects.get(username="li")
    assert made.roles == [Role.CASHIER]
    assert made.check_password(NEW["password1"])
    assert AuditEntry.objects.get(event="account.created").details["roles"] == ["cashier"]


def test_an_account_is_closed_and_not_deleted(desk: Callable[[Role], Client], person: Callable[[Role], User]) -> None:
    client, cashier = desk(Role.ADMINISTRATOR), person(Role.CASHIER)
    assert client.post(f"/admin/staff/user/{cashier.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"/admin/staff/user/{cashier.pk}/change/", {"username": "cashier", "name": "C", "email": ""})
    assert not User.objects.get(pk=cashier.pk).is_active


def test_nobody_gives_themselves_a_role(desk: Callable[[Role], Client], person: Callable[[Role], User]) -> None:
    own = person(Role.ADMINISTRATOR)
    form = {
        "username": own.username,
        "name": "Me",
        "email": "",
        "is_active": "on",
        "groups": [group(Role.UNDERWRITER)],
    }
    desk(Role.ADMINISTRATOR).post(f"/admin/staff/user/{own.pk}/change/", form)
    changed = User.objects.get(pk=own.pk)
    assert (changed.name, changed.roles) == ("Me", [Role.ADMINISTRATOR])


def test_no_one_becomes_a_superuser_here(desk: Callable[[Role], Client], person: Callable[[Role], User]) -> None:
    cashier = person(Role.CASHIER)
    form = {"username": "cashier", "name": "C", "email": "", "is_active": "on", "is_superuser": "on"}
    desk(Role.ADMINISTRATOR).post(f"/admin/staff/user/{cashier.pk}/change/", form)
    assert not User.objects.get(pk=cashier.pk).is_superuser


def test_a_new_password_is_in_the_audit_trail(desk: Callable[[Role], Client], person: Callable[[Role], User]) -> None:
    cashier = person(Role.CASHIER)
    form = {"password1": NEW["password1"], "password2": NEW["password2"]}
    desk(Role.ADMINISTRATOR).post(f"/admin/staff/user/{cashier.pk}/password/", form)
    assert User.objects.get(pk=cashier.pk).check_password(NEW["password1"])
    assert AuditEntry.objects.get(event="account.changed").details["changed"] == ["password"]


def test_the_trail_says_whether_an_entry_was_tampered_with(
    desk: Callable[[Role], Client], received: Application
) -> None:
    entry, client = AuditEntry.objects.get(event="application.received"), desk(Role.AUDITOR)
    page = f"/admin/staff/auditentry/{entry.pk}/change/"
    assert "changed after it was written" not in client.get(page).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE staff_auditentry SET reason = 'forged' WHERE id = %s", [entry.pk])
    assert "changed after it was written" in client.get(page).content.decode()


def test_the_trail_is_searched_by_event_and_chain(desk: Callable[[Role], Client], approved: Application) -> None:
    client = desk(Role.AUDITOR)
    page = client.get("/admin/staff/auditentry/", {"event": "application.approved", "q": approved.audit_chain})
    assert [entry.event for entry in page.context["cl"].result_list] == ["application.approved"]
