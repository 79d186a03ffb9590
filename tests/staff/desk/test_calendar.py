"""A year's notice: entered by one person, seen month by month, confirmed by another; then clocks run by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from staff import calendar
from staff.models import AuditEntry, CalendarDay, CalendarYear
from staff.roles import Role
from tests.institution import person
from tests.staff.test_working_time import NOTICE

pytestmark = pytest.mark.django_db

Desk = Callable[[Role], Client]
SOURCE = "国办发明电〔2026〕8号"
GIVEN = {"text": NOTICE, "source": SOURCE, "agrees": "on"}


@pytest.fixture
def year() -> CalendarYear:
    return CalendarYear.objects.get_or_create(year=2027)[0]


def page(year: CalendarYear, decision: str = "") -> str:
    return f"/admin/staff/calendaryear/{year.pk}/" + (f"decide/{decision}/" if decision else "change/")


def seen(year: CalendarYear) -> int:
    return AuditEntry.objects.filter(chain=year.audit_chain).count()


def take(client: Client, year: CalendarYear, decision: str, **given: Any) -> str:
    answer = client.post(page(year, decision), {"seen": seen(year), **given}, follow=True)
    return str(answer.content.decode())


def test_it_counts_once_another_person_confirms_it(
    desk: Desk, year: CalendarYear, django_capture_on_commit_callbacks: Any
) -> None:
    assert "2027-10-01 – 2027-10-07" in take(desk(Role.MANAGER), year, "enter", **GIVEN)
    assert calendar.is_working_day(date(2027, 10, 1))
    assert "another person must confirm it" in take(desk(Role.MANAGER), year, "confirm")
    with django_capture_on_commit_callbacks(execute=True):
        shown = take(desk(Role.AUDITOR), year, "confirm")
    assert SOURCE in shown
    assert not calendar.is_working_day(date(2027, 10, 1))
    assert calendar.is_working_day(date(2027, 10, 9))
    assert not calendar.add_working_days(date(2027, 9, 30), 3).estimated
    assert calendar.add_working_days(date(2027, 9, 30), 3).day == date(2027, 10, 11)
    assert list(AuditEntry.objects.filter(chain=year.audit_chain).values_list("event", "actor__username")) == [
        *(("calendar.confirmed", "auditor"), ("calendar.entered", "manager"))
    ]


def test_the_months_are_shown_before_anything_is_entered(desk: Desk, year: CalendarYear) -> None:
    shown = take(desk(Role.MANAGER), year, "enter", text=NOTICE, source=SOURCE)
    assert "Preview of 2027" in shown
    assert "Compare the months with the notice" in shown
    assert not CalendarDay.objects.exists()


def test_half_a_notice_changes_nothing_and_what_was_pasted_stays(desk: Desk, year: CalendarYear) -> None:
    half = NOTICE[: NOTICE.index("五、")]
    shown = take(desk(Role.MANAGER), year, "enter", **{**GIVEN, "text": half})
    assert "missing: 端午、中秋、国庆" in shown
    assert "四、劳动节" in shown
    assert not CalendarDay.objects.exists()


def test_a_confirmed_year_is_replaced_as_a_whole(
    desk: Desk, year: CalendarYear, django_capture_on_commit_callbacks: Any
) -> None:
    later = NOTICE.replace("6月9日（周三）放假，共1天。", "6月8日（周二）至9日（周三）放假，共2天。")
    for text in (NOTICE, later):
        take(desk(Role.MANAGER), year, "enter", **{**GIVEN, "text": text})
        with django_capture_on_commit_callbacks(execute=True):
            take(desk(Role.AUDITOR), year, "confirm")
    assert not calendar.is_working_day(date(2027, 6, 8))
    assert CalendarDay.objects.confirmed().count() == 34
    assert CalendarDay.objects.filter(state="replaced").count() == 33


def test_what_is_returned_never_counts(desk: Desk, year: CalendarYear) -> None:
    take(desk(Role.MANAGER), year, "enter", **GIVEN)
    take(desk(Role.AUDITOR), year, "return", reason="漏了一天")
    assert not CalendarDay.objects.waiting().exists()
    assert calendar.is_working_day(date(2027, 10, 1))


@pytest.mark.parametrize("role", [Role.UNDERWRITER, Role.AUDITOR])
def test_others_read_it_and_enter_nothing(desk: Desk, year: CalendarYear, role: Role) -> None:
    assert desk(role).get(page(year)).status_code == 200
    assert desk(role).post(page(year, "enter"), GIVEN).status_code == 403


@pytest.mark.parametrize(("day", "asked"), [("2026-10-31", None), ("2026-11-01", 2027), ("2027-03-01", 2027)])
def test_managers_are_asked_for_the_notice_from_november_on(
    desk: Desk, year: CalendarYear, day: str, asked: int | None
) -> None:
    with time_machine.travel(f"{day}T09:00+08:00"):
        shown = desk(Role.MANAGER).get("/admin/").content.decode()
    assert ("notice of the holidays of 2027" in shown) == (asked == 2027)
    assert (page(year) in shown) == (asked == 2027)


def test_the_confirmer_is_asked_once_it_is_entered(desk: Desk, year: CalendarYear) -> None:
    take(desk(Role.MANAGER), year, "enter", **GIVEN)
    with time_machine.travel("2026-11-26T09:00+08:00"):
        assert "notices of holidays to confirm" in desk(Role.AUDITOR).get("/admin/").content.decode()
        assert "is not entered" not in desk(Role.MANAGER).get("/admin/").content.decode()


def test_a_year_of_the_table_says_where_its_days_come_from(desk: Desk) -> None:
    known = CalendarYear.objects.get_or_create(year=2026)[0]
    shown = desk(Role.UNDERWRITER).get(page(known)).content.decode()
    assert "2026-10-01 – 2026-10-07" in shown
    assert "kept table (chinesecalendar)" in shown
    assert person(Role.MANAGER).has_perm("staff.manage_calendar")
