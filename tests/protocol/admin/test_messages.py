"""The message journal and the outbox."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from guarantees.models import Application
from protocol.gateway import budget
from protocol.models import Alert, Message, Notification, RefusalTally
from protocol.models.tally import Share
from staff import clock
from staff.roles import Role
from tests.platform import APPLICATION, Platform
from tests.protocol.delivery.loopback import code, deliver

PLAINTEXT = {"applicationId": "SQ0001", "legalIdNo": "11010519491231002X", "contactsWay": "13904710001"}


@pytest.fixture
def message(platform: Platform) -> Message:
    return Message.objects.create(
        connection=platform.connection,
        direction="in",
        at=clock.now(),
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


@pytest.mark.django_db(transaction=True)
def test_a_refused_notification_says_what_waits_behind_it(
    desk: Callable[[Role], Client], approved: Application
) -> None:
    deliver(code("103", "payAmt"))
    notification = Notification.objects.get()
    shown = desk(Role.MANAGER).get(f"/admin/protocol/notification/{notification.pk}/change/").content.decode()
    assert "The platform refused this (103 payAmt)" in shown
    tiles = {str(tile["label"]): tile for tile in desk(Role.MANAGER).get("/admin/").context["mine"]}
    assert tiles["notifications that need attention"]["trouble"]


def test_a_notification_names_its_transcode_and_its_last_failure_in_the_readers_language(
    desk: Callable[[Role], Client], approved: Application
) -> None:
    notification = Notification.objects.get()
    Notification.objects.update(attempts_made=1, failure="http", answer="500")
    notification.attempts.create(number=1, started_at=clock.now(), http_status=500, failure="http", error="500")
    notification.attempts.create(number=2, started_at=clock.now(), error="HTTP 502 instead of 200")
    client = desk(Role.MANAGER)
    client.cookies["django_language"] = "zh-hans"
    for page in ("", f"{notification.pk}/change/"):
        shown = client.get(f"/admin/protocol/notification/{page}").content.decode()
        assert "PREP102 保函申请状态通知" in shown
        assert "对方返回HTTP 500，应为200" in shown
        assert "下次尝试" in shown
    assert "HTTP 502 instead of 200" in shown, "a row of a former version"
    exported = b"".join(client.get("/admin/protocol/notification/export/csv/").streaming_content).decode()
    assert "对方返回HTTP 500，应为200" in exported
    story = client.get(f"/admin/guarantees/application/{approved.pk}/change/").content.decode()
    assert "PREP102 保函申请状态通知" in story
    assert "对方返回HTTP 500，应为200" in story


@pytest.mark.django_db(transaction=True)
def test_a_delivered_notification_has_no_next_attempt(desk: Callable[[Role], Client], approved: Application) -> None:
    notification = Notification.objects.get()
    page, due = f"/admin/protocol/notification/{notification.pk}/change/", "next attempt"
    client = desk(Role.MANAGER)
    assert due in client.get(page).content.decode().lower()
    deliver(code("000"))
    notification.refresh_from_db()
    assert notification.state == "delivered"
    assert due not in client.get(page).content.decode().lower()
    moment = timezone.localtime(notification.next_attempt_at).strftime("%H:%M:%S")
    assert moment not in client.get("/admin/protocol/notification/").content.decode()


def test_the_journal_names_what_was_received(desk: Callable[[Role], Client], message: Message) -> None:
    client = desk(Role.AUDITOR)
    for page in ("", f"{message.pk}/change/"):
        assert "PREP101 application for a guarantee" in client.get(f"/admin/protocol/message/{page}").content.decode()


# --- Refused demands (decisions C5) -----------------------------------------------------------------------------------
DEMAND = {
    "guaranteeId": "BH20260001",
    "claimAmount": "壹拾万元",
    "claimReason": "未履约" * 100,
    "bankAccount": "6222021234567890123",
    "companyName": "青城建设有限公司",
    **dict.fromkeys(("bidNum", "projectName", "projectCode", "socialCreditCode", "purchaseName"), "1"),
    **dict.fromkeys(("purchaseSocCode", "openBank", "contract", "contractway", "contractCertCode"), "1"),
}


@pytest.fixture
def gateway(db: None) -> Platform:
    return Platform("Gateway")


def post(gateway: Platform, body: bytes) -> Message:
    """What the journal keeps of a message that the gateway refuses."""
    answer = Client().post("/gateway/", body, content_type="application/json").json()
    assert answer["code"] != "000"
    return Message.objects.latest("id")


def test_a_demand_with_unreadable_fields_leads_from_its_alert_to_what_it_says(
    desk: Callable[[Role], Client], gateway: Platform
) -> None:
    refused = post(gateway, gateway.seal("PREP105", DEMAND))
    alert = Alert.objects.get()
    for part in ("索赔金额（claimAmount）应为大于0", "索赔理由（claimReason）长度超过255"):
        assert part in alert.text
    handler = desk(Role.CLAIMS_HANDLER)
    led = handler.get(f"/admin/protocol/alert/{alert.pk}/change/").content.decode()
    assert f'href="/admin/protocol/message/{refused.pk}/change/"' in led
    assert "unproven" not in led
    shown = page(handler, refused)
    assert "索赔金额（claimAmount）应为大于0" in shown
    for part in ("BH20260001", "壹拾万元", "未履约" * 100, "6222***********0123"):
        assert part in shown
    assert "6222021234567890123" not in shown


def test_a_demand_of_a_megabyte_is_kept_whole_where_its_signature_held(
    desk: Callable[[Role], Client], gateway: Platform
) -> None:
    refused = post(gateway, gateway.seal("PREP105", {**DEMAND, "voucher": "x" * 1_000_000}))
    assert refused.plaintext is not None
    assert "壹拾万元" in page(desk(Role.CLAIMS_HANDLER), refused)


def test_a_demand_in_gbk_is_shown_and_said_to_be(desk: Callable[[Role], Client], gateway: Platform) -> None:
    refused = post(gateway, gateway.seal("PREP105", json.dumps(DEMAND, ensure_ascii=False).encode("gbk")))
    assert refused.reason == "not_utf8"
    shown = page(desk(Role.CLAIMS_HANDLER), refused)
    assert "shown here as GBK" in shown
    assert "青城建设有限公司" in shown
    assert "6222021234567890123" not in shown


def test_a_name_that_comes_twice_shows_both(desk: Callable[[Role], Client], gateway: Platform) -> None:
    refused = post(gateway, gateway.seal("PREP105", b'{"claimAmount":"1.00","claimAmount":"2.00"}'))
    assert refused.reason == "not_json"
    shown = page(desk(Role.CLAIMS_HANDLER), refused)
    assert "1.00" in shown
    assert "2.00" in shown


def test_a_demand_that_is_no_json_is_shown_as_a_text(desk: Callable[[Role], Client], gateway: Platform) -> None:
    refused = post(gateway, gateway.seal("PREP105", "BH20260001 索赔 电话13904710001".encode()))
    shown = page(desk(Role.CLAIMS_HANDLER), refused)
    assert "BH20260001 索赔" in shown
    assert "13904710001" not in shown


def test_a_demand_that_nobody_can_open_shows_its_envelope(desk: Callable[[Role], Client], gateway: Platform) -> None:
    outer = {**json.loads(gateway.seal("PREP105", DEMAND)), "data": "not encrypted: BH20260001"}
    refused = post(gateway, json.dumps(outer).encode())
    assert (refused.reason, refused.plaintext) == ("wrong_signature", None)
    shown = page(desk(Role.CLAIMS_HANDLER), refused)
    assert "The envelope as it came, not opened" in shown
    assert "not encrypted: BH20260001" in shown
    assert "BH20260001" not in page(desk(Role.UNDERWRITER), refused)


def test_what_was_taken_for_a_demand_is_read_as_one(desk: Callable[[Role], Client], gateway: Platform) -> None:
    refused = post(gateway, b'{"kind": "PREP105", "appid": "gateway", "number": "BH20260001"')
    assert (refused.transcode, refused.reason) == ("", "no_envelope")
    assert "BH20260001" in page(desk(Role.CLAIMS_HANDLER), refused)
    other = post(gateway, b'{"kind": "PREP101", "appid": "gateway", "number": "BH20260001"')
    assert "BH20260001" not in page(desk(Role.CLAIMS_HANDLER), other)


@pytest.mark.parametrize("opens", [True, False])
def test_who_proves_nothing_is_named_as_unproven(
    desk: Callable[[Role], Client], gateway: Platform, opens: bool
) -> None:
    """In the journal's list, its export, the message's page and the alert's."""
    body = gateway.seal("PREP105", DEMAND, appsecret="wrong")
    refused = post(gateway, body if opens else body.replace(b'"data":"B', b'"data":"C'))
    [alert] = Alert.objects.all()
    client = desk(Role.AUDITOR)
    addresses = ["message/", f"message/{refused.pk}/change/", f"alert/{alert.pk}/change/"]
    for address in addresses:
        assert "Gateway (unproven)" in client.get(f"/admin/protocol/{address}").content.decode()
    exported = b"".join(client.get("/admin/protocol/message/export/csv/").streaming_content).decode()
    assert "Gateway (unproven)" in exported
    gateway.send("PREP101", APPLICATION)
    refused.delete()
    alert.delete()
    assert "unproven" not in client.get("/admin/protocol/message/").content.decode()


def test_what_proves_nothing_is_marked_in_the_story_of_an_order(
    desk: Callable[[Role], Client], gateway: Platform
) -> None:
    """Anybody can write a digital envelope (decisions E9)."""
    gateway.send("PREP101", APPLICATION)
    gateway.send("PREP103", {"applicationId": APPLICATION["applicationId"]})
    case = Application.objects.get()
    shown = desk(Role.UNDERWRITER).get(f"/admin/guarantees/application/{case.pk}/change/").content.decode()
    assert shown.count("Gateway (unproven)") == 1


# --- What has no row of its own (decisions C7) ------------------------------------------------------------------------
def test_repeats_are_counted_on_the_accepted_message(desk: Callable[[Role], Client], gateway: Platform) -> None:
    body = gateway.seal("PREP101", APPLICATION)
    for _ in range(3):
        assert gateway.post(body).code == "000"
    shown = page(desk(Role.AUDITOR), Message.objects.get())
    assert "<dt>Repeated</dt><dd>2</dd>" in shown
    assert "<dt>Last repeated</dt>" in shown


def test_refusals_are_counted_by_network(
    desk: Callable[[Role], Client], gateway: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(budget.MOST_ROWS, Share.OTHER, 2)
    for _ in range(5):
        post(gateway, b"garbage")
    tally = RefusalTally.objects.get()
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        client = desk(role)
        assert "127.0.0.0/24" in client.get("/admin/protocol/refusaltally/").content.decode()
        shown = client.get(f"/admin/protocol/refusaltally/{tally.pk}/change/").content.decode()
        assert "<dt>Only counted</dt><dd>3</dd>" in shown
    assert desk(Role.UNDERWRITER).get("/admin/protocol/refusaltally/").status_code == 403
