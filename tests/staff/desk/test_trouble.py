"""What people, and the log, are told where a page is refused or fails."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import translation

from staff.desk import site
from staff.roles import Role
from tests.institution import person

pytestmark = pytest.mark.django_db

ACCOUNTS = "/admin/staff/accountrequest/"


def logged(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_refusal_is_one_line_with_person_and_address(
    desk: Callable[[Role], Client], caplog: pytest.LogCaptureFixture
) -> None:
    answer = desk(Role.CASHIER).get(f"{ACCOUNTS}?q=secret", REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 403
    assert "You may not see this page" in answer.content.decode()
    (record,) = logged(caplog)
    assert record.getMessage() == f"Refused: GET {ACCOUNTS} by 'cashier' from 192.0.2.7"
    assert not record.exc_info


def test_a_form_without_its_proof_is_told_in_the_desks_words(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.CASHIER))
    answer = client.post("/admin/logout/")
    assert answer.status_code == 403
    assert "请重新打开该页面" in answer.content.decode()
    (record,) = logged(caplog)
    assert record.getMessage().startswith("Refused: POST /admin/logout/ by 'cashier' from 127.0.0.1: CSRF cookie")


@pytest.mark.parametrize(("language", "words"), [("en", "as incident {}."), ("zh-hans", "事件编号{}")])
def test_a_failure_has_a_number_on_the_page_and_in_the_log(
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: str,
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(site, "home", broken)
    client = Client(raise_request_exception=False)
    client.force_login(person(Role.CASHIER))
    client.cookies["django_language"] = language
    answer = client.get("/admin/")
    (record,) = logged(caplog)
    incident = re.match(r"Incident ([0-9A-F]{8}): GET /admin/ by 'cashier' from 127.0.0.1$", record.getMessage())
    assert incident
    assert record.exc_info
    assert answer.status_code == 500
    assert words.format(incident[1]) in " ".join(answer.content.decode().split())


def test_a_failure_is_told_where_not_even_the_person_can_be_asked(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise DatabaseError("away")

    monkeypatch.setattr("django.contrib.auth.middleware.get_user", away)
    answer = Client(raise_request_exception=False).get("/admin/")
    assert answer.status_code == 500
    (record,) = logged(caplog)
    assert record.getMessage().endswith("GET /admin/ by somebody unknown from 127.0.0.1")


@pytest.mark.parametrize(
    "address", ["/admin/guarantees/application/export/csv/?foo=1", "/admin/login/?next=%00", "/verify/%00/"]
)
def test_what_cannot_be_read_is_told_in_the_desks_words(address: str) -> None:
    client = Client()
    client.force_login(person(Role.MANAGER))
    with translation.override("zh-hans"):  # an address that is no text is refused before the person's language is known
        answer = client.get(address)
    assert answer.status_code == 400
    assert "无法识别" in answer.content.decode()
