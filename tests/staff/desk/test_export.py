"""Lists as files."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guarantees.models import Application
from staff.models import AuditEntry, User
from staff.roles import Role
from tests.institution import applied, approved, cancellation, decide, issued, person
from tests.platform import Platform

LIST = "/admin/guarantees/application/"


def rows(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_it_works(desk: Callable[[Role], Client], received: Application) -> None:
    (row,) = rows(desk(Role.MANAGER).get(f"{LIST}export/csv/"))
    assert row["order number"] == "SQ0001"
    assert row["advance asked for"] == "900000.00"
    assert row["state"] == "received"
    assert row["date of award"] == "2026-01-05"


def test_the_file_has_what_the_filter_shows(
    desk: Callable[[Role], Client], receive: Callable[..., Application]
) -> None:
    receive("SQ0001")
    receive("SQ0002", advanceAmount="1.00")
    found = rows(desk(Role.MANAGER).get(f"{LIST}export/csv/?advance_amount_to=100"))
    assert [row["order number"] for row in found] == ["SQ0002"]


def test_the_list_offers_it_with_its_filter(desk: Callable[[Role], Client], received: Application) -> None:
    shown = desk(Role.MANAGER).get(f"{LIST}?state__exact=received").content.decode()
    assert f"{LIST}export/xlsx/?state__exact=received" in shown


def test_it_says_who_approved_what_and_asks_no_more_for_more_rows(
    desk: Callable[[Role], Client], platform: Platform, django_assert_num_queries: Any
) -> None:
    client = desk(Role.MANAGER)
    approved(platform, applicationId="SQ0001")
    listed, exported = asked(client, LIST), asked(client, f"{LIST}export/csv/")
    approved(platform, applicationId="SQ0002")
    applied(platform, applicationId="SQ0003")
    with django_assert_num_queries(listed):
        client.get(LIST)
    with django_assert_num_queries(exported):
        found = rows(client.get(f"{LIST}export/csv/"))
    assert [(row["guaranteed amount"], row["premium"], row["approved by"]) for row in found] == [
        ("", "", ""),
        ("900000.00", "4500.00", str(person(Role.UNDERWRITER))),
        ("900000.00", "4500.00", str(person(Role.UNDERWRITER))),
    ]


def asked(client: Client, address: str) -> int:
    """How many queries the page takes, once what is cached is."""
    b"".join(client.get(address))
    with CaptureQueriesContext(connection) as queries:
        b"".join(client.get(address))
    return len(queries)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR])
def test_only_those_who_may_take_data_out_of_the_house(
    desk: Callable[[Role], Client], received: Application, role: Role
) -> None:
    assert "/export/" not in desk(role).get(LIST).content.decode()
    assert desk(role).get(f"{LIST}export/csv/").status_code == 403


def test_personal_data_is_masked_without_the_permission(desk: Callable[[Role], Client], received: Application) -> None:
    (row,) = rows(desk(Role.MANAGER).get(f"{LIST}export/csv/"))
    assert row["agent's telephone"] == "139******01"


def test_a_text_is_never_a_formula(desk: Callable[[Role], Client], receive: Callable[..., Application]) -> None:
    receive(supplier='=HYPERLINK("http://evil")', projectName="@SUM(A1)")
    (row,) = rows(desk(Role.MANAGER).get(f"{LIST}export/csv/"))
    assert row["applicant"].startswith("'=")
    assert row["project"].startswith("'@")
    book = b"".join(desk(Role.MANAGER).get(f"{LIST}export/xlsx/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "HYPERLINK" in sheet


@pytest.mark.parametrize(
    "text",
    [
        "+1",
        "-1",
        "@A1",
        "\t=1",
        " =1",
        "\u3000=1",
        "\n=1",
        "\r\n @A1",
        "＝1+1",
        "＋1",
        "－1",
        "＠A1",
        " ＝1",
        "\u00a0-1",
    ],
)
def test_no_disguise_makes_a_formula_of_a_text(
    desk: Callable[[Role], Client], receive: Callable[..., Application], text: str
) -> None:
    receive(projectName=text)
    (row,) = rows(desk(Role.MANAGER).get(f"{LIST}export/csv/"))
    assert row["project"] == f"'{text}"


@pytest.mark.parametrize("text", ["0471", "001", "150100000000", "911501001234567890", "2026E12", "12e5"])
def test_a_text_of_digits_stays_one_in_a_spreadsheet(
    desk: Callable[[Role], Client], receive: Callable[..., Application], text: str
) -> None:
    receive(projectCode=text)
    (row,) = rows(desk(Role.MANAGER).get(f"{LIST}export/csv/"))
    assert row["project code"] == f"{text}\t"
    book = b"".join(desk(Role.MANAGER).get(f"{LIST}export/xlsx/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert f">{text}</t>" in parts.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("text", ["13904710001", "2026", "0", "NMGZC-2026-0001", "0471-0000000", "道路=养护", "a\n=1"])
def test_any_other_text_is_as_it_was_given(
    desk: Callable[[Role], Client], receive: Callable[..., Application], text: str
) -> None:
    receive(projectName=text)
    (row,) = rows(desk(Role.MANAGER).get(f"{LIST}export/csv/"))
    assert row["project"] == text


def test_a_spreadsheet_is_offered_first(desk: Callable[[Role], Client], received: Application) -> None:
    shown = desk(Role.MANAGER).get(LIST).content.decode()
    assert 0 < shown.index("/export/xlsx/") < shown.index("/export/csv/")


def test_amounts_are_numbers_in_a_spreadsheet(desk: Callable[[Role], Client], received: Application) -> None:
    book = b"".join(desk(Role.MANAGER).get(f"{LIST}export/xlsx/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert "<v>900000.00</v>" in parts.read("xl/worksheets/sheet1.xml").decode()


def test_it_is_on_the_audit_trail_without_what_was_searched_for(client: Client, received: Application) -> None:
    client.force_login(User.objects.create_superuser("root"))
    b"".join(client.get(f"{LIST}export/csv/?q=13904710001").streaming_content)
    entry = AuditEntry.objects.get(event="list.exported")
    assert entry.details["rows"] == 1
    assert "13904710001" not in str(entry.details)


@pytest.mark.parametrize(
    "path",
    [
        "guarantees/application",
        "guarantees/guarantee",
        "guarantees/cancellation",
        "guarantees/withdrawal",
        "guarantees/receipt",
        "guarantees/refund",
        "claims/demand",
        "claims/payment",
        "protocol/message",
        "protocol/notification",
    ],
)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_list_can_be_exported(
    desk: Callable[[Role], Client], received: Application, path: str, form: str
) -> None:
    answer = desk(Role.MANAGER).get(f"/admin/{path}/export/{form}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    "query", ["foo=1", "state__exact=%00", "advance_amount_from=1E-9999999", "received_at_from=0001-01-01"]
)
def test_a_filter_that_is_none_is_no_failure_of_ours(
    desk: Callable[[Role], Client], received: Application, query: str
) -> None:
    client = desk(Role.MANAGER)
    assert client.get(f"{LIST}?{query}").status_code in (200, 302, 400)
    assert client.get(f"{LIST}export/csv/?{query}").status_code in (200, 400)


@pytest.mark.usefixtures("plain_letters")
def test_letters_tell_their_balance_premium_and_term(desk: Callable[[Role], Client], platform: Platform) -> None:
    letter = issued(platform, applicationId="SQ0001")
    decide("approve", cancellation(platform, issued(platform, applicationId="SQ0002")), Role.UNDERWRITER)
    found = {row["order number"]: row for row in rows(desk(Role.ISSUER).get("/admin/guarantees/guarantee/export/csv/"))}
    assert found["SQ0001"]["balance"] == str(letter.remaining)
    assert found["SQ0002"]["balance"] == "0.00"
    assert found["SQ0001"]["premium"] == str(letter.application.premium)
    assert found["SQ0001"]["guarantee term in months"] == str(letter.application.guarantee_months)
