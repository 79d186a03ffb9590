"""The page of an application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guarantees.models import Application, Guarantee
from protocol.models import Message
from staff import clock
from staff.roles import Role
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")


def page(client: Client, case: Application) -> str:
    return client.get(f"/admin/guarantees/application/{case.pk}/change/").content.decode()


def test_it_works(desk: Callable[[Role], Client], received: Application) -> None:
    shown = page(desk(Role.UNDERWRITER), received)
    assert "SQ0001" in shown
    assert "900,000.00" in shown
    assert "道路养护工程" in shown


def test_personal_data_is_whole_for_those_who_may_see_it(desk: Callable[[Role], Client], received: Application) -> None:
    shown = page(desk(Role.UNDERWRITER), received)
    assert "11010519491231002X" in shown
    assert "13904710001" in shown


def test_personal_data_is_masked_for_the_others(desk: Callable[[Role], Client], received: Application) -> None:
    shown = page(desk(Role.CASHIER), received)
    for secret in ("11010519491231002X", "440524188001010014", "13904710001", "张建国", "刘芳"):
        assert secret not in shown
    assert "139******01" in shown
    assert "Personal data is masked" in shown


@pytest.mark.parametrize(
    ("role", "state", "offered"),
    [
        (
            Role.UNDERWRITER,
            "received",
            {"approve", "ask_for_documents", "propose_correction", "reject", "make_link"},
        ),
        (Role.CASHIER, "received", {"make_link"}),
        (Role.CASHIER, "approved", {"payment_notice", "record_payment", "make_link"}),
        (Role.UNDERWRITER, "approved", {"payment_notice", "waive_premium", "take_on_account", "make_link"}),
        (Role.MANAGER, "approved", {"waive_premium", "take_on_account", "give_up"}),
        (Role.ISSUER, "paid", {"issue", "give_up"}),
        (Role.AUDITOR, "paid", set()),
    ],
)
def test_it_offers_just_the_decisions_that_this_person_may_take_now(
    desk: Callable[[Role], Client], request: pytest.FixtureRequest, role: Role, state: str, offered: set[str]
) -> None:
    case = request.getfixturevalue(state)
    response = desk(role).get(f"/admin/guarantees/application/{case.pk}/change/")
    assert {decision["url"].split("/")[-2] for decision in response.context["decisions"]} == offered


def test_flags_stand_on_top(desk: Callable[[Role], Client], receive: Callable[..., Application]) -> None:
    case = receive(advanceAmount="5000000.00")
    assert "larger than the award amount" in page(desk(Role.UNDERWRITER), case)


def test_a_failed_issue_stands_on_top(desk: Callable[[Role], Client], paid: Application) -> None:
    paid.last_issue_error = "The disk is full."
    paid.save()
    assert "The disk is full." in page(desk(Role.ISSUER), paid)


def test_the_timeline_tells_decisions_messages_and_deliveries(
    desk: Callable[[Role], Client], approved: Application, platform: Platform
) -> None:
    Message.objects.create(
        connection=platform.connection,
        direction="in",
        at=clock.now(),
        transcode="PREP101",
        order_number="SQ0001",
        code="000",
    )
    response = desk(Role.UNDERWRITER).get(f"/admin/guarantees/application/{approved.pk}/change/")
    titles = [str(event.title) for event in response.context["events"]]
    assert {"Approved", "Application received", "Received: PREP101 application for a guarantee"} <= set(titles)
    assert any(event.badge and event.badge.text == "waiting" for event in response.context["events"])


def test_the_history_of_a_case_is_its_timeline(desk: Callable[[Role], Client], received: Application) -> None:
    answer = desk(Role.UNDERWRITER).get(f"/admin/guarantees/application/{received.pk}/history/")
    assert answer.headers["Location"].endswith("#timeline")


def test_the_letter_is_shown_and_offered(desk: Callable[[Role], Client], letter: Guarantee) -> None:
    shown = page(desk(Role.UNDERWRITER), letter.application)
    assert f'src="/admin/guarantees/guarantee/{letter.pk}/letter/' in shown
    assert "?download=1" in shown


def test_what_the_platform_wrote_is_escaped(
    desk: Callable[[Role], Client], receive: Callable[..., Application]
) -> None:
    case = receive(supplier="<script>alert(1)</script>")
    client = desk(Role.UNDERWRITER)
    assert "<script>alert" not in page(client, case)
    assert "<script>alert" not in client.get("/admin/guarantees/application/").content.decode()


def test_an_unknown_case_is_not_found(desk: Callable[[Role], Client]) -> None:
    assert desk(Role.UNDERWRITER).get("/admin/guarantees/application/999/change/").status_code == 404


def test_its_queries_are_bounded(
    desk: Callable[[Role], Client], letter: Guarantee, django_assert_max_num_queries: Any
) -> None:
    client = desk(Role.UNDERWRITER)
    with django_assert_max_num_queries(38):
        page(client, letter.application)


@pytest.mark.parametrize(
    ("role", "told"),
    [(Role.CASHIER, "It is the turn of: Issuer"), (Role.ISSUER, ""), (Role.AUDITOR, "It is the turn of: Issuer")],
)
def test_it_says_whose_turn_it_is_unless_it_is_this_persons(
    desk: Callable[[Role], Client], paid: Application, role: Role, told: str
) -> None:
    shown = page(desk(role), paid)
    assert told in shown
    assert ("It is the turn of" in shown) == bool(told)
    assert ("button-primary" in shown) == (not told)  # what can be done besides does not look like the next step
