"""The order of checks of a message, and each refusal by its code."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guarantees.models import Application
from protocol import envelope
from protocol.crypto import sm2
from protocol.errors import TEXTS
from protocol.models import Message
from staff import clock
from tests.platform import APPLICATION, Platform


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
