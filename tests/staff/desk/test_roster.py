"""The duty roster: a month as a list, and several days entered at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from staff.clock import CHINA
from staff.models import AuditEntry, RosterEntry, User
from staff.reminders import roster
from staff.roles import Role
from tests.institution import person

PAGE = "/admin/roster/"


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 27, 9, tzinfo=CHINA)):
        yield


def given(*people: User, **changed: Any) -> dict[str, Any]:
    places = {f"place{number}": person.pk for number, person in enumerate(people, start=1)}
    return {"first": "2026-12-01", "last": "2026-12-31", "days": "worked", **places, **changed}


def test_several_days_are_entered_at_once_and_stand_in_their_month(desk: Callable[[Role], Client]) -> None:
    client, first, second = desk(Role.MANAGER), person(Role.CLAIMS_HANDLER), person(Role.CASHIER)
    told = client.post(PAGE, given(first, second), follow=True)
    assert "Entered: 23 days." in told.content.decode()
    assert told.context["month"] == "2026-12"
    lines = {line["day"]: line["people"] for line in told.context["lines"]}
    assert lines["2026-12-04"] == [str(first), str(second), ""]
    assert lines["2026-12-05"] == ["", "", ""]  # a Saturday
    assert roster.on_duty(date(2026, 12, 4)) == [first, second]
    # Others take their place on some days, and nobody on others.
    client.post(PAGE, given(second, first="2026-12-04", last="2026-12-06", days="all"))
    client.post(PAGE, given(first="2026-12-07", last="2026-12-07", days="all"))
    assert [roster.on_duty(date(2026, 12, day)) for day in (4, 5, 7, 8)] == [[second], [second], [], [first, second]]
    entry = AuditEntry.objects.filter(event="roster.entered").order_by("number").first()
    assert entry.details["on_duty"] == [str(first), str(second)]


def test_who_has_left_is_not_told(db: None) -> None:
    gone, here = person(Role.CLAIMS_HANDLER), person(Role.CASHIER)
    roster.enter(person(Role.MANAGER), date(2026, 12, 4), date(2026, 12, 4), [gone, here])
    gone.is_active = False
    gone.save()
    assert roster.on_duty(date(2026, 12, 4)) == [here]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"last": "2026-11-30"}, "The last day is before the first."),
        ({"first": "2026-11-26"}, "a day that is over stays as it was"),
        ({"last": "2028-12-31"}, "At most 366 days"),
        ({"first": "no day"}, "Enter a valid date."),
        ({"place1": "", "place2": "1"}, "Leave no place free"),
        ({"place2": "same"}, "stands there twice"),
        ({"place1": "999999"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_entered_is_told_and_nothing_is_lost(
    desk: Callable[[Role], Client], changed: dict[str, str], said: str
) -> None:
    handler = person(Role.CLAIMS_HANDLER)
    named = {name: str(handler.pk) if value in ("same", "1") else value for name, value in changed.items()}
    answer = desk(Role.MANAGER).post(PAGE, given(handler, **named))
    assert said in answer.content.decode()
    assert not RosterEntry.objects.exists()


def test_everybody_on_the_list_sees_it_and_managers_enter_it(desk: Callable[[Role], Client]) -> None:
    client = desk(Role.CASHIER)
    assert client.get(f"{PAGE}?month=2026-12").context["form"] is None
    assert client.get(f"{PAGE}?month=nonsense").status_code == 200
    client.post(PAGE, given(person(Role.CASHIER)))
    assert not RosterEntry.objects.exists()
    # An auditor decides nothing, and is on no list.
    assert person(Role.AUDITOR) not in roster.eligible()
