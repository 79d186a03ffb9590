"""The lists: search, filters, and as many queries for a hundred rows as for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guarantees.models import Application, Guarantee
from protocol.models import Connection, Message, Notification
from staff.roles import Role

APPLICATIONS = "/admin/guarantees/application/"


def found(client: Client, query: str, page: str = APPLICATIONS) -> list[str]:
    return [str(case) for case in client.get(f"{page}?{query}").context["cl"].result_list]


@pytest.fixture
def two(receive: Callable[..., Application]) -> tuple[Application, Application]:
    other = receive(
        "SQ0002",
        applicant_name="草原信息有限公司",
        applicant_code="91150105MA0Q0YXP2A",
        agent_phone="13900000002",
        agent_id_number="15010519900101003X",
        legal_id_number="15010519900101004X",
        project_code="OTHER-1",
        project_name="云平台",
        advance_amount="100.00",
        received_at=datetime(2026, 1, 31, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    )
    return receive(), other


@pytest.mark.parametrize(
    "term",
    [
        "SQ0001",
        "青城",
        "91150100MA0N2T4X50",
        "NMGZC-2026-0001",
        "道路养护",
        "13904710001",
        "139 0471 0001",
        "11010519491231002x",
        "440524188001010014",
        "青城 道路",
    ],
)
def test_an_application_is_found_by_what_the_telephone_may_give(
    desk: Callable[[Role], Client], two: tuple[Application, Application], term: str
) -> None:
    assert found(desk(Role.CASHIER), f"q={term}") == ["SQ0001"]


def test_a_part_of_a_telephone_number_finds_nothing(
    desk: Callable[[Role], Client], two: tuple[Application, Application]
) -> None:
    assert found(desk(Role.CASHIER), "q=1390471000") == []


def test_an_application_is_found_by_its_guarantee(desk: Callable[[Role], Client], letter: Guarantee) -> None:
    assert found(desk(Role.CASHIER), f"q={letter.number}") == ["SQ0001"]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("state__exact=received", ["SQ0001", "SQ0002"]),
        ("state__exact=paid", []),
        ("received_at_from=2026-01-31&received_at_to=2026-01-31", ["SQ0002"]),
        ("received_at_to=2026-01-30", []),
        ("advance_amount_from=100.01", ["SQ0001"]),
        ("advance_amount_to=100", ["SQ0002"]),
        ("advance_amount_to=nonsense", ["SQ0001", "SQ0002"]),
        ("received_at_from=2026-02-30", ["SQ0001", "SQ0002"]),
    ],
)
def test_filters(
    desk: Callable[[Role], Client], two: tuple[Application, Application], query: str, numbers: list[str]
) -> None:
    assert sorted(found(desk(Role.UNDERWRITER), query)) == numbers


def test_a_home_number_opens_the_list_that_it_counts(
    desk: Callable[[Role], Client], two: tuple[Application, Application]
) -> None:
    client = desk(Role.MANAGER)
    home = client.get("/admin/").context
    assert {"new applications": 2}.items() <= {str(tile["label"]): tile["number"] for tile in home["others"]}.items()
    for tile in [*home["mine"], *home["others"]]:
        assert client.get(tile["url"]).context["cl"].result_count == tile["number"], tile["label"]


@pytest.mark.parametrize(
    ("role", "mine"),
    [
        (
            Role.UNDERWRITER,
            ["new applications", "letters to correct", "cancellations to decide", "withdrawals to decide"],
        ),
        (Role.CASHIER, ["premium awaited", "refunds due"]),
        (Role.CLAIMS_HANDLER, ["demands waiting", "demands in hand", "open alerts"]),
        (Role.ISSUER, ["ready to issue"]),
        (Role.AUDITOR, ["account requests to confirm"]),
    ],
)
def test_home_shows_each_role_its_own_work(desk: Callable[[Role], Client], role: Role, mine: list[str]) -> None:
    assert [str(tile["label"]) for tile in desk(role).get("/admin/").context["mine"]] == mine


def test_no_list_asks_more_for_more_rows(
    desk: Callable[[Role], Client],
    letter: Guarantee,
    receive: Callable[..., Application],
    platform: Connection,
) -> None:
    pages = [
        (Role.UNDERWRITER, APPLICATIONS),
        (Role.UNDERWRITER, "/admin/guarantees/guarantee/"),
        (Role.UNDERWRITER, "/admin/guarantees/receipt/"),
        (Role.MANAGER, "/admin/protocol/notification/"),
        (Role.AUDITOR, "/admin/protocol/message/"),
        (Role.AUDITOR, "/admin/staff/auditentry/"),
        (Role.ADMINISTRATOR, "/admin/staff/user/"),
    ]
    clients = {role: desk(role) for role, _page in pages}
    message(platform)
    few = [queries(clients[role], page) for role, page in pages]
    for number in range(12):
        receive(f"MORE{number}")
        message(platform)
        notification = Notification.objects.earliest("id")
        notification.pk, notification.msgcode = None, f"{number:032x}"
        notification.save(force_insert=True)
    many = [queries(clients[role], page) for role, page in pages]
    assert many == few
    assert max(many) <= 14


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def message(platform: Connection) -> None:
    Message.objects.create(connection=platform, direction="in", at=timezone.now(), transcode="PREP101")
