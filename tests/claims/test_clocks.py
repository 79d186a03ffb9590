"""A demand's clock: staff are told when it turns, once each time, until somebody has dealt with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from claims import reminders
from claims.models import Demand
from guarantees.models import Guarantee
from staff import clock
from staff.models import Channel, Reminder
from staff.roles import Role
from tests.institution import again, decide, demanded
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")

#: A Thursday; five working days end on Thursday 2026-12-03.
CAME = datetime(2026, 11, 26, 16, 30, tzinfo=clock.CHINA)


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(CAME, tick=False) as traveller:
        yield traveller


@pytest.fixture
def demand(platform: Platform, letter: Guarantee, now: time_machine.Traveller) -> Demand:
    Channel.objects.create(name="mail", kind="email", active=True)
    return demanded(platform, letter)


def told_at(traveller: time_machine.Traveller, moment: datetime) -> list[str]:
    """What has been told by then; the clock's work runs twice, as it may."""
    traveller.move_to(moment)
    reminders.watch_clocks()
    reminders.watch_clocks()
    return list(Reminder.objects.order_by("pk").values_list("kind", flat=True))


def test_each_turn_is_told_once_and_to_whom_it_concerns(demand: Demand, now: time_machine.Traveller) -> None:
    turns = [moment.astimezone(clock.CHINA) for _kind, moment in reminders.turns(demand)]
    # Half an hour before the break of midday counts to the next morning: 16:30 + 1 h, and 08:30 + 1 h.
    assert turns[0] == datetime(2026, 11, 27, 9, 30, tzinfo=clock.CHINA)
    assert turns[2] == datetime(2026, 12, 2, 23, 59, 59, tzinfo=clock.CHINA)
    assert told_at(now, turns[0] - timedelta(seconds=1)) == ["demand.new"]
    assert told_at(now, turns[0]) == ["demand.new", "demand.not_taken_up"]
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    assert told_at(now, turns[1])[2:] == ["demand.amber"]
    assert told_at(now, turns[2])[3:] == ["demand.red"]
    assert {one.role for one in Reminder.objects.filter(kind__in=["demand.amber", "demand.red"])} == {"manager"}
    assert all(one.deadline == datetime(2026, 12, 3, 23, 59, 59, tzinfo=clock.CHINA) for one in Reminder.objects.all())


def test_what_was_acknowledged_or_decided_is_not_told_again(demand: Demand, now: time_machine.Traveller) -> None:
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    turns = [moment for _kind, moment in reminders.turns(demand)]
    assert told_at(now, turns[1]) == ["demand.new", "demand.amber"]
    decide("acknowledge", Reminder.objects.get(kind="demand.amber"), Role.MANAGER)
    assert told_at(now, turns[1] + timedelta(hours=1)) == ["demand.new", "demand.amber"]
    decide("refuse", again(demand), Role.CLAIMS_HANDLER, reason="单据不符")
    assert told_at(now, turns[2]) == ["demand.new", "demand.amber"]
