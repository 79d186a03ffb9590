"""The order of checks of a message: the list that the gateway goes through, and each refusal by its code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from guarantees.models import Application
from protocol import envelope
from protocol.crypto import sm2
from protocol.errors import TEXTS, Reason, Stale
from protocol.gateway import large_bodies, stages
from protocol.gateway.arrival import BROKEN_HTTP
from protocol.gateway.order import ORDER
from protocol.gateway.passage import Check, Passage, Seam
from protocol.models import Message
from staff import clock
from tests.platform import APPLICATION, Platform

NAMES = [check.make.__name__ for check in ORDER]


def named(name: str) -> Check:
    return ORDER[NAMES.index(name)]


def test_the_list_is_the_order_of_the_decisions() -> None:
    """docs/decisions.md, "Order of checks, and codes", with HTTP's own before it."""
    decided = [
        *("known_address", "not_too_large", "arrived_whole", "room_for_a_large_body"),
        *("shape", "transcode_of_the_address", "transcode_that_we_answer"),
        *("known_appid", "allowed_network", "opened_where_that_is_signed", "right_signature"),
        *("signature_not_used", "opened_where_its_name_is_used", "name_not_used"),
        *("fresh", "within_the_rate", "opened", "not_suspended", "right_fields", "done"),
    ]
    assert decided == NAMES


def test_rest_framework_comes_to_its_seams_in_the_lists_order() -> None:
    assert [check.seam for check in ORDER] == sorted((check.seam for check in ORDER), key=list(Seam).index)


def test_every_stage_has_what_the_former_had() -> None:
    for earlier, later in pairwise(ORDER):
        assert issubclass(later.stage, earlier.stage)


def test_every_reason_is_refused_by_some_check() -> None:
    """But for the method, which is REST framework's, and for failures of our own."""
    refused = {reason for check in ORDER for reason in check.refuses}
    assert refused == set(Reason) - {Reason.METHOD, Reason.INTERNAL}


def test_a_check_is_not_made_at_a_stage_that_lacks_what_it_needs() -> None:
    passage = Passage(stages.Received(at=clock.now(), address="127.0.0.1"), ORDER)
    with pytest.raises(TypeError, match="SenderKnown"):
        passage.go_on(Seam.VIEW)


def test_a_refusal_that_the_list_does_not_name_is_a_failure_of_ours() -> None:
    def stale(received: stages.Received) -> stages.Received:
        raise Stale(f"at {received.at}")

    for refuses, error in (((Reason.STALE,), Stale), ((Reason.FIELDS,), TypeError)):
        received = stages.Received(at=clock.now(), address="127.0.0.1")
        with pytest.raises(error):
            Passage(received, [Check(Seam.ARRIVAL, stages.Received, stale, refuses)]).go_on(Seam.ARRIVAL)


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


LATER = [name for name in NAMES if name not in ("signature_not_used", "opened_where_its_name_is_used", "name_not_used")]


@pytest.mark.django_db
@pytest.mark.parametrize("first", [name for name in LATER if name != "opened_where_that_is_signed"])
def test_of_many_faults_the_first_check_in_the_list_names_its_own(first: str, settings: Any, held: ExitStack) -> None:
    """A message with the fault that `first` refuses, and with every later one's."""
    body, how = faulty(set(LATER[LATER.index(first) :]), settings, held)
    Client().post(how.pop("path"), body, content_type="application/json", **how)
    assert Message.objects.get().reason in named(first).refuses


def faulty(faults: set[str], settings: Any, held: ExitStack) -> tuple[bytes, dict[str, Any]]:
    """The body, and how it is posted."""
    networks = ["10.0.0.0/8"] if "allowed_network" in faults else []
    platform = Platform(networks=networks, suspended="not_suspended" in faults)
    wrong: dict[str, Any] = {}
    if "known_appid" in faults:
        wrong["appid"] = "nobody"
    if "right_signature" in faults:
        wrong["appsecret"] = "another"
    if "opened" in faults:
        wrong["peer_key"] = sm2.generate().public
    if "fresh" in faults:
        wrong["reqtime"] = clock.now() - timedelta(hours=1)
    if "within_the_rate" in faults:
        settings.GATEWAY_SIGNED_PER_MINUTE = 0
    fields = {} if "right_fields" in faults else {"applicationId": "nobody's", "applicationType": "01"}
    transcode = "PREP102" if "transcode_that_we_answer" in faults else "PREP109"
    sealed = {**json.loads(platform.seal(transcode, fields, **wrong))}
    if "shape" in faults:
        sealed["msgcode"] = "not a msgcode"
    if "room_for_a_large_body" in faults:
        sealed["more"] = "x" * 300_000
        for _slot in range(large_bodies.OF_A_NETWORK):
            slot = large_bodies.take("127.0.0.1")
            assert slot
            held.callback(slot.leave)
    how: dict[str, Any] = {"path": "/gateway/PREP103/" if "transcode_of_the_address" in faults else "/gateway/"}
    if "arrived_whole" in faults:
        how[BROKEN_HTTP] = "not complete"
    if "not_too_large" in faults:
        how["CONTENT_LENGTH"] = "9" * 12
    if "known_address" in faults:
        how["path"] = "/gateway/no/such/address/"
    return json.dumps(sealed).encode(), how


@pytest.mark.django_db
def test_where_the_plaintext_is_signed_it_is_opened_before_the_signature_is_looked_at() -> None:
    platform = Platform(dialect={"signed": "plaintext"})
    platform.send("PREP101", APPLICATION, peer_key=sm2.generate().public, appsecret="another")
    assert Message.objects.get().reason in named("opened_where_that_is_signed").refuses


@pytest.mark.parametrize("first", ["signature_not_used", "opened_where_its_name_is_used", "name_not_used"])
def test_what_was_accepted_before_is_looked_at_before_age_rate_and_suspension(
    platform: Platform, settings: Any, first: str
) -> None:
    minutes_ago = clock.now() - timedelta(minutes=9)
    accepted = platform.seal("PREP101", APPLICATION, msgcode="1", reqtime=minutes_ago)
    assert platform.post(accepted).code == "000"
    settings.GATEWAY_SIGNED_PER_MINUTE = 0
    platform.connection.dialect, platform.connection.suspended = {"freshness": 1}, True
    platform.connection.save()
    stranger = replace(platform.party, peer_key=sm2.generate().public)
    again = {
        "signature_not_used": accepted.replace(b'"msgcode":"1"', b'"msgcode":"2"'),
        "opened_where_its_name_is_used": envelope.seal_request(
            "PREP101", b"{}", stranger, msgcode="1", reqtime=minutes_ago
        ),
        "name_not_used": platform.seal("PREP101", {}, msgcode="1", reqtime=minutes_ago),
    }
    platform.post(again[first])
    assert Message.objects.latest("id").reason in named(first).refuses


def test_it_works(platform: Platform) -> None:
    assert platform.apply().code == "000"
    assert Application.objects.get().applicant_name == "青城建设有限公司"


def test_an_unknown_appid_a_foreign_network_and_a_wrong_signature_get_the_same_answer(platform: Platform) -> None:
    fenced = Platform("Fenced", networks=["10.0.0.0/8"])
    answers = [
        platform.send("PREP101", APPLICATION, appid="nobody"),
        platform.send("PREP101", APPLICATION, appsecret="wrong"),
        fenced.send("PREP101", APPLICATION),
    ]
    assert {(answer.code, answer.message) for answer in answers} == {("101", "数据接收失败, 数据验签未通过")}
    assert not Application.objects.exists()


def test_a_stale_message_is_refused_and_both_clocks_are_named(platform: Platform) -> None:
    answer = platform.send("PREP101", APPLICATION, reqtime=clock.now() - timedelta(minutes=11))
    assert answer.code == "101"
    assert "reqtime" in answer.message


def test_a_message_within_ten_minutes_is_fresh(platform: Platform) -> None:
    assert platform.send("PREP101", APPLICATION, reqtime=clock.now() - timedelta(minutes=9)).code == "000"


@pytest.mark.django_db
def test_the_dialect_sets_the_freshness() -> None:
    patient = Platform("Patient", {"freshness": 60})
    assert patient.send("PREP101", APPLICATION, reqtime=clock.now() - timedelta(minutes=50)).code == "000"


def test_a_message_for_another_key_is_102(platform: Platform) -> None:
    answer = platform.send("PREP101", APPLICATION, peer_key=sm2.generate().public)
    assert (answer.code, answer.message) == ("102", "数据接收失败, 数据解密失败")


@pytest.mark.parametrize("plaintext", [b"no JSON", b"[]", b'{"a":1,"a":2}', b"\xff\xfe"])
def test_a_plaintext_that_is_no_json_object_is_102_with_the_same_message(platform: Platform, plaintext: bytes) -> None:
    assert platform.post(platform.seal("PREP101", plaintext)).message == "数据接收失败, 数据解密失败"


def test_fields_that_break_the_table_are_103_and_named(platform: Platform) -> None:
    answer = platform.apply(supplier=None, advanceAmount="-1")
    assert answer.code == "103"
    assert "supplier" in answer.message
    assert "advanceAmount" in answer.message


@pytest.mark.parametrize("transcode", ["PREP102", "PREP106", "PREP108", "PREP100", "prep101"])
def test_a_transcode_that_we_do_not_answer_is_103(platform: Platform, transcode: str) -> None:
    assert platform.send(transcode, APPLICATION).code == "103"


def test_a_suspended_platform_is_301(platform: Platform) -> None:
    platform.connection.suspended = True
    platform.connection.save()
    assert platform.apply().code == "301"
    assert platform.send("PREP103", {"applicationId": "SQ1"}).code == "203"


def test_suspension_of_files_is_apart(platform: Platform) -> None:
    platform.connection.files_suspended = True
    platform.connection.save()
    assert platform.send("PREP103", {"applicationId": "SQ1"}).code == "301"
    assert platform.apply().code == "000"


def test_a_wrong_signature_is_told_before_suspension(platform: Platform) -> None:
    platform.connection.suspended = True
    platform.connection.save()
    assert platform.send("PREP101", APPLICATION, appsecret="wrong").code == "101"


def test_signed_messages_are_throttled_per_appid(platform: Platform, settings: Any) -> None:
    settings.GATEWAY_SIGNED_PER_MINUTE = 2
    other = Platform("Other")
    codes = [platform.apply(applicationId=f"SQ{number}").code for number in range(3)]
    assert codes == ["000", "000", "301"]
    assert other.apply().code == "000"


def test_what_anyone_can_write_uses_up_nobodys_signed_messages(platform: Platform, settings: Any) -> None:
    settings.GATEWAY_SIGNED_PER_MINUTE = 1
    settings.GATEWAY_DIGITAL_PER_MINUTE = 1
    for _repetition in range(3):
        platform.send("PREP101", APPLICATION, appsecret="wrong")
        platform.send("PREP103", {"applicationId": "SQ1"})
    assert platform.apply().code == "000"


def test_an_invented_forwarding_header_gives_no_new_bucket(platform: Platform, settings: Any) -> None:
    settings.GATEWAY_DIGITAL_PER_MINUTE = 1
    codes = [
        platform.post(platform.seal("PREP103", {"applicationId": "SQ1"}), HTTP_X_FORWARDED_FOR=f"1.2.{third}.4").code
        for third in range(2)
    ]
    assert codes == ["203", "301"]


@pytest.mark.django_db
def test_where_the_plaintext_is_signed_a_message_that_does_not_open_is_101() -> None:
    platform = Platform(dialect={"signed": "plaintext"})
    assert platform.apply().code == "000"
    assert platform.send("PREP101", APPLICATION, peer_key=sm2.generate().public).code == "101"


@pytest.mark.parametrize("fields", [{}, {"applicationId": "nobody's"}])
def test_a_digital_failure_has_its_details_inside_and_only_the_codes_text_in_clear(
    platform: Platform, fields: dict[str, str]
) -> None:
    raw = Client().post("/gateway/", platform.seal("PREP103", fields), content_type="application/json").json()
    assert raw["code"] == ("103" if not fields else "203")
    assert raw["message"] == TEXTS[raw["code"]]
    inside = envelope.read_answer(json.dumps(raw).encode(), platform.party)
    assert inside.code == raw["code"]
    assert fields or "applicationId 必填" in inside.message


def test_a_digital_failure_before_it_was_opened_has_code_and_message_only(platform: Platform) -> None:
    body = platform.seal("PREP103", {}, peer_key=sm2.generate().public)
    assert set(Client().post("/gateway/", body, content_type="application/json").json()) == {"code", "message"}


def test_our_own_failure_names_an_incident_and_nothing_else(platform: Platform, monkeypatch: Any) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the database said: secret")

    monkeypatch.setattr("guarantees.audit.application_received", fail)
    answer = platform.apply()
    assert answer.code == "302"
    assert "secret" not in answer.message
    assert Message.objects.get().incident in answer.message
    assert not Application.objects.exists()
