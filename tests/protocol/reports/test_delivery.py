"""The report of the delivery, recomputed from the raw rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from protocol.models import Attempt, Notification
from protocol.models.outbox import NotificationState
from protocol.reports.delivery import Delivery, notifications, took
from staff import clock
from staff.clock import CHINA
from staff.desk.reports.period import Period
from staff.desk.reports.report import Asked
from staff.models import Unit
from staff.models.unit import HEAD_OFFICE
from staff.roles import Role
from tests.institution import applied, decide, person
from tests.platform import Platform

NOW = datetime(2026, 11, 27, 9, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def told(platform: Platform, at: datetime, state: NotificationState, seconds: int = 0, attempts: int = 1) -> Any:
    """A notification as the delivery leaves it, with the attempts that did not get through."""
    through = state == NotificationState.DELIVERED
    row = Notification.objects.create(
        connection=platform.connection,
        queue="SQ1",
        transcode="PREP102",
        plaintext="{}",
        created_at=at,
        next_attempt_at=at,
        state=state,
        attempts_made=attempts,
        delivered_at=at + timedelta(seconds=seconds) if through else None,
    )
    for number in range(1, attempts + 1):
        came_through = through and number == attempts
        what = {"code": "000"} if came_through else {"failure": "timed_out", "error": "30"}
        Attempt.objects.create(notification=row, number=number, started_at=at, duration_ms=5, **what)
    return row


@pytest.fixture
def rows(platform: Platform) -> Platform:
    """Ten that got through after 1 to 10 s, one of them at the third attempt; one refused, one waiting, one of October,
    one at the very end of November."""
    begin = datetime(2026, 11, 3, tzinfo=CHINA)
    for seconds in range(1, 11):
        told(platform, begin, NotificationState.DELIVERED, seconds, attempts=3 if seconds == 10 else 1)
    refused = told(platform, begin, NotificationState.ATTENTION, attempts=0)
    Attempt.objects.create(notification=refused, number=1, started_at=begin, code="203", message="x")
    told(platform, begin, NotificationState.WAITING, attempts=0)
    told(platform, clock.midnight(date(2026, 11, 1)) - timedelta(seconds=1), NotificationState.DELIVERED, 500)
    told(platform, clock.midnight(date(2026, 12, 1)) - timedelta(seconds=1), NotificationState.SETTLED)
    return platform


def asked(**more: Any) -> Asked:
    return Asked(person(Role.MANAGER), clock.now(), Period(date(2026, 11, 1), date(2026, 11, 30)), **more)


def test_it_says_what_the_rows_say(rows: Platform) -> None:
    by_platform, by_message, failures = Delivery().tables(asked())
    (row,) = list(by_platform.rows)
    name, number, delivered, waiting, attention, settled, through, at_first, half, most = row.values
    assert (name, number, delivered, waiting, attention, settled) == (rows.connection.name, 13, 10, 1, 1, 1)
    assert round(through, 4) == round(at_first / 9 * 10 / 13 * 10, 4)
    assert (half, most) == (5, 9)
    assert [list(row.values)[:2] for row in by_message.rows] == [["PREP102 status of the application", 13]]
    counted = {str(row.values[0]): list(row.values)[1:3] for row in failures.rows}
    assert counted == {
        "No answer came in time (… s)": [3, 2],
        "203 业务处理失败, 保函唯一标识/保函申请编号不存在": [1, 1],
    }


def test_percentiles_are_those_of_every_number_of_rows(platform: Platform) -> None:
    everything = Notification.objects.all()
    assert took(everything, 50) is None
    for number in range(1, 8):
        told(platform, NOW, NotificationState.DELIVERED, seconds=number * 10)
        times = [10 * one for one in range(1, number + 1)]
        for hundredths in (50, 90, 100):
            # The least of which so many of a hundred are at most as long.
            wanted = next(time for time in times if 100 * sum(one <= time for one in times) >= hundredths * number)
            assert took(everything, hundredths) == wanted


def test_it_is_narrowed_to_a_platform_and_to_the_persons_unit(rows: Platform) -> None:
    other = Platform("another")
    told(other, NOW, NotificationState.WAITING)
    assert notifications(asked()).count() == 14
    assert notifications(asked(filters={"platform": other.connection})).count() == 1
    head_office = Unit.objects.get(pk=HEAD_OFFICE)
    decide("add", head_office, Role.ADMINISTRATOR, code="B1", name="分公司", reason="new")
    manager = person(Role.MANAGER)
    manager.unit = Unit.objects.get(code="B1")
    manager.save()
    applied(rows, applicationId="SQ1")  # the head office's
    assert notifications(asked()).count() == 1  # what names no order of ours is nobody's


def test_its_page_opens_the_notifications_behind_each_row(rows: Platform, desk: Callable[[Role], Client]) -> None:
    manager = desk(Role.MANAGER)
    page = manager.get("/admin/reports/delivery/?period=this_month").content.decode()
    assert "13" not in page.partition("<tbody>")[0][-5:]
    key = rows.connection.pk
    query = f"?connection__id__exact={key}&amp;created_at_from=2026-11-01&amp;created_at_to=2026-11-27"
    assert query in page
    listed = manager.get(f"/admin/protocol/notification/{query.replace('&amp;', '&')}").content.decode()
    assert ">12<" in listed.replace(" ", "")


def test_without_a_row_it_draws_nothing(platform: Platform, desk: Callable[[Role], Client]) -> None:
    page = desk(Role.AUDITOR).get("/admin/reports/delivery/").content.decode()
    assert page.count("Nothing falls into this.") == 3
    assert '<svg class="graph' not in page
