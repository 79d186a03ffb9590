"""Whoever signs letters, or answers for it, sees how the signing certificate stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from guarantees.issuing import institution as house
from guarantees.models import Application
from protocol.delivery.heartbeat import beat
from protocol.models import Part
from staff import clock
from staff.roles import Role
from tests.institution import parameter

pytestmark = pytest.mark.usefixtures("institution")
TOLD = {Role.ISSUER, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR}


def home(client: Client) -> Any:
    """The page where all else is well."""
    for part in Part:
        beat(part, clock.now())
    return client.get("/admin/").context


def page(client: Client, case: Application) -> str:
    return client.get(f"/admin/guarantees/application/{case.pk}/change/").content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_it_is_shown_to_those_whom_it_concerns(desk: Callable[[Role], Client], role: Role) -> None:
    shown = desk(role).get("/admin/").content.decode()
    certificate = house.credentials().particulars
    assert (certificate.owner in shown) == (role in TOLD)
    assert (clock.day(certificate.not_after).isoformat() in shown) == (role in TOLD)


def test_all_is_well_in_a_quiet_line(desk: Callable[[Role], Client]) -> None:
    with time_machine.travel(house.credentials().not_after - timedelta(days=61)):
        shown = home(desk(Role.ISSUER))
    assert shown["flags"] == []
    assert ["for 61 more days" in remark for remark in shown["remarks"]] == [True]


def test_its_last_sixty_days_are_a_warning(desk: Callable[[Role], Client]) -> None:
    with time_machine.travel(house.credentials().not_after - timedelta(days=60)):
        shown = home(desk(Role.ISSUER))
    assert [(flag.tone, "ends in 60 days" in flag.text) for flag in shown["flags"]] == [("warning", True)]
    assert shown["remarks"] == []


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [("SIGNING_CERTIFICATE", "/nowhere.p12", "cannot be read"), ("TRUST_ANCHORS", [], "do not vouch")],
)
def test_one_that_cannot_sign_is_trouble(
    desk: Callable[[Role], Client], settings: Any, setting: str, value: Any, message: str
) -> None:
    setattr(settings, setting, value)
    shown = home(desk(Role.ISSUER))
    assert [(flag.tone, message in flag.text) for flag in shown["flags"]] == [("bad", True)]


def test_an_expired_one_is_trouble(desk: Callable[[Role], Client]) -> None:
    with time_machine.travel(house.credentials().not_after + timedelta(days=1)):
        shown = home(desk(Role.ISSUER))
    assert [(flag.tone, "expired at" in flag.text) for flag in shown["flags"]] == [("bad", True)]


def test_the_issuer_is_warned_where_a_letter_is_to_be_issued(
    desk: Callable[[Role], Client], paid: Application, settings: Any
) -> None:
    assert "signing certificate" not in page(desk(Role.ISSUER), paid)
    parameter("telling.certificate_days", 1000)
    assert "signing certificate of" in page(desk(Role.ISSUER), paid)
    assert "signing certificate of" not in page(desk(Role.CASHIER), paid)
    settings.SIGNING_CERTIFICATE = "/nowhere.p12"
    assert "The signing certificate cannot be read" in page(desk(Role.ISSUER), paid)


def test_before_there_is_a_letter_to_issue_its_page_says_nothing(
    desk: Callable[[Role], Client], approved: Application
) -> None:
    parameter("telling.certificate_days", 1000)
    assert "signing certificate" not in page(desk(Role.ISSUER), approved)
