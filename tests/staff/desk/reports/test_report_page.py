"""The page of a report: what its address asks, what it refuses in a sentence, what it draws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django import forms
from django.test import Client

from config import rooms
from staff.clock import CHINA
from staff.desk.reports import comparing
from staff.desk.reports.filters import Filter
from staff.desk.reports.report import REPORTS, Asked, Report, Subject, Takes
from staff.desk.reports.table import Cell, Column, Row, Table
from staff.roles import Role
from tests.institution import person

PAGE = "/admin/reports/tried/"


class Tried(Report):
    """Each day of its period with a sum, ten times what the month is; it remembers what it was asked."""

    code, label, subject, place = "tried", "Tried", Subject.BUSINESS, 1
    filters = (
        Filter("colour", "Colour", lambda person: forms.ChoiceField(choices=[("", "—"), ("red", "Red")]), str.upper),
    )

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def tables(self, asked: Asked) -> Sequence[Table]:
        self.asked.append(asked)
        first = asked.span.first
        rows = [
            Row([date.fromordinal(first.toordinal() + number), Decimal(10 * first.month)], url="/admin/behind/")
            for number in range(asked.span.days_long)
        ]
        return [Table("Sums", [Column("day", Cell.DAY), Column("sum", Cell.MONEY, total=True)], rows)]


class AtDay(Tried):
    code, takes = "tried-day", Takes.DAY


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 27, 9, tzinfo=CHINA)):
        yield


@pytest.fixture
def tried(db: None) -> Iterator[Tried]:
    report = Tried()
    REPORTS.hand_over({**REPORTS.rooms, "test": [report, AtDay()]})
    yield report
    rooms.join()


@pytest.fixture
def manager(tried: Tried, desk: Callable[[Role], Client]) -> Client:
    return desk(Role.MANAGER)


def test_an_address_that_asks_nothing_asks_for_this_month(manager: Client, tried: Tried) -> None:
    page = manager.get(PAGE).content.decode()
    assert str(tried.asked[0].period) == "2026/11/1 to 2026/11/27"
    assert page.count("/admin/behind/") == 27
    assert "2,970.00" in page  # 27 days at 110
    # The address of these figures means the same tomorrow.
    assert tried.asked[0].query == "first=2026-11-01&last=2026-11-27&period=this_month"


def test_the_address_says_all_of_it(manager: Client, tried: Tried) -> None:
    asked = {"first": "2026-01-01", "last": "2026-01-20", "period": "this_year", "compare": "both", "colour": "red"}
    page = manager.get(PAGE, {**asked, "scale": "wan"})
    assert page.status_code == 200
    one = tried.asked[0]
    assert str(one.span.before()) == "2025/1/1 to 2025/1/20"
    assert one.filters == {"colour": "red"}
    tried.asked.clear()
    with time_machine.travel(datetime(2027, 3, 1, 9, tzinfo=CHINA)):
        manager.force_login(person(Role.MANAGER))
        again = manager.get(f"{PAGE}?{one.query}").content.decode()
    assert (tried.asked[0].period, tried.asked[0].query) == (one.period, one.query)
    assert "Colour：RED" in again
    assert '<td class="figure">0.02</td>' in again  # 200 in ten thousands


def test_the_totals_are_compared_with_other_periods(manager: Client, tried: Tried) -> None:
    page = manager.get(PAGE, {"first": "2026-11-01", "last": "2026-11-10", "compare": "both"}).content.decode()
    table = page[page.index("Compared</h2>") : page.index("Sums</h2>")]
    for said in ("1,100.00", "1,000.00", "+10.00 %", "2026/10/1 to 2026/10/10", "2025/11/1 to 2025/11/10", "+0.00 %"):
        assert said in table
    assert "Compared</h2>" not in manager.get(PAGE).content.decode()


def test_a_list_of_cases_is_compared_by_its_number_too_unless_it_is_too_long(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tried, "is_long", True)
    asked = {"first": "2026-02-01", "last": "2026-02-28", "compare": "before"}
    table = manager.get(PAGE, asked).content.decode().partition("Compared</h2>")[2].partition("</table>")[0]
    cells = re.findall(r'<td class="figure">(.*?)</td>', table)
    assert cells == ["28", "560.00", "31", "310.00", "-9.68 %", "+80.65 %"]
    monkeypatch.setattr(comparing, "MOST_ADDED", 30)
    assert "There are too many rows to compare them here." in manager.get(PAGE, asked).content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"first": "2026-11-02", "last": "2026-11-01"}, "The period ends before it begins."),
        ({"first": "99999-01-01", "last": "2026-11-01"}, "Enter a valid date."),
        ({"first": "0001-01-01", "last": "2026-11-01"}, "Give a year from 1990 to 2150."),
        ({"first": "9999-12-31", "last": "9999-12-31"}, "Give a year from 1990 to 2150."),
        ({"first": "<b>", "last": "tomorrow"}, "Enter a valid date."),
        ({"first": "2026-11-01"}, "Give the first and the last day."),
        ({"period": "next_week"}, "next_week is not one of the available choices"),
        ({"period": "free"}, "Give the first and the last day."),
        ({"colour": "green"}, "green is not one of the available choices"),
        ({"shape": "round"}, "This report has no filter called shape."),
        ({"scale": "dollars"}, "dollars is not one of the available choices"),
        ({"compare": "tomorrow"}, "tomorrow is not one of the available choices"),
    ],
)
def test_what_cannot_be_meant_is_told_in_a_sentence(
    manager: Client, tried: Tried, asked: dict[str, str], said: str
) -> None:
    answer = manager.get(PAGE, asked)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert 'name="first"' in answer.content.decode()
    assert tried.asked == []


@pytest.mark.parametrize("day", ["99999-01-01", "0001-01-01", "yesterday", "2026-02-30"])
def test_so_is_a_day_that_cannot_be(manager: Client, day: str) -> None:
    answer = manager.get("/admin/reports/tried-day/", {"day": day})
    assert answer.status_code == 400
    assert "report-table" not in answer.content.decode()
    assert manager.get("/admin/reports/tried-day/").status_code == 200


def test_long_tables_are_cut_and_say_so(manager: Client) -> None:
    page = manager.get(PAGE, {"first": "2026-01-01", "last": "2026-12-31"}).content.decode()
    assert page.count("/admin/behind/") == 200
    assert "The first 200 rows are shown; a file has all of them." in page
    assert "<tfoot>" not in page  # of what is not shown nobody knows the sum


@pytest.mark.parametrize(
    ("role", "status"), [(Role.MANAGER, 200), (Role.AUDITOR, 200), (Role.ACCOUNTANT, 200), (Role.UNDERWRITER, 403)]
)
def test_reports_are_for_whom_they_are(tried: Tried, desk: Callable[[Role], Client], role: Role, status: int) -> None:
    client = desk(role)
    assert client.get(PAGE).status_code == status
    assert client.get("/admin/reports/").status_code == status
    assert ("/admin/reports/" in client.get("/admin/").content.decode()) is (status == 200)


def test_a_report_may_ask_for_more(tried: Tried, desk: Callable[[Role], Client]) -> None:
    accountant = desk(Role.ACCOUNTANT)
    assert "/admin/reports/delivery/" not in accountant.get("/admin/reports/").content.decode()
    assert accountant.get("/admin/reports/delivery/").status_code == 403
    assert accountant.get("/admin/reports/no-such/").status_code == 404


def test_everything_stands_there_as_text(manager: Client, tried: Tried, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "<script>alert(1)</script>"
    made: Any = [Table(hostile, [Column(hostile)], [Row([hostile])], notes=[hostile])]
    monkeypatch.setattr(tried, "tables", lambda asked: made)
    page = manager.get(PAGE, {"colour": hostile}).content.decode() + manager.get(PAGE).content.decode()
    assert hostile not in page
    assert "&lt;script&gt;" in page
