"""The journal of what came in, and the alerts on refused demands (decisions C5)."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.test import Client

from protocol.gateway import journal
from protocol.gateway.serializers import TableSerializer
from protocol.handlers import Answer, Handler
from protocol.models import Alert, Message
from tests.platform import APPLICATION, Platform


def test_an_accepted_message_is_kept_with_its_answer(platform: Platform) -> None:
    platform.apply()
    row = Message.objects.get()
    assert (row.code, row.order_number, row.connection) == ("000", APPLICATION["applicationId"], platform.connection)
    assert "青城建设有限公司".encode() in bytes(row.plaintext)
    assert b'"000"' in bytes(row.answer)
    assert row.duration_ms is not None


def test_a_refusal_is_kept_though_its_transaction_was_rolled_back(platform: Platform) -> None:
    platform.apply(advanceAmount="0")
    assert Message.objects.get().code == "103"


def test_of_a_stranger_only_size_and_digest_are_kept(db: None) -> None:
    Client().post("/gateway/", b'{"password": "x"}', content_type="application/json")
    row = Message.objects.get()
    assert (row.size, row.body, row.plaintext, row.connection) == (17, None, None, None)


def test_a_flood_of_strangers_does_not_fill_the_journal(db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("protocol.gateway.journal.STRANGERS_PER_MINUTE", 3)
    for _repetition in range(6):
        Client().post("/gateway/", b"{}", content_type="application/json")
    assert Message.objects.count() == 3


def test_a_refused_demand_raises_one_alert_an_hour_and_its_body_is_kept(platform: Platform) -> None:
    body = platform.seal("PREP105", {}, appsecret="wrong")
    platform.post(body)
    platform.post(body)
    alert = Alert.objects.get()
    assert (alert.kind, alert.connection, alert.count) == ("refused_demand", platform.connection, 2)
    assert bytes(Message.objects.order_by("id")[0].body) == body


def test_a_demand_that_is_no_envelope_raises_an_alert(platform: Platform) -> None:
    Client().post("/gateway/", b'{"transcode":"PREP105","appid":"platform"}', content_type="application/json")
    assert Alert.objects.get().connection == platform.connection
    Client().post("/gateway/PREP105/", b"garbage", content_type="application/json")
    assert Alert.objects.filter(connection=None).count() == 1


def test_a_refused_application_raises_none(platform: Platform) -> None:
    platform.apply(advanceAmount="0")
    assert not Alert.objects.exists()


def test_a_demand_whose_commit_fails_raises_an_alert(platform: Platform, monkeypatch: Any) -> None:
    written = journal.accepted

    def lost(exchange: Any) -> None:
        written(exchange)
        raise OperationalError("the connection was lost")

    monkeypatch.setattr(journal, "accepted", lost)
    monkeypatch.setattr("protocol.gateway.views.handler_of", lambda _: Handler("PREP105", Anything, lambda _: Answer()))
    assert platform.send("PREP105", {"guaranteeId": "X"}).code == "302"
    assert Alert.objects.get().kind == "refused_demand"
    assert Message.objects.get().code == "302"


class Anything(TableSerializer):
    transcode = "PREP105"

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        self.extras = {}
        return dict(data)


def test_a_refused_demand_is_kept_however_many_strangers_write(platform: Platform, monkeypatch: Any) -> None:
    monkeypatch.setattr("protocol.gateway.journal.STRANGERS_PER_MINUTE", 0)
    body = platform.seal("PREP105", {}, appsecret="wrong")
    platform.post(body)
    assert bytes(Message.objects.get().body) == body


def test_a_journal_that_cannot_be_written_answers_all_the_same(platform: Platform, monkeypatch: Any) -> None:
    def fail(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("protocol.gateway.journal._refused", fail)
    assert platform.apply(advanceAmount="0").code == "103"
