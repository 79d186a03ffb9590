"""Staff are told of what concerns them, and the next on duty where nobody takes note."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client

from guarantees.models import Guarantee
from protocol import alerts
from protocol.models import Alert
from staff import clock
from staff.decisions import NotPossible
from staff.models import AuditEntry, Channel, Reminder, ReminderSending, Unit
from staff.reminders import roster, sending, sweeping
from staff.reminders.telling import PASS_ON, tell
from staff.roles import Role
from tests.institution import again, decide, demanded, issued, open_to, parameter, person
from tests.platform import APPLICATION, Platform, demand_fields
from tests.staff.reminders.robots import Robots, says

Make = Callable[..., Channel]
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=clock.CHINA)
TODAY = NOON.date()
WAIT = timedelta(minutes=PASS_ON.default)
FIRST, SECOND = "钱一", "孙二"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_letters")]


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _outside_any_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test holds around itself; that sending refuses one is its own test."""
    monkeypatch.setattr(sending, "refuse_a_transaction", lambda: None)


@pytest.fixture
def robot(channel: Make, listening: Robots) -> Robots:
    channel("wecom", listening.address("wecom"))
    return listening


@pytest.fixture
def two_on_duty(db: None) -> None:
    people = [person(Role.CLAIMS_HANDLER, FIRST), person(Role.UNDERWRITER, SECOND)]
    roster.enter(person(Role.MANAGER), TODAY, TODAY, people)


def raised() -> Alert:
    return alerts.refused_demand(None, "ab" * 32, "103", "fields")


def later(traveller: time_machine.Traveller, wait: timedelta = WAIT) -> None:
    """So much later the clock does its work."""
    traveller.shift(wait)
    sweeping.pass_on_due()
    sending.send_due()


def test_a_demand_is_told_by_kind_number_deadline_and_link_alone(
    platform: Platform, letter: Guarantee, robot: Robots, now: time_machine.Traveller
) -> None:
    demanded(platform, letter)
    demanded(platform, letter)  # the same again is no new case
    assert sending.send_due() == 1
    reminder = Reminder.objects.get()
    assert robot.texts == [
        f"【提醒】收到索赔 {letter.number}\n期限：2026-12-03 23:59:59\n通知：代偿岗\n"
        f"请登录确认知悉：https://desk.example.com/admin/staff/reminder/{reminder.pk}/decide/acknowledge/"
    ]
    assert reminder.state == "sent"
    told = robot.texts[0]
    for secret in (*APPLICATION.values(), *demand_fields(letter.number).values()):
        assert secret == letter.number or len(secret) < 4 or secret not in told


def test_without_a_channel_nothing_is_written(platform: Platform) -> None:
    demanded(platform, issued(platform))
    raised()
    assert not Reminder.objects.exists()


def test_who_is_on_duty_is_told_one_after_the_other_then_the_managers(
    robot: Robots, two_on_duty: None, now: time_machine.Traveller
) -> None:
    number = str(raised().pk)
    sending.send_due()
    later(now, WAIT - timedelta(seconds=1))
    assert len(robot.texts) == 1
    later(now, timedelta(seconds=1))
    later(now)
    later(now)  # nobody is left
    later(now)
    assert [text.splitlines()[1] for text in robot.texts] == [
        "通知：今日第 1 值班人",
        "通知：今日第 2 值班人",
        "通知：管理岗",
    ]
    assert all(number in text and FIRST not in text and SECOND not in text for text in robot.texts)
    events = list(AuditEntry.objects.filter(chain__startswith="reminder:").values_list("event", flat=True))
    assert sorted(events) == ["reminder.passed_on"] * 2 + ["reminder.sent"] * 3


def test_whoever_acknowledges_ends_it(
    desk: Callable[[Role], Client], robot: Robots, two_on_duty: None, now: time_machine.Traveller
) -> None:
    raised()
    sending.send_due()
    reminder = Reminder.objects.get()
    path = robot.texts[0].rpartition("https://desk.example.com")[2]
    home = desk(Role.CLAIMS_HANDLER).get("/admin/").context
    assert {str(tile["label"]): tile["number"] for tile in home["mine"]}["reminders to acknowledge"] == 1
    client = Client()
    assert client.get(path).headers["Location"].startswith("/admin/login/")
    client.force_login(person(Role.UNDERWRITER, SECOND))
    client.cookies["django_language"] = "en"
    assert "I have taken note" in client.get(path).content.decode()
    client.post(path, {"seen": client.get(path).context["guard"].initial["seen"]})
    assert again(reminder).state == "acknowledged"
    assert again(reminder).acknowledged_by == person(Role.UNDERWRITER, SECOND)
    later(now)
    assert len(robot.texts) == 1
    home = desk(Role.CLAIMS_HANDLER).get("/admin/").context
    assert "reminders to acknowledge" not in [str(tile["label"]) for tile in home["mine"]]


def test_only_whom_it_concerns_acknowledges(robot: Robots, two_on_duty: None, now: time_machine.Traveller) -> None:
    raised()
    reminder = Reminder.objects.get()
    assert "acknowledge" not in open_to(reminder, Role.CASHIER)
    with pytest.raises(NotPossible):
        decide("acknowledge", reminder, Role.CASHIER)
    for who in (Role.CLAIMS_HANDLER, Role.MANAGER, person(Role.UNDERWRITER, SECOND)):
        assert "acknowledge" in open_to(reminder, who)


def test_what_is_dealt_with_is_not_passed_on(robot: Robots, two_on_duty: None, now: time_machine.Traveller) -> None:
    alert = raised()
    decide("settle", alert, Role.CLAIMS_HANDLER, note="已联系平台")
    sweeping.settle_done()
    assert Reminder.objects.get().state == "settled"
    later(now)
    assert robot.texts == []


def test_how_long_is_waited_is_data_that_two_people_change(
    robot: Robots, two_on_duty: None, now: time_machine.Traveller
) -> None:
    parameter(PASS_ON.code, 5)
    raised()
    sending.send_due()
    later(now, timedelta(minutes=5))
    assert len(robot.texts) == 2


def test_what_is_not_urgent_goes_to_the_role_once(
    robot: Robots, two_on_duty: None, now: time_machine.Traveller
) -> None:
    for _day in range(3):
        alerts.certificate_expires("us", "1", date(2026, 12, 31), 35)
        sending.send_due()
        later(now, timedelta(days=1))
    assert [text.splitlines()[1] for text in robot.texts] == ["通知：系统管理员"]


def test_a_channel_carries_what_it_is_set_to(channel: Make, listening: Robots) -> None:
    channel("wecom", listening.address("wecom"), roles=["manager"])
    channel("feishu", listening.address("feishu"), reminders=["demand.new"])
    raised()
    assert not Reminder.objects.exists()
    alerts.record_differs("BH1", ["amount"])
    assert [one.channel.name for one in ReminderSending.objects.all()] == ["wecom"]


def test_mail_goes_to_whoever_is_on_duty(
    channel: Make, settings: Any, two_on_duty: None, now: time_machine.Traveller
) -> None:
    settings.MAIL_IS_SET_UP = True
    channel("email", "")
    for name in (FIRST, SECOND):
        someone = person(Role.CLAIMS_HANDLER, name)
        someone.email = f"{name}@example.com"
        someone.save()
    raised()
    sending.send_due()
    later(now)
    assert [(message.subject[:4], message.bcc) for message in mail.outbox] == [
        ("【提醒】", [f"{FIRST}@example.com"]),
        ("【提醒】", [f"{SECOND}@example.com"]),
    ]


def test_a_unit_is_told_of_its_own(channel: Make, listening: Robots, platform: Platform) -> None:
    branch = Unit(code="B1", name="包头分公司")
    Unit.lock_tree()
    branch.parent_id = 1
    branch.save()
    branch.place_under(Unit.objects.get(pk=1))
    branch.save()
    made = channel("wecom", listening.address("wecom"), unit=branch)
    raised()
    demanded(platform, issued(platform))
    assert not Reminder.objects.exists()
    Channel.objects.filter(pk=made.pk).update(unit=None)
    elsewhere = person(Role.CLAIMS_HANDLER, FIRST)
    elsewhere.unit = branch
    elsewhere.save()
    roster.enter(person(Role.MANAGER), clock.today(), clock.today(), [elsewhere])
    demanded(platform, issued(platform, applicationId="SQ2"))
    assert Reminder.objects.get().person is None  # could not open it


# --- What does not get through ----------------------------------------------------------------------------------------
def test_what_fails_is_tried_again_given_up_and_shown_and_never_told(
    desk: Callable[[Role], Client], robot: Robots, now: time_machine.Traveller
) -> None:
    robot.answer = says({"errcode": -1, "errmsg": "system busy"})
    raised()
    waits = []
    for _attempt in range(sending.MOST_ATTEMPTS):
        assert sending.send_due() == 1
        one = ReminderSending.objects.get(step=1)
        waits.append(one.next_attempt_at - clock.now())
        assert sending.send_due() == 0
        now.shift(sending.LONGEST_WAIT)
    assert timedelta(seconds=8) <= waits[0] <= timedelta(seconds=10)
    assert all(wait <= sending.LONGEST_WAIT for wait in waits)
    assert (Reminder.objects.get().state, Reminder.objects.count(), Alert.objects.count()) == ("failed", 1, 1)
    shown = desk(Role.MANAGER).get("/admin/").content.decode()
    assert "-1 system busy. Reminders that no channel took: 1." in shown
    robot.answer = None
    later(now)
    assert Reminder.objects.get().state == "sent"
    assert "system busy" not in desk(Role.MANAGER).get("/admin/").content.decode()


def test_one_channel_that_gets_through_is_enough(channel: Make, robot: Robots) -> None:
    channel("dingtalk", robot.address("dingtalk"), "another secret")
    raised()
    assert sending.send_due() == 2
    assert Reminder.objects.get().state == "sent"


def test_of_two_senders_one_sends(robot: Robots, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other comes while the robot still thinks."""
    raised()
    others: list[int] = []
    robot.answer = None
    attempt = sending._attempt

    def slowly(one: ReminderSending) -> sending.Result:
        others.append(sending.send_due())
        return attempt(one)

    monkeypatch.setattr(sending, "_attempt", slowly)
    assert sending.send_due() == 1
    assert others == [0]
    assert len(robot.texts) == 1


def test_it_is_written_with_its_cause_or_not_at_all(robot: Robots) -> None:
    with transaction.atomic():
        raised()
        transaction.set_rollback(True)
    assert not Reminder.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_is_written_inside_a_transaction_and_sent_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with pytest.raises(RuntimeError, match="in the transaction"):
        tell(alerts.REMINDERS[alerts.AlertKind.SILENT], person(Role.MANAGER), "1")
    with pytest.raises(RuntimeError, match="inside a transaction"), transaction.atomic():
        sending.send_due()


def test_every_kind_of_alert_is_told() -> None:
    assert set(alerts.REMINDERS) == set(alerts.AlertKind)


def test_managers_are_told_that_there_is_no_channel(desk: Callable[[Role], Client]) -> None:
    said = "No channel is set"
    assert said in desk(Role.MANAGER).get("/admin/").content.decode()
    assert said not in desk(Role.UNDERWRITER).get("/admin/").content.decode()
