"""What was accepted once is never done twice (decisions C1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guarantees.models import Application, Order
from protocol.models import AcceptedMessage
from staff import clock
from tests.platform import APPLICATION, Platform

MSGCODE = "0123456789abcdef0123456789abcdef"


def test_the_same_bytes_again_get_the_same_answer_and_nothing_is_done(platform: Platform) -> None:
    body = platform.seal("PREP101", APPLICATION)
    assert [platform.post(body).code for _repetition in range(3)] == ["000"] * 3
    assert Application.objects.count() == 1
    assert AcceptedMessage.objects.count() == 1


def test_the_same_bytes_are_answered_at_any_age(platform: Platform) -> None:
    body = platform.seal("PREP101", APPLICATION, reqtime=clock.now() - timedelta(minutes=9))
    platform.post(body)
    platform.connection.dialect = {"freshness": 1}
    platform.connection.save()
    assert platform.post(body).code == "000"


def test_the_same_message_encrypted_afresh_gets_its_answer(platform: Platform) -> None:
    assert platform.send("PREP101", APPLICATION, msgcode=MSGCODE).code == "000"
    assert platform.send("PREP101", APPLICATION, msgcode=MSGCODE).code == "000"
    assert Application.objects.count() == 1


def test_the_same_msgcode_with_other_content_is_103(platform: Platform) -> None:
    platform.send("PREP101", APPLICATION, msgcode=MSGCODE)
    answer = platform.send("PREP101", {**APPLICATION, "applicationId": "SQ2"}, msgcode=MSGCODE)
    assert answer.code == "103"
    assert Order.objects.count() == 1


@pytest.mark.parametrize(("field", "value"), [("msgcode", "f" * 32), ("transcode", "PREP109")])
def test_an_accepted_signature_under_another_name_is_103(platform: Platform, field: str, value: str) -> None:
    body = platform.seal("PREP101", APPLICATION, msgcode=MSGCODE)
    platform.post(body)
    old = {"msgcode": MSGCODE, "transcode": "PREP101"}[field]
    assert platform.post(body.replace(old.encode(), value.encode())).code == "103"


def test_the_signature_of_a_repetition_is_remembered_too(platform: Platform) -> None:
    platform.send("PREP101", APPLICATION, msgcode=MSGCODE)
    again = platform.seal("PREP101", APPLICATION, msgcode=MSGCODE)
    platform.post(again)
    assert platform.post(again.replace(MSGCODE.encode(), b"f" * 32)).code == "103"


def test_what_was_refused_is_judged_afresh(platform: Platform) -> None:
    body = platform.seal("PREP101", APPLICATION)
    platform.connection.suspended = True
    platform.connection.save()
    assert platform.post(body).code == "301"
    platform.connection.suspended = False
    platform.connection.save()
    assert platform.post(body).code == "000"


def test_another_platform_may_use_the_same_msgcode_and_number(platform: Platform) -> None:
    other = Platform("Other")
    assert platform.send("PREP101", APPLICATION, msgcode=MSGCODE).code == "000"
    assert other.send("PREP101", APPLICATION, msgcode=MSGCODE).code == "000"
    assert Application.objects.count() == 2


def test_a_digital_envelope_never_uses_up_a_msgcode(platform: Platform) -> None:
    assert platform.send("PREP103", {"applicationId": "SQ1"}, msgcode=MSGCODE).code == "203"
    assert platform.send("PREP101", APPLICATION, msgcode=MSGCODE).code == "000"
