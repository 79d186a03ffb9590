"""Channels: the three robots are spoken to as their providers say, and whatever they answer is told."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from staff.models import AuditEntry, Channel
from staff.reminders import channels, posting
from staff.reminders.posting import NotPosted, address_trouble
from staff.reminders.robots import TooOften
from staff.roles import Role
from tests.institution import again, decide, person
from tests.staff.reminders.robots import SECRET, Robots, says

Make = Callable[..., Channel]
KINDS = ["wecom", "dingtalk", "feishu"]
PRINTED = "Reminder: demand 1"


def send(channel: Channel) -> str:
    return channels.send(channel, PRINTED, PRINTED, [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_robot_takes_what_it_is_sent(channel: Make, listening: Robots, kind: str) -> None:
    assert send(channel(kind, listening.address(kind))).startswith("0 ")
    assert listening.texts == [PRINTED]


@pytest.mark.parametrize(("kind", "code"), [("dingtalk", "310000"), ("feishu", "19021")])
def test_a_wrong_secret_is_told_and_not_tried_again(channel: Make, listening: Robots, kind: str, code: str) -> None:
    with pytest.raises(NotPosted, match=code) as refused:
        send(channel(kind, listening.address(kind), "another"))
    assert refused.value.final


def test_a_wrong_key_is_told_and_not_tried_again(channel: Make, listening: Robots) -> None:
    with pytest.raises(NotPosted, match="93000") as refused:
        send(channel("wecom", listening.address("wecom").replace("the-key", "another")))
    assert refused.value.final


TOO_OFTEN = [
    ("wecom", says({"errcode": 45009, "errmsg": "api freq out of limit"})),
    ("dingtalk", says({"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"})),
    ("feishu", says({"code": 9499, "msg": "too many request", "data": {}}, 400)),
    ("wecom", says({}, 429)),
]


@pytest.mark.parametrize(("kind", "answer"), TOO_OFTEN)
def test_a_robot_that_is_asked_too_often_is_asked_again_later(
    channel: Make, listening: Robots, kind: str, answer: Any
) -> None:
    listening.answer = answer
    with pytest.raises(TooOften) as refused:
        send(channel(kind, listening.address(kind)))
    assert not refused.value.final


TROUBLE = [
    (says({"errcode": -1, "errmsg": "system busy"}), "-1 system busy", False),
    (says({"errcode": 0}, 502), "HTTP 502", False),
    (says({"errcode": 0}, 404), "HTTP 404", True),
    (says({"errcode": 0}, 302), "HTTP 302", True),
    (says({"hello": 1}), "none of this kind", True),
    (lambda: (200, b"<html>"), "none of this kind", True),
    (lambda: (200, b"[" * 60_000), "none of this kind", True),
]


@pytest.mark.parametrize(("answer", "said", "final"), TROUBLE)
def test_whatever_else_is_answered_is_told(
    channel: Make, listening: Robots, answer: Any, said: str, final: bool
) -> None:
    """A redirect is one of them: it is not followed."""
    listening.answer = answer
    with pytest.raises(NotPosted, match=said) as refused:
        send(channel("wecom", listening.address("wecom")))
    assert refused.value.final is final
    assert listening.calls == 1


def test_a_slow_robot_is_left_in_time(channel: Make, listening: Robots, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it drips its answer."""
    monkeypatch.setattr(channels, "DEADLINE", 0.3)
    listening.drips = 0.1
    began = monotonic()
    with pytest.raises(NotPosted, match="No answer came in time") as refused:
        send(channel("wecom", listening.address("wecom")))
    assert monotonic() - began < 1.5
    assert not refused.value.final


def test_one_that_cannot_be_reached_or_trusted_says_so_and_not_its_key(
    channel: Make, listening: Robots, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    made = channel("wecom", listening.address("wecom"))
    settings.SERVICE_AUTHORITY = ""
    with caplog.at_level(logging.DEBUG), pytest.raises(NotPosted, match="not trusted") as untrusted:
        send(made)
    listening.server.shutdown()
    listening.server.server_close()
    with caplog.at_level(logging.DEBUG), pytest.raises(NotPosted, match="connection failed") as away:
        send(made)
    assert "the-key" not in f"{untrusted.value} {away.value} {caplog.text}"


# --- Addresses --------------------------------------------------------------------------------------------------------
PUBLIC = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"


@pytest.mark.parametrize(
    "address",
    [
        PUBLIC.replace("https", "http"),
        PUBLIC.replace("qyapi.weixin.qq.com", "evil.example.com"),
        PUBLIC.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com@169.254.169.254"),
        PUBLIC.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com:8443"),
        PUBLIC.replace("qyapi.weixin.qq.com", "127.0.0.1"),
        PUBLIC.replace("qyapi.weixin.qq.com", "[::1"),
        "https://oapi.dingtalk.com/robot/send?access_token=k",
        f"{PUBLIC} \r\nHost: evil.example.com",
    ],
)
def test_a_robot_is_at_its_providers_host_by_https(address: str) -> None:
    assert address_trouble("wecom", address)
    assert not address_trouble("wecom", PUBLIC)


def test_a_providers_name_that_leads_inside_is_not_followed(listening: Robots, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever answers for the name's address: the one that was judged is the one that is connected to."""
    inside = [(2, 1, 6, "", ("127.0.0.1", int(listening.host.partition(":")[2])))]
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_args, **_named: inside)
    with pytest.raises(NotPosted, match="leads into a private network") as refused:
        posting.post("wecom", PUBLIC, b"{}", within=2)
    assert refused.value.final
    assert listening.calls == 0


def test_a_host_of_our_own_is_one_that_the_operator_named(settings: Any) -> None:
    address = "https://wecom.example.com:8443/send?key=k"
    assert "CHANNEL_HOSTS" in address_trouble("wecom", address)
    settings.CHANNEL_HOSTS = ["wecom.example.com"]
    assert address_trouble("wecom", address)  # at another port
    settings.CHANNEL_HOSTS = ["wecom.example.com:8443"]
    assert address_trouble("wecom", address) == ""


# --- At the desk ------------------------------------------------------------------------------------------------------
def test_a_channel_is_set_by_two_people_tested_and_stopped_and_its_address_is_never_shown(
    desk: Callable[[Role], Client], listening: Robots
) -> None:
    one, other = desk(Role.ADMINISTRATOR), desk(Role.MANAGER)
    one.post("/admin/staff/channel/add/", {"name": "群", "kind": "dingtalk", "roles": ["claims_handler"]})
    page = f"/admin/staff/channel/{Channel.objects.get().pk}"

    def decides(client: Client, name: str, **given: str) -> str:
        seen = client.get(f"{page}/decide/{name}/").context["guard"].initial["seen"]
        return client.post(f"{page}/decide/{name}/", {**given, "seen": seen}, follow=True).content.decode()

    wrong = decides(one, "set_address", address="https://evil.example.com/")
    assert "Robots of this kind are at" in wrong
    proposed = decides(one, "set_address", address=listening.address("dingtalk"), secret=SECRET)
    assert Channel.objects.get().address == ""
    (link,) = set(re.findall(r"/admin/staff/changerequest/\d+/change/", proposed))
    asked = other.get(link).content.decode()
    assert "https://127.0.0.1/…" in asked
    guard = other.get(link.replace("change/", "decide/confirm/")).context["guard"]
    other.post(link.replace("/change/", "/decide/confirm/"), {"seen": guard.initial["seen"]})
    assert Channel.objects.get().active
    told = decides(one, "test")
    assert "It got through, and was answered: 0 ok" in told
    assert listening.texts == ["【提醒】渠道测试消息，无须处理。"]
    listening.answer = says({"errcode": 310000, "errmsg": "keywords not in content"})
    told = decides(one, "test")
    assert "It did not get through: 310000 keywords not in content" in told
    assert "does not get through" in told
    shown = decides(other, "stop")
    assert not Channel.objects.get().active
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, secret, data FROM staff_channel, staff_proposal")
        stored = " ".join(cursor.fetchone())
    trail = " ".join(str(entry.details) for entry in AuditEntry.objects.all())
    for text in (proposed, asked, told, shown, stored, trail):
        assert "the-key" not in text
        assert SECRET not in text


def test_only_managers_and_administrators_set_channels(
    desk: Callable[[Role], Client], channel: Make, listening: Robots
) -> None:
    made = channel("wecom", listening.address("wecom"))
    client = desk(Role.AUDITOR)
    assert client.get(f"/admin/staff/channel/{made.pk}/change/").status_code == 200
    assert client.get(f"/admin/staff/channel/{made.pk}/decide/set_address/").status_code == 403
    assert client.get("/admin/staff/channel/add/").status_code == 403
    assert desk(Role.CASHIER).get("/admin/staff/channel/").status_code == 403


def test_mail_goes_to_the_channels_addresses_or_to_whoever_is_told(channel: Make, settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True
    made = channel("email", "duty@example.com， chief@example.com")
    assert channels.send(made, "T", "text", []) == "Mailed to 2"
    decide("set_address", again(made), Role.ADMINISTRATOR, address="")
    handler = person(Role.CLAIMS_HANDLER)
    handler.email = "handler@example.com"
    channels.send(again(made), "T", "text", [handler])
    assert [message.bcc for message in mail.outbox] == [
        ["duty@example.com", "chief@example.com"],
        ["handler@example.com"],
    ]
    with pytest.raises(NotPosted, match="Nobody whom it is for"):
        channels.send(again(made), "T", "text", [])
    settings.MAIL_IS_SET_UP = False
    with pytest.raises(NotPosted, match="EMAIL_HOST"):
        channels.send(again(made), "T", "text", [handler])
