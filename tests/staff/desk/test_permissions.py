"""Who sees which page: the matrix of roles and pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from config.rooms import grants
from guarantees.models import Guarantee
from staff.roles import Role

LISTS = {
    "guarantees/application": "guarantees.view_application",
    "guarantees/guarantee": "guarantees.view_guarantee",
    "guarantees/issuedpaper": "guarantees.view_issuedpaper",
    "guarantees/guaranteenumber": "guarantees.view_guaranteenumber",
    "guarantees/receipt": "guarantees.view_receipt",
    "guarantees/uploadedwording": "guarantees.view_uploadedwording",
    "protocol/notification": "protocol.view_notification",
    "protocol/message": "protocol.view_message",
    "protocol/refusaltally": "protocol.view_refusaltally",
    "protocol/connection": "protocol.view_connection",
    "staff/user": "staff.view_user",
    "staff/auditentry": "staff.view_auditentry",
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_just_the_lists_that_it_is_granted(desk: Callable[[Role], Client], role: Role) -> None:
    client = desk(role)
    seen = {page for page in LISTS if client.get(f"/admin/{page}/").status_code == 200}
    assert seen == {page for page, permission in LISTS.items() if permission in grants()[role]}


@pytest.mark.parametrize("role", list(Role))
def test_the_sidebar_leads_only_where_the_role_may_go(desk: Callable[[Role], Client], role: Role) -> None:
    home = desk(role).get("/admin/").content.decode()
    assert {page for page in LISTS if f'href="/admin/{page}/"' in home} == {
        page for page, permission in LISTS.items() if permission in grants()[role]
    }


@pytest.mark.parametrize("role", list(Role))
def test_nobody_adds_changes_or_deletes_a_case(desk: Callable[[Role], Client], role: Role, letter: Guarantee) -> None:
    client = desk(role)
    for page in (
        "guarantees/application",
        "guarantees/guarantee",
        "guarantees/issuedpaper",
        "guarantees/receipt",
        "staff/auditentry",
    ):
        assert client.post(f"/admin/{page}/add/", {}).status_code == 403
        assert client.post(f"/admin/{page}/1/delete/", {"post": "yes"}).status_code in (403, 404)
    before = list(type(letter).objects.values())
    client.post(f"/admin/guarantees/guarantee/{letter.pk}/change/", {"amount": "1"})
    assert list(type(letter).objects.values()) == before


def test_a_stranger_is_led_to_the_sign_in_page(client: Client, letter: Guarantee) -> None:
    for page in ("", *LISTS, f"guarantees/guarantee/{letter.pk}/letter"):
        assert client.get(f"/admin/{page}/".replace("//", "/")).headers["Location"].startswith("/admin/login/")


def test_the_account_without_a_role_sees_an_empty_desk(client: Client, django_user_model: type) -> None:
    client.force_login(django_user_model.objects.create_user("new", password="x"))  # type: ignore[attr-defined]
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/guarantees/application/").status_code == 403
