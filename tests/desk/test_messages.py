"""The message journal and the outbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guarantees.models import Application
from protocol.models import Connection, Message, Notification
from staff.roles import Role

PLAINTEXT = {"applicationId": "SQ0001", "legalIdNo": "11010519491231002X", "contactsWay": "13904710001"}


@pytest.fixture
def message(platform: Connection) -> Message:
    return Message.objects.create(
        connection=platform,
        direction="in",
        at=timezone.now(),
        transcode="PREP101",
        order_number="SQ0001",
        code="000",
        plaintext=json.dumps(PLAINTEXT).encode(),
    )


def page(client: Client, message: Message) -> str:
    return client.get(f"/admin/protocol/message/{message.pk}/change/").content.decode()


def test_content_is_masked_for_those_who_may_read_it(desk: Callable[[Role], Client], message: Message) -> None:
    shown = page(desk(Role.AUDITOR), message)
    assert "applicationId" in shown
    assert "11010519491231002X" not in shown
    assert "13904710001" not in shown


def test_content_is_not_shown_to_others(desk: Callable[[Role], Client], message: Message) -> None:
    shown = page(desk(Role.ISSUER), message)
    assert "applicationId" not in shown
    assert "may not read the content" in shown


def test_content_that_is_no_json_is_not_shown(desk: Callable[[Role], Client], message: Message) -> None:
    message.plaintext = b"13904710001"
    message.save()
    assert "13904710001" not in page(desk(Role.AUDITOR), message)


def test_a_refused_notification_says_what_waits_behind_it(
    desk: Callable[[Role], Client], approved: Application
) -> None:
    notification = Notification.objects.get()
    notification.state, notification.code, notification.answer = "attention", "103", "payAmt"
    notification.save()
    shown = desk(Role.MANAGER).get(f"/admin/protocol/notification/{notification.pk}/change/").content.decode()
    assert "The platform refused this (103 payAmt)" in shown
    tiles = {str(tile["label"]): tile for tile in desk(Role.MANAGER).get("/admin/").context["mine"]}
    assert tiles["notifications that need attention"]["trouble"]


def test_a_notification_names_its_transcode_and_its_last_failure_in_the_readers_language(
    desk: Callable[[Role], Client], approved: Application
) -> None:
    notification = Notification.objects.get()
    Notification.objects.update(attempts_made=1, failure="http", answer="500")
    notification.attempts.create(number=1, started_at=timezone.now(), http_status=500, failure="http", error="500")
    notification.attempts.create(number=2, started_at=timezone.now(), error="HTTP 502 instead of 200")
    client = desk(Role.MANAGER)
    client.cookies["django_language"] = "zh-hans"
    for page in ("", f"{notification.pk}/change/"):
        shown = client.get(f"/admin/protocol/notification/{page}").content.decode()
        assert "PREP102 保函申请状态通知" in shown
        assert "HTTP状态码为500，应为200" in shown
        assert "下次尝试" in shown
    assert "HTTP 502 instead of 200" in shown, "a row of a former version"
    told = b"".join(client.get("/admin/protocol/notification/export/csv/").streaming_content).decode()
    assert "HTTP状态码为500，应为200" in told
    story = client.get(f"/admin/guarantees/application/{approved.pk}/change/").content.decode()
    assert "PREP102 保函申请状态通知" in story
    assert "HTTP状态码为500，应为200" in story


def test_a_delivered_notification_has_no_next_attempt(desk: Callable[[Role], Client], approved: Application) -> None:
    notification = Notification.objects.get()
    page, due = f"/admin/protocol/notification/{notification.pk}/change/", "next attempt"
    client = desk(Role.MANAGER)
    assert due in client.get(page).content.decode().lower()
    Notification.objects.update(
        state="delivered", created_at=notification.created_at - timedelta(hours=1), delivered_at=None, code="000"
    )
    assert due not in client.get(page).content.decode().lower()
    moment = timezone.localtime(notification.next_attempt_at).strftime("%H:%M:%S")
    assert moment not in client.get("/admin/protocol/notification/").content.decode()


def test_the_journal_names_what_was_received(desk: Callable[[Role], Client], message: Message) -> None:
    client = desk(Role.AUDITOR)
    for page in ("", f"{message.pk}/change/"):
        assert "PREP101 application for a guarantee" in client.get(f"/admin/protocol/message/{page}").content.decode()
