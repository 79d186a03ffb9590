"""The lists: search, filters, and as many queries for a hundred rows as for one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guarantees.models import Application, Guarantee
from protocol import searching
from protocol.models import Message, Notification
from staff import clock
from staff.clock import CHINA
from staff.desk.home import COUNTERS
from staff.models import AuditEntry, User
from staff.roles import Role
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")

APPLICATIONS = "/admin/guarantees/application/"


def found(client: Client, query: str, page: str = APPLICATIONS) -> list[str]:
    return [str(case) for case in client.get(f"{page}?{query}").context["cl"].result_list]


@pytest.fixture
def two(receive: Callable[..., Application]) -> tuple[Application, Application]:
    with time_machine.travel(datetime(2026, 1, 31, 23, 30, tzinfo=CHINA), tick=False):
        other = receive(
            "SQ0002",
            supplier="草原信息有限公司",
            socialCreditCode="91150105MA0Q0YXP2A",
            contactsWay="13900000002",
            contractCerNo="15010519900101003X",
            legalIdNo="15010519900101004X",
            projectCode="OTHER-1",
            projectName="云平台",
            advanceAmount="100.00",
        )
    return receive(), other


@pytest.mark.parametrize(
    "term",
    [
        "SQ0001",
        "青城",
        "91150100MA0N2T4X5F",
        "NMGZC-2026-0001",
        "道路养护",
        "青城 道路",
        # However it is written (decisions F8).
        "sq0001",
        "ＳＱ０００１",
        "SQ-0001",
        "9115 0100 ma0n 2t4x 5f",
        "NMGZC20260001",
    ],
)
def test_an_application_is_found_by_what_the_telephone_may_give(
    desk: Callable[[Role], Client], two: tuple[Application, Application], term: str
) -> None:
    assert found(desk(Role.CASHIER), f"q={quote(term)}") == ["SQ0001"]


@pytest.mark.parametrize("term", ["(集团)", "（集团）", "〔集团〕", "青城(集团)", "青城（集团）有限公司"])
def test_a_name_is_found_with_any_kind_of_bracket(
    desk: Callable[[Role], Client], receive: Callable[..., Application], term: str
) -> None:
    receive(supplier="青城〔集团）有限公司")
    assert found(desk(Role.CASHIER), f"q={quote(term)}") == ["SQ0001"]


@pytest.mark.parametrize(
    "term",
    [
        "13904710001",
        "139 0471 0001",
        "+86 139-0471-0001",
        "１３９０４７１０００１",
        "11010519491231002x",
        "440524188001010014",
    ],
)
def test_personal_data_is_searched_by_those_who_may_see_it_and_stands_on_the_trail(
    desk: Callable[[Role], Client], two: tuple[Application, Application], term: str
) -> None:
    assert found(desk(Role.CASHIER), f"q={quote(term)}") == []
    assert not AuditEntry.objects.filter(event="personal_data.searched").exists()
    assert found(desk(Role.UNDERWRITER), f"q={quote(term)}") == ["SQ0001"]
    entry = AuditEntry.objects.get(event="personal_data.searched")
    assert entry.details == {"list": "guarantees.Application", "rows": 1}
    assert entry.actor == User.objects.get(groups__name=Role.UNDERWRITER)


def test_an_export_of_a_search_stands_on_the_trail_once(
    desk: Callable[[Role], Client], two: tuple[Application, Application]
) -> None:
    client = desk(Role.UNDERWRITER)
    User.objects.get(groups__name=Role.UNDERWRITER).user_permissions.add(
        Permission.objects.get(codename="export_lists")
    )
    b"".join(client.get(f"{APPLICATIONS}export/csv/?q=13904710001"))  # type: ignore[arg-type]
    assert AuditEntry.objects.get(event="list.exported").details["rows"] == 1
    assert AuditEntry.objects.filter(event="personal_data.searched").count() == 1


def test_a_guess_that_finds_nobody_stands_on_the_trail_too_and_an_order_number_does_not(
    desk: Callable[[Role], Client], two: tuple[Application, Application]
) -> None:
    client = desk(Role.UNDERWRITER)
    assert found(client, "q=SQ0001") == ["SQ0001"]
    assert not AuditEntry.objects.filter(event="personal_data.searched").exists()
    assert found(client, "q=13999999999") == []
    assert AuditEntry.objects.get(event="personal_data.searched").details["rows"] == 0


def test_the_help_offers_a_person_what_they_may_search(desk: Callable[[Role], Client]) -> None:
    help_text = {
        role: desk(role).get(APPLICATIONS).context["cl"].search_help_text for role in (Role.CASHIER, Role.REVIEWER)
    }
    assert "telephone" in help_text[Role.REVIEWER]
    assert "telephone" not in help_text[Role.CASHIER]


@pytest.mark.parametrize("term", ["SQ0001", "青城", "9115 0100 ma0n 2t4x 5f", "13904710001", "139-0471-0001"])
def test_rows_from_before_the_folding_are_found_until_and_after_they_are_folded(
    desk: Callable[[Role], Client], two: tuple[Application, Application], term: str
) -> None:
    key = hashlib.sha256(b"blind index\0" + settings.KEY_ENCRYPTION_KEYS[0].encode()).digest()
    former = hmac.new(key, b"+8613904710001", hashlib.sha256).hexdigest()
    Application.objects.filter(order__number="SQ0001").update(folded="", folding=0, agent_phone_index=former)
    client = desk(Role.UNDERWRITER)
    word = term if " " not in term else "91150100MA0N2T4X5F"
    assert found(client, f"q={quote(word)}") == ["SQ0001"]
    call_command("fold_texts", stdout=StringIO())
    assert found(client, f"q={quote(term)}") == ["SQ0001"]
    assert searching.rows_behind() == 0


def test_the_home_page_says_that_rows_wait_for_the_new_search(
    desk: Callable[[Role], Client], two: tuple[Application, Application]
) -> None:
    client = desk(Role.ADMINISTRATOR)
    assert "fold_texts" not in client.get("/admin/").content.decode()
    Application.objects.filter(order__number="SQ0001").update(folding=0)
    assert "1 records are not yet" in client.get("/admin/").content.decode()


@pytest.mark.parametrize("page", [APPLICATIONS, "/admin/protocol/message/"])
def test_a_whole_page_of_words_is_no_search(
    desk: Callable[[Role], Client], two: tuple[Application, Application], page: str
) -> None:
    assert found(desk(Role.UNDERWRITER), f"q={'+'.join(['SQ0001'] * 1000)}", page) == []


@pytest.mark.parametrize("page", ["abc", "0", "99999999999999999999"])
def test_the_search_for_screens_has_no_such_page(desk: Callable[[Role], Client], page: str) -> None:
    assert desk(Role.MANAGER).get(f"/admin/search/?s=x&page={page}").status_code == 404


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
            [
                "deductions to confirm",
                "new applications",
                "guarantees to correct",
                "cancellations to decide",
                "cancellations and surrenders to decide",
            ],
        ),
        (Role.CASHIER, ["premium awaited", "refunds due"]),
        (Role.CLAIMS_HANDLER, ["claims waiting", "claims in hand", "open alerts"]),
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
    platform: Platform,
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


def message(platform: Platform) -> None:
    Message.objects.create(connection=platform.connection, direction="in", at=clock.now(), transcode="PREP101")


def test_each_number_of_the_home_page_is_what_its_list_shows(
    desk: Callable[[Role], Client], letter: Guarantee, receive: Callable[..., Application]
) -> None:
    for number in ("SQ0002", "SQ0003"):
        receive(number)
    superuser = User.objects.create_superuser("all", password="all-of-it", name="All")
    client = Client()
    client.force_login(superuser)
    shown = {counter.url: counter.rows(superuser).count() for counter in COUNTERS}
    assert max(shown.values()) == 3  # what the platform is told of the letter
    for url, number in shown.items():
        assert client.get(url).context["cl"].result_count == number, url
