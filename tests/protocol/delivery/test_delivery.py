"""Every decision reaches the platform once it can be reached, in order, and is tried again in the right way."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from queue import Queue
from typing import Any

import pytest
import time_machine
from django.db import transaction

from config import celery_app
from protocol import envelope, tasks
from protocol.delivery import sending, slots, wakeup
from protocol.delivery.claiming import Heads, claim
from protocol.delivery.outbox import enqueue
from protocol.delivery.recording import FAILURES_UNTIL_DOWN, Ended, Result, record, wait_after
from protocol.failures import Failure
from protocol.models import Alert, Attempt, Connection, Message, Notification, PlatformHealth
from protocol.prep.transcodes import TABLES
from protocol.tables import check
from protocol.vocabulary import Transcode
from staff import clock
from tests.platform import Platform
from tests.protocol.delivery.loopback import Loopback, code, loopback

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def other_side(travel: time_machine.Traveller) -> Iterator[Loopback]:
    with loopback(code("000")) as server:
        yield server


@pytest.fixture
def platform(other_side: Loopback) -> Platform:
    made = Platform()
    Connection.objects.filter(pk=made.connection.pk).update(address=other_side.address)
    made.connection = Connection.objects.get(pk=made.connection.pk)
    return made


def tell(platform: Platform, number: str = "SQ1", status: str = "approved", **more: Any) -> Notification:
    with transaction.atomic():
        facts = {"order_number": number, "status": status, **more}
        return enqueue(
            connection=platform.connection, queue=number, transcode=Transcode.APPLICATION_STATUS, facts=facts
        )


def state(notification: Notification) -> str:
    return Notification.objects.get(pk=notification.pk).state


def test_it_works(platform: Platform, other_side: Loopback) -> None:
    notification = tell(platform)
    assert sending.deliver_due() == 1
    assert state(notification) == "delivered"
    request = envelope.parse(other_side.bodies[0])
    envelope.verify(request, platform.party)
    fields = envelope.open_request(request, platform.party).fields
    assert fields == {"applicationId": "SQ1", "applicationStatus": "01"}
    assert check(TABLES["PREP102"], fields) == []


def test_the_attempt_and_the_message_are_on_record(platform: Platform) -> None:
    notification = tell(platform)
    sending.deliver_due()
    attempt = Attempt.objects.get(notification=notification)
    assert (attempt.number, attempt.http_status, attempt.code) == (1, 200, "000")
    message = Message.objects.get(direction="out")
    assert (message.msgcode, message.code, message.order_number) == (notification.msgcode, "000", "SQ1")


@pytest.mark.parametrize(
    "answer",
    [
        code("302"),
        code("301"),
        code("101"),
        code("102"),
        lambda _body: (500, b"Internal Server Error"),
        lambda _body: (201, envelope.answer("000")),
        lambda _body: (200, b"<html>"),
        lambda _body: (200, b"{}"),
        lambda _body: (200, b""),
    ],
)
def test_whatever_else_is_answered_is_tried_again(
    platform: Platform, other_side: Loopback, travel: Any, answer: Any
) -> None:
    other_side.answer = answer
    notification = tell(platform)
    assert sending.deliver_due() == 1
    assert state(notification) == "waiting"
    assert sending.deliver_due() == 0
    other_side.answer = code("000")
    travel.shift(timedelta(seconds=10))
    assert sending.deliver_due() == 1
    assert state(notification) == "delivered"
    first, second = (json.loads(body) for body in other_side.bodies)
    assert first["msgcode"] == second["msgcode"]
    assert first["reqtime"] != second["reqtime"]
    assert first["data"] != second["data"]


def test_a_redirect_is_not_followed(platform: Platform, other_side: Loopback) -> None:
    other_side.answer = lambda _body: (302, b"")
    with loopback(code("000")) as elsewhere:
        other_side.headers["Location"] = elsewhere.address
        notification = tell(platform)
        sending.deliver_due()
        assert elsewhere.bodies == []
    assert state(notification) == "waiting"


def test_an_answer_beyond_a_megabyte_is_cut_off(platform: Platform, other_side: Loopback) -> None:
    other_side.answer = lambda _body: (200, b'{"code":"000","message":"' + b"x" * 2_000_000 + b'"}')
    notification = tell(platform)
    sending.deliver_due()
    assert state(notification) == "waiting"


def test_an_answer_that_drips_is_cut_off_at_the_deadline(platform: Platform, settings: Any) -> None:
    settings.DELIVERY_DEADLINE = timedelta(seconds=1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        Connection.objects.update(address=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        notification = tell(platform)
        sending.deliver_due()
    attempt = Attempt.objects.get(notification=notification)
    assert attempt.failure == Failure.TIMED_OUT
    assert attempt.answered.startswith("No answer came in time (")  # what was left of it after the claim
    assert state(notification) == "waiting"


@pytest.mark.parametrize("wrong", ["103", "201", "202", "203", "204"])
def test_an_answer_that_the_message_is_wrong_waits_for_a_person(
    platform: Platform, other_side: Loopback, travel: Any, wrong: str
) -> None:
    other_side.answer = code(wrong, "applicationId 不存在")
    notification = tell(platform)
    sending.deliver_due()
    travel.shift(timedelta(hours=2))
    assert sending.deliver_due() == 0
    assert state(notification) == "attention"
    assert Alert.objects.get().kind == "attention"


def test_a_later_message_of_the_order_waits_for_the_earlier(
    platform: Platform, other_side: Loopback, travel: Any
) -> None:
    other_side.answer = code("302")
    first = tell(platform, status="approved")
    second = tell(platform, status="rejected", reason="资料不全")
    sending.deliver_due()
    assert other_side.msgcodes() == [first.msgcode]
    other_side.answer = code("000")
    travel.shift(timedelta(minutes=1))
    sending.deliver_due()
    assert other_side.msgcodes() == [first.msgcode, first.msgcode, second.msgcode]


def test_a_stuck_order_holds_up_no_other(platform: Platform, other_side: Loopback) -> None:
    other_side.answer = lambda body: code("203" if json.loads(body)["msgcode"] == stuck.msgcode else "000")(body)
    stuck, other = tell(platform, "SQ1"), tell(platform, "SQ2")
    sending.deliver_due()
    assert [state(stuck), state(other)] == ["attention", "delivered"]


def test_a_platform_that_is_away_stops_none_of_the_others(platform: Platform) -> None:
    away = Platform("Away")
    lost, notification = tell(away), tell(platform)
    sending.deliver_due()
    assert [state(lost), state(notification)] == ["waiting", "delivered"]


def test_waits_double_from_ten_seconds_to_an_hour() -> None:
    waits = [wait_after(attempts).total_seconds() for attempts in range(1, 14)]
    assert 8 <= waits[0] <= 10
    assert 16 <= waits[1] <= 20
    assert 2880 <= waits[-1] <= 3600


def test_a_parked_or_suspended_connection_sends_nothing(platform: Platform, other_side: Loopback) -> None:
    for switch in ("parked", "suspended"):
        Connection.objects.update(**{switch: True})
        notification = tell(platform, f"SQ-{switch}")
        assert sending.deliver_due() == 0
        Connection.objects.update(**{switch: False})
        assert sending.deliver_due() == 1
        assert state(notification) == "delivered"


def test_a_line_that_is_down_is_probed_by_one_message_and_opens_for_all(
    platform: Platform, other_side: Loopback, travel: Any
) -> None:
    other_side.answer = lambda _body: (503, b"")
    notifications = [tell(platform, f"SQ{number}") for number in range(8)]
    assert sending.deliver_due() == FAILURES_UNTIL_DOWN
    travel.shift(timedelta(minutes=1))
    assert sending.deliver_due() == 1
    assert sending.deliver_due() == 0
    other_side.answer = code("000")
    travel.shift(timedelta(minutes=2))
    sending.deliver_due()
    assert {state(notification) for notification in notifications} == {"delivered"}
    assert PlatformHealth.objects.get().probe_at is None


def test_a_worker_that_died_is_followed_by_another_after_its_lease(platform: Platform, travel: Any) -> None:
    notification = tell(platform)
    assert claim(START) is not None
    assert sending.deliver_due() == 0
    travel.shift(timedelta(seconds=61))
    assert sending.deliver_due() == 1
    assert state(notification) == "delivered"


def test_a_worker_that_was_thought_dead_overwrites_nothing(platform: Platform, travel: Any) -> None:
    notification = tell(platform)
    late = claim(START)
    assert late is not None
    travel.shift(timedelta(seconds=61))
    sending.deliver_due()
    record([Ended(late, Result("203", "gone", 200), duration_ms=1)])
    assert state(notification) == "delivered"
    assert not Alert.objects.exists()


def test_only_the_last_claim_counts(platform: Platform, travel: Any) -> None:
    notification = tell(platform)
    late = claim(START)
    travel.shift(timedelta(seconds=61))
    present = claim(START + timedelta(seconds=61))
    assert late is not None
    assert present is not None
    held = Notification.objects.values().get()
    for result in (
        Result("203", "gone", 200),
        Result(failure=Failure.TIMED_OUT, error="30"),
        Result("000", "成功", 200),
    ):
        record([Ended(late, result, duration_ms=1)])
        assert Notification.objects.values().get() == held
    record([Ended(present, Result("000", "成功", 200), duration_ms=1)])
    assert state(notification) == "delivered"


def test_what_is_claimed_together_and_not_begun_is_given_back(
    platform: Platform, other_side: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After quick answers more are claimed together; then the process is told to stop amid them."""
    notifications = [tell(platform, f"SQ{number}") for number in range(6)]
    monkeypatch.setattr("protocol.delivery.wakeup.stopping", lambda: len(other_side.bodies) >= 4)
    assert sending.deliver_due() == 4
    waiting = Notification.objects.filter(state="waiting")
    assert [(given.attempts_made, given.next_attempt_at) for given in waiting] == [(0, START), (0, START)]
    assert Attempt.objects.count() == 4
    monkeypatch.undo()
    assert sending.deliver_due() == 2
    assert {state(notification) for notification in notifications} == {"delivered"}
    assert len(other_side.bodies) == 6


def test_whoever_decides_does_not_ask_the_broker(
    platform: Platform, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread does, so that a broker that is away costs nobody a wait."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    asked: Queue[int] = Queue()
    monkeypatch.setattr(celery_app, "send_task", lambda *_, **__: asked.put(threading.get_ident()))
    tell(platform)
    assert asked.get(timeout=10) != threading.get_ident()


def test_a_decision_that_is_rolled_back_leaves_no_message(platform: Platform) -> None:
    with transaction.atomic():
        tell(platform)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()


def test_a_message_outside_a_transaction_is_refused(platform: Platform) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        enqueue(connection=platform.connection, queue="SQ1", transcode=Transcode.APPLICATION_STATUS, facts={})


def test_delivery_inside_a_transaction_is_refused(platform: Platform) -> None:
    with pytest.raises(RuntimeError, match="committed"), transaction.atomic():
        sending.deliver_due()


# --- A slow platform holds up no other --------------------------------------------------------------------------------
@pytest.fixture
def other(travel: time_machine.Traveller) -> Iterator[Platform]:
    with loopback(code("000")) as server:
        made = Platform("Other")
        Connection.objects.filter(pk=made.connection.pk).update(address=server.address)
        made.connection = Connection.objects.get(pk=made.connection.pk)
        yield made


def taken(senders: int) -> list[str]:
    """Which orders as many senders get at the same time."""
    return [claimed.queue for claimed in (claim(clock.now()) for _sender in range(senders)) if claimed]


def test_only_so_many_speak_to_one_platform_at_once(platform: Platform, other: Platform, settings: Any) -> None:
    settings.DELIVERY_AT_ONCE = 3
    for number in range(5):
        tell(platform, f"SQ{number}")
    tell(other, "OTHER")
    assert taken(6) == ["SQ0", "SQ1", "SQ2", "OTHER"]


def test_a_platform_that_answered_slowly_gets_one_sender(platform: Platform, other: Platform) -> None:
    tell(platform, "SLOW")
    (slow,) = Heads().claim(START)
    record([Ended(slow, Result("000", "成功", 200), duration_ms=25_000)])
    for number in range(3):
        tell(platform, f"SQ{number}")
    tell(other, "OTHER")
    with time_machine.travel(START + settings_lease(), tick=False):  # the first sender's place is free again
        assert taken(4) == ["SQ0", "OTHER"]


def test_a_platform_that_keeps_one_waiting_gets_no_other(
    platform: Platform, other: Platform, travel: time_machine.Traveller
) -> None:
    tell(platform, "SQ0")
    assert taken(1) == ["SQ0"]
    travel.shift(timedelta(seconds=6))
    tell(platform, "SQ1")
    tell(other, "OTHER")
    assert taken(2) == ["OTHER"]


def test_slow_platforms_together_leave_senders_for_the_others(
    platform: Platform, other: Platform, settings: Any
) -> None:
    settings.DELIVERY_SENDERS = 6
    for number in range(6):
        slow = Platform(f"Slow{number}")
        PlatformHealth.objects.create(connection=slow.connection, slow=True)
        tell(slow, f"SLOW{number}")
    assert taken(6) == ["SLOW0", "SLOW1", "SLOW2", "SLOW3"]
    tell(other, "OTHER")
    tell(platform, "SQ0")
    assert taken(2) == ["OTHER", "SQ0"]


def test_none_gets_a_second_place_from_the_last_senders(platform: Platform, other: Platform, settings: Any) -> None:
    """Two that stop answering at the same moment would else hold all six, four and two."""
    settings.DELIVERY_SENDERS, settings.DELIVERY_AT_ONCE = 6, 4
    for sender, name in ((platform, "SQ"), (other, "OTHER")):
        for number in range(6):
            tell(sender, f"{name}{number}")
    assert taken(6) == ["SQ0", "SQ1", "SQ2", "SQ3", "OTHER0"]
    tell(Platform("Third"), "THIRD")
    assert taken(1) == ["THIRD"]


def test_who_keeps_senders_waiting_counts_as_slow_to_the_others(
    platform: Platform, other: Platform, settings: Any, travel: time_machine.Traveller
) -> None:
    settings.DELIVERY_SENDERS, settings.DELIVERY_AT_ONCE = 6, 4
    for number in range(4):
        tell(platform, f"SQ{number}")
    assert len(taken(4)) == 4
    travel.shift(timedelta(seconds=6))
    PlatformHealth.objects.create(connection=other.connection, slow=True)
    tell(other, "OTHER")
    tell(Platform("Third"), "THIRD")
    assert taken(2) == ["THIRD"]


class CeleryWorker:
    """What of a worker the signal of its start is asked for."""

    def __init__(self, concurrency: int) -> None:
        self.concurrency = concurrency


@pytest.mark.parametrize(("processes", "in_all", "together"), [(8, None, 6), (8, 20, 18), (3, None, 2), (1, None, 1)])
def test_a_celery_worker_counts_its_processes(
    platform: Platform, settings: Any, monkeypatch: Any, processes: int, in_all: int | None, together: int
) -> None:
    monkeypatch.setattr(slots, "_worker", None)
    settings.DELIVERY_SENDERS_IN_ALL, settings.DELIVERY_AT_ONCE = in_all, 64
    tasks.begin(sender=CeleryWorker(processes))  # the signal itself would set up more of Celery than a test can bear
    for number in range(20):
        tell(platform, f"SQ{number}")
    assert len(taken(20)) == together


def test_a_quick_answer_makes_it_quick_again(platform: Platform) -> None:
    for milliseconds, slow in ((25_000, True), (40, False)):
        tell(platform, f"SQ{milliseconds}")
        heads = Heads()
        (claimed,) = heads.claim(START)
        record([Ended(claimed, Result("000", "成功", 200), duration_ms=milliseconds)])
        heads.leave()
        assert PlatformHealth.objects.get().slow is slow


def test_what_waits_for_a_busy_platform_hides_nothing(
    platform: Platform, other: Platform, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr("protocol.delivery.claiming.LOOKED_UP", 2)
    settings.DELIVERY_AT_ONCE = 1
    for number in range(5):
        tell(platform, f"SQ{number}")
    tell(other, "OTHER")
    assert taken(3) == ["SQ0", "OTHER"]


def test_the_place_of_a_sender_that_died_is_free_after_its_lease(platform: Platform, settings: Any) -> None:
    settings.DELIVERY_AT_ONCE = 1
    tell(platform, "SQ0")
    tell(platform, "SQ1")
    assert taken(2) == ["SQ0"]
    with time_machine.travel(START + settings_lease(), tick=False):
        assert taken(2) == ["SQ1"]


def test_another_sender_is_woken_while_other_platforms_wait(platform: Platform, other: Platform) -> None:
    tell(platform, "SQ0")
    wakeup.something_waits.clear()
    assert sending.deliver_due() == 1
    assert not wakeup.something_waits.is_set()
    tell(platform, "SQ1")
    tell(other, "OTHER")
    wakeup.something_waits.clear()
    assert sending.deliver_due() == 2
    assert wakeup.something_waits.is_set()


def settings_lease() -> timedelta:
    return timedelta(seconds=61)


# --- What other programs answer ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "body",
    [
        b'{"code":"000","message":"ok","data":"anything","sign":"whatever"}',
        '{"code":"000","message":"成功"}'.encode("gbk"),
        '{"code":"000","message":"乗"}'.encode("gbk"),  # its second byte is a backslash's
        b'{"code":"000","message":"line\nend\x01"}',
        b'\xef\xbb\xbf{"code":"000"}',
        b'{"code":" 000 ","message":null,"extra":{"deep":[1.5]}}',
        b'{"code":"000","message":"a","message":"b"}',
        b'{"code":"000","message":"\xff\xfe\x80"}',
        b'{"code":"000","message":"\\ud800"}',
    ],
)
def test_the_code_decides_and_the_raw_answer_is_kept(platform: Platform, other_side: Loopback, body: bytes) -> None:
    first, second = tell(platform), tell(platform, status="paid", premium=Decimal(1), paid_at=START, means="other")
    other_side.answer = lambda _sent: (200, body)
    assert sending.deliver_due() == 2
    assert (state(first), state(second)) == ("delivered", "delivered")
    assert [bytes(message.answer or b"") for message in Message.objects.all()] == [body, body]


@pytest.mark.parametrize(
    "body", [b"", b"OK", b"[]", b'"000"', b"{}", b'{"code":0}', b'{"code":"00"}', b'{"code":"0000"}', b'{"CODE":"000"}']
)
def test_an_answer_without_a_code_is_tried_again(platform: Platform, other_side: Loopback, body: bytes) -> None:
    notification = tell(platform)
    other_side.answer = lambda _sent: (200, body)
    sending.deliver_due()
    assert state(notification) == "waiting"
