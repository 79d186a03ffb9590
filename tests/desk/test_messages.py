"""The message journal and the outbox."""

from __future__ import annotations

import json
from collections.abc import Callable

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
