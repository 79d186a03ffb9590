"""Signing in."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

from staff.desk import sign_in
from staff.roles import Role
from tests.institution import PASSWORD, person

pytestmark = pytest.mark.django_db

PAGE = "/admin/login/"


def attempt(client: Client, password: str, username: str = "underwriter", **extra: Any) -> Any:
    return client.post(PAGE, {"username": username, "password": password, "next": "/admin/"}, **extra)


def test_it_works(client: Client) -> None:
    person(Role.UNDERWRITER)
    assert attempt(client, PASSWORD).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_it_refuses_a_wrong_password_beside_the_form(client: Client) -> None:
    person(Role.UNDERWRITER)
    client.cookies["django_language"] = "en"
    assert "Name and password do not fit" in attempt(client, "wrong").content.decode()


def test_it_refuses_a_closed_account(client: Client) -> None:
    account = person(Role.UNDERWRITER)
    account.is_active = False
    account.save()
    assert attempt(client, PASSWORD).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_it_stops_guessing_even_with_the_right_password(client: Client) -> None:
    person(Role.UNDERWRITER)
    client.cookies["django_language"] = "en"
    for _failure in range(sign_in.FAILURES_OF_A_NAME.limit):
        attempt(client, "wrong")
    assert "Too many failed attempts" in attempt(client, PASSWORD).content.decode()


def test_guessing_from_one_address_does_not_lock_the_name_for_others(client: Client) -> None:
    person(Role.UNDERWRITER)
    for _failure in range(sign_in.FAILURES_OF_A_NAME.limit):
        attempt(client, "wrong", REMOTE_ADDR="192.0.2.7")
    assert attempt(client, PASSWORD).status_code == 302


def test_one_address_cannot_guess_at_many_names(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    person(Role.UNDERWRITER)
    monkeypatch.setattr(sign_in, "FAILURES_OF_AN_ADDRESS", replace(sign_in.FAILURES_OF_AN_ADDRESS, most=3))
    for number in range(3):
        attempt(client, "wrong", username=f"somebody{number}")
    assert attempt(client, PASSWORD).status_code == 200


def test_behind_a_proxy_of_ours_people_are_told_apart(client: Client, settings: Any) -> None:
    person(Role.UNDERWRITER)
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8")]
    for _failure in range(sign_in.FAILURES_OF_A_NAME.limit):
        attempt(client, "wrong", headers={"X-Forwarded-For": "10.9.9.9, 192.0.2.7"})
    assert attempt(client, PASSWORD, headers={"X-Forwarded-For": "192.0.2.7, 192.0.2.8"}).status_code == 302


def test_a_forwarded_address_counts_only_from_a_proxy_of_ours(client: Client) -> None:
    person(Role.UNDERWRITER)
    for number in range(sign_in.FAILURES_OF_A_NAME.limit):
        attempt(client, "wrong", headers={"X-Forwarded-For": f"192.0.2.{number}"})
    assert attempt(client, PASSWORD).status_code == 200


@pytest.fixture
def _behind_a_proxy(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
    settings.SECURE_HSTS_SECONDS = 3600  # as with a PUBLIC_URL of https


@pytest.mark.parametrize("protocol", ["https", "HTTPS", "http, https"])
@pytest.mark.usefixtures("db", "_behind_a_proxy")
def test_a_proxy_of_ours_says_that_it_was_asked_by_https(client: Client, protocol: str) -> None:
    answer = client.get(PAGE, headers={"X-Forwarded-Proto": protocol}, REMOTE_ADDR="10.0.0.1")
    assert answer.headers["Strict-Transport-Security"] == "max-age=3600"
    assert answer.wsgi_request.is_secure()


@pytest.mark.parametrize(
    ("sender", "protocol"), [("192.0.2.7", "https"), ("", "https"), ("10.0.0.1", "http"), ("10.0.0.1", "https, http")]
)
@pytest.mark.usefixtures("db", "_behind_a_proxy")
def test_nobody_else_says_so(client: Client, sender: str, protocol: str) -> None:
    answer = client.get(PAGE, headers={"X-Forwarded-Proto": protocol}, REMOTE_ADDR=sender)
    assert "Strict-Transport-Security" not in answer.headers
    assert not answer.wsgi_request.is_secure()


def test_signing_out_leads_to_the_sign_in_page(client: Client) -> None:
    client.force_login(person(Role.UNDERWRITER))
    assert client.post("/admin/logout/").headers["Location"] == PAGE
    assert client.get("/admin/").status_code == 302


def test_it_greets_in_chinese_whatever_the_browser_speaks(client: Client, db: None) -> None:
    page = client.get(PAGE, headers={"Accept-Language": "en-GB,en"})
    assert 'lang="zh-hans"' in page.content.decode()
    assert page.headers["Content-Language"] == "zh-hans"


def test_english_is_one_click_away_and_stays(client: Client, db: None) -> None:
    answer = client.post("/admin/language/", {"language": "en", "next": PAGE})
    assert answer.headers["Location"] == PAGE
    assert 'lang="en"' in client.get(PAGE).content.decode()


def test_demonstration_logins_are_offered_and_work(client: Client, db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True
    from config.demonstration import LOGINS

    page = client.get(PAGE).content.decode()
    assert "演示" in page
    assert all(f'value="{login.username}"' in page for login in LOGINS)


def test_no_login_is_offered_outside_the_demonstration(client: Client, db: None, settings: Any) -> None:
    settings.DEMONSTRATION = False
    page = client.get(PAGE).content.decode()
    assert "演示" not in page
    assert page.count('name="password"') == 1


def signed_in_with(client: Client, address: str) -> str:
    """Where sign-in leads whoever was sent to it with this address to return to."""
    shown = client.get(PAGE, {"next": address})
    form = shown.content.decode().partition('id="login-form"')[2]
    carried = re.search(r'name="next" value="([^"]*)"', form)
    given = {"username": "underwriter", "password": PASSWORD, "next": unescape(carried[1]) if carried else address}
    return str(client.post(PAGE, given).headers["Location"])


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/admin/",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "",
        "nowhere",
        "/nowhere",
        "/admin/nowhere/",
        "/static/../",
        "/gateway/",
        "/admin/logout/",
        "/admin/login/",
        "/admin/language/",
        "/admin/jsi18n/",
        "\0",
        "/admin/\0/",
        "http://[::1",
    ],
)
def test_an_address_that_is_no_page_of_ours_leads_home(client: Client, address: str) -> None:
    person(Role.UNDERWRITER)
    assert signed_in_with(client, address) == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("address", ["/admin/guarantees/application/?state__exact=received", "/verify/BH1/"])
def test_a_page_of_ours_is_returned_to(client: Client, address: str) -> None:
    person(Role.UNDERWRITER)
    assert signed_in_with(client, address) == address
