"""A page of the desk that is no list: an entry of the sidebar brings its view along."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.contrib import admin
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from config import rooms, urls
from staff.desk.navigation import SCREENS, Group, Screen
from staff.roles import Role
from tests.institution import signed_in

pytestmark = pytest.mark.django_db


def premiums(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Premiums by month")


PAGE = Screen("Premiums", "bar_chart", "admin:premiums", "guarantees.view_receipt", Group.MONEY, 25, premiums)


@pytest.fixture(autouse=True)
def _offered(settings: Any) -> Iterator[None]:
    SCREENS.hand_over({**SCREENS.rooms, "scratch": [PAGE]})
    addresses = ModuleType("addresses")
    addresses.__dict__.update(vars(urls), urlpatterns=[path("admin/", admin.site.urls), *urls.urlpatterns])
    settings.ROOT_URLCONF = addresses
    yield
    rooms.join()


def test_it_is_served_and_stands_in_the_sidebar() -> None:
    assert not [message for message in run_checks() if message.is_serious()]
    assert reverse("admin:premiums") == "/admin/premiums/"
    client = signed_in(Role.CASHIER)
    assert client.get("/admin/premiums/").content == b"Premiums by month"
    assert 'href="/admin/premiums/"' in client.get("/admin/").content.decode()


def test_whoever_lacks_the_permission_neither_sees_nor_opens_it() -> None:
    client = signed_in(Role.ADMINISTRATOR)
    assert client.get("/admin/premiums/").status_code == 403
    assert "/admin/premiums/" not in client.get("/admin/").content.decode()


def test_a_stranger_is_asked_to_sign_in() -> None:
    assert Client().get("/admin/premiums/").status_code == 302
