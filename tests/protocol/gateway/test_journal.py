"""The journal of what came in, and the alerts on refused demands (decisions C5)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.test import Client

from protocol.crypto import sm2
from protocol.gateway import budget, journal
from protocol.gateway.serializers import TableSerializer
from protocol.handlers import Answer, Handler
from protocol.models import AcceptedMessage, Alert, Message, RefusalTally
from protocol.models.tally import Share
from staff.roles import Role
from tests.institution import issued, person
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
    monkeypatch.setitem(budget.MOST_ROWS, Share.OTHER, 3)
    for _repetition in range(6):
        Client().post("/gateway/", b"{}", content_type="application/json")
    assert Message.objects.count() == 3
    assert RefusalTally.objects.get().beyond == 3


def test_a_refused_demand_that_our_key_opens_has_an_alert_of_its_own_and_is_kept(platform: Platform) -> None:
    body = platform.seal("PREP105", {}, appsecret="wrong")
    platform.post(body)
    platform.post(body)
    alert = Alert.objects.get()
    assert (alert.kind, alert.connection, alert.count) == ("refused_demand", platform.connection, 2)
    assert Message.objects.get().alert == alert
    assert bytes(Message.objects.order_by("id")[0].body) == body


def test_a_demand_that_is_no_envelope_raises_an_alert(platform: Platform) -> None:
    Client().post("/gateway/", b'{"transcode":"PREP105","appid":"platform"}', content_type="application/json")
    alert = Alert.objects.get()
    assert (alert.kind, alert.connection) == ("unproven_demand", platform.connection)
    Client().post("/gateway/PREP105/", b"garbage", content_type="application/json")
    assert Alert.objects.get().count == 2  # one for a network and day: nothing proves the sender


def test_a_refused_application_raises_none(platform: Platform) -> None:
    platform.apply(advanceAmount="0")
    assert not Alert.objects.exists()


def test_a_demand_whose_commit_fails_raises_an_alert(platform: Platform, monkeypatch: Any) -> None:
    written = journal.accepted

    def lost(*given: Any) -> int:
        written(*given)
        raise OperationalError("the connection was lost")

    monkeypatch.setattr(journal, "accepted", lost)
    monkeypatch.setattr(
        "protocol.gateway.opening.handler_of", lambda _: Handler("PREP105", Anything, lambda _: Answer())
    )
    assert platform.send("PREP105", {"guaranteeId": "X"}).code == "302"
    assert Alert.objects.get().kind == "refused_demand"
    assert Message.objects.get().code == "302"


class Anything(TableSerializer):
    transcode = "PREP105"

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        self.unknown_fields = {}
        return dict(data)


def test_a_real_refused_demand_never_drowns(platform: Platform, monkeypatch: Any) -> None:
    """However many forged ones a network sends, one whose signature holds or that our key opens has its place."""
    monkeypatch.setitem(budget.MOST_ROWS, Share.DEMAND, 2)
    monkeypatch.setitem(budget.MOST_ROWS, Share.OTHER, 2)
    forged = {"transcode": "PREP105", "msgcode": "1", "appid": "platform", "version": "v1.0", "sign": "0" * 64}
    for number in range(20):
        body = json.dumps({**forged, "reqtime": "20261126070000", "data": f"{number:04}" * 50})
        Client().post("/gateway/", body, content_type="application/json")
    assert Message.objects.count() == 2
    assert Alert.objects.get().kind == "unproven_demand"
    opened = platform.seal("PREP105", {"guaranteeId": "BH1"}, appsecret="wrong")
    signed = platform.seal("PREP105", {"guaranteeId": "BH2"})
    platform.post(opened)
    platform.post(signed)
    kept = Message.objects.order_by("-id")[:2]
    assert [(row.guarantee_number, bytes(row.body)) for row in kept] == [("BH2", signed), ("BH1", opened)]
    assert Alert.objects.filter(kind="refused_demand").count() == 2


def test_a_forged_demand_stands_on_no_case_as_the_platforms(platform: Platform, institution: Any) -> None:
    guarantee = issued(platform)
    platform.post(platform.seal("PREP105", {"guaranteeId": guarantee.number}, appsecret="wrong"))
    platform.send("PREP105", {"guaranteeId": guarantee.number})
    client = Client()
    client.force_login(person(Role.CLAIMS_HANDLER))
    page = client.get(f"/admin/guarantees/guarantee/{guarantee.pk}/change/").content.decode()
    assert page.count("收到PREP105") == 1  # the one whose signature held


def test_reasons_are_filtered_by_whom_they_concern(platform: Platform) -> None:
    for role, status in ((Role.AUDITOR, 200), (Role.UNDERWRITER, 400)):
        client = Client()
        client.force_login(person(role))
        assert client.get("/admin/protocol/message/?reason__exact=stale").status_code == status


def test_bodies_of_what_proves_nothing_have_a_budget(platform: Platform, monkeypatch: Any) -> None:
    monkeypatch.setitem(budget.MOST_BYTES, Share.OTHER, 5000)
    for _repetition in range(4):
        platform.send("PREP103", {"applicationId": "X" * 1000}, peer_key=sm2.generate().public)
    kept = [row.body is not None for row in Message.objects.order_by("id")]
    assert kept[0]
    assert not kept[-1]
    assert all(row.digest and row.size for row in Message.objects.all())


def test_a_repetition_is_counted_and_has_no_row(platform: Platform) -> None:
    body = platform.seal("PREP101", APPLICATION)
    for _repetition in range(5):
        assert platform.post(body).code == "000"
    assert Message.objects.count() == 1
    accepted = AcceptedMessage.objects.get()
    assert (accepted.repeats, accepted.last_repeat_at is None) == (4, False)


def test_the_decisions_name_the_figures() -> None:
    decided = (Path(__file__).parents[3] / "docs" / "decisions.md").read_text(encoding="utf-8")
    for share in Share:
        assert f"{budget.MOST_ROWS[share]:,} rows and {budget.MOST_BYTES[share] // 1_000_000} MB" in decided


def test_of_what_was_throttled_size_and_digest_are_kept(platform: Platform, settings: Any) -> None:
    settings.GATEWAY_DIGITAL_PER_MINUTE = 1
    for number in range(2):
        platform.send("PREP103", {"applicationId": str(number)})
    throttled = Message.objects.latest("id")
    assert (throttled.code, throttled.reason, throttled.body, throttled.plaintext) == ("301", "throttled", None, None)
    assert throttled.size > 0


def test_a_large_body_that_holds_no_file_is_refused_before_it_is_decoded(platform: Platform) -> None:
    body = platform.seal("PREP101", {**APPLICATION, "ext1": "x" * 400_000})
    assert platform.post(body).code == "103"
    row = Message.objects.get()
    assert (row.reason, row.size, row.body, row.appid) == ("too_large", len(body), None, "platform")


def test_every_answer_says_its_length(platform: Platform) -> None:
    for body in (platform.seal("PREP101", APPLICATION), b"garbage", platform.seal("PREP103", {})):
        answer = Client().post("/gateway/", body, content_type="application/json")
        assert answer.headers["Content-Length"] == str(len(answer.content))


def test_the_reason_is_read_by_whom_it_concerns(platform: Platform) -> None:
    platform.post(platform.seal("PREP105", {"guaranteeId": "BH1"}, appsecret="wrong"))
    platform.post(platform.seal("PREP101", APPLICATION, appsecret="wrong"))
    demand, application = Message.objects.order_by("id")
    seen = {}
    for role in (Role.CLAIMS_HANDLER, Role.AUDITOR, Role.ADMINISTRATOR, Role.UNDERWRITER):
        client = Client()
        client.force_login(person(role))
        pages = [
            client.get(f"/admin/protocol/message/{row.pk}/change/").content.decode() for row in (demand, application)
        ]
        seen[role] = ["签名不符" in page for page in pages]
    assert seen == {
        Role.CLAIMS_HANDLER: [True, False],
        Role.AUDITOR: [True, True],
        Role.ADMINISTRATOR: [True, True],
        Role.UNDERWRITER: [False, False],
    }


def test_a_journal_that_cannot_be_written_answers_all_the_same(platform: Platform, monkeypatch: Any) -> None:
    def fail(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("protocol.gateway.journal._refused", fail)
    assert platform.apply(advanceAmount="0").code == "103"
