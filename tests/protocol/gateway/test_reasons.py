"""Wrong envelopes with one fault each: the answer stays bare, our own record says the true reason (decisions C7)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from protocol.crypto import sm2, sm4
from protocol.errors import Reason
from protocol.models import Message
from staff import clock
from tests.institution import issued
from tests.platform import APPLICATION, Platform

Make = Callable[[Platform], bytes]


def outer(transcode: str = "PREP101", fields: Any = APPLICATION, **changed: Any) -> Make:
    """A right envelope with some of its parts replaced; None takes one away."""

    def make(platform: Platform) -> bytes:
        made = {**json.loads(platform.seal(transcode, fields)), **changed}
        return json.dumps({name: value for name, value in made.items() if value is not None}).encode()

    return make


def signed(change: Callable[[bytes], bytes]) -> Make:
    """The ciphertext changed, and signed as it then is."""

    def make(platform: Platform) -> bytes:
        made = json.loads(platform.seal("PREP101", APPLICATION))
        return resigned(platform, made, base64.b64encode(change(base64.b64decode(made["data"]))).decode())

    return make


def resigned(platform: Platform, made: dict[str, Any], data: str) -> bytes:
    from protocol import envelope

    sign = envelope.signature(data, made["reqtime"], platform.party).hex()
    return json.dumps({**made, "data": data, "sign": sign}).encode()


def text(data: str) -> Make:
    return lambda platform: resigned(platform, json.loads(platform.seal("PREP101", APPLICATION)), data)


def plain(content: bytes) -> Make:
    return lambda platform: platform.seal("PREP101", content)


def digital(**changed: Any) -> Make:
    return outer("PREP103", {"applicationId": "1"}, **changed)


def session_key(key: bytes) -> Make:
    def make(platform: Platform) -> bytes:
        sealed = base64.b64encode(sm2.encrypt(platform.party.peer_key, key, sm2.Layout.C1C3C2, prefix=True)).decode()
        return digital(sign=sealed)(platform)

    return make


def another_key(platform: Platform) -> bytes:
    return platform.seal("PREP103", {"applicationId": "1"}, peer_key=sm2.generate().public)


def digital_plaintext(content: bytes) -> Make:
    return lambda platform: platform.seal("PREP103", content)


def off_the_curve(ciphertext: bytes) -> bytes:
    return b"\x04" + b"\x01" * 64 + ciphertext[65:]


def last_changed(ciphertext: bytes) -> bytes:
    return ciphertext[:-1] + bytes([ciphertext[-1] ^ 1])


def old(platform: Platform) -> bytes:
    return platform.seal("PREP101", APPLICATION, reqtime=clock.now() - timedelta(hours=1))


def raw(content: bytes) -> Make:
    return lambda _platform: content


WRONG: list[tuple[str, Make, Reason]] = [
    ("empty", raw(b""), Reason.NO_ENVELOPE),
    ("text", raw(b"hello"), Reason.NO_ENVELOPE),
    ("list", raw(b"[]"), Reason.NO_ENVELOPE),
    ("cut off", raw(b'{"transcode":"PREP101"'), Reason.NO_ENVELOPE),
    ("GBK", raw('{"transcode":"申请"}'.encode("gbk")), Reason.NO_ENVELOPE),
    ("twice", raw(b'{"appid":"a","appid":"b"}'), Reason.NO_ENVELOPE),
    *((f"without {name}", outer(**{name: None}), Reason.MALFORMED) for name in ("transcode", "msgcode", "appid")),
    *((f"without {name}", outer(**{name: None}), Reason.MALFORMED) for name in ("reqtime", "version", "data", "sign")),
    *((f"blank {name}", outer(**{name: " "}), Reason.MALFORMED) for name in ("transcode", "appid", "data", "sign")),
    ("number reqtime", outer(reqtime=5), Reason.MALFORMED),
    ("number transcode", outer(transcode=5), Reason.TRANSCODE),
    ("number data", outer(data=5), Reason.WRONG_SIGNATURE),
    ("long appid", outer(appid="x" * 33), Reason.MALFORMED),
    ("msgcode's form", outer(msgcode="a b"), Reason.MALFORMED),
    ("reqtime's form", outer(reqtime="2026-11-26 07:00:00"), Reason.MALFORMED),
    ("reqtime's day", outer(reqtime="20261340000000"), Reason.MALFORMED),
    ("unknown transcode", outer(transcode="PREP999"), Reason.TRANSCODE),
    ("ours to send", outer(transcode="PREP102"), Reason.TRANSCODE),
    ("unknown appid", outer(appid="nobody"), Reason.UNKNOWN_APPID),
    ("appid in capitals", outer(appid="PLATFORM"), Reason.UNKNOWN_APPID),
    ("short sign", outer(sign="ab"), Reason.SIGN_NOT_HEX),
    ("sign in base64", outer(sign="q" * 43 + "="), Reason.SIGN_NOT_HEX),
    ("another sign", outer(sign="0" * 64), Reason.WRONG_SIGNATURE),
    ("another reqtime", outer(reqtime="20261126070000"), Reason.WRONG_SIGNATURE),
    ("another data", outer(data="QUJD"), Reason.WRONG_SIGNATURE),
    ("wrong secret", lambda p: p.seal("PREP101", APPLICATION, appsecret="x"), Reason.WRONG_SIGNATURE),
    ("wrong appkey", lambda p: p.seal("PREP101", APPLICATION, appkey="x"), Reason.WRONG_SIGNATURE),
    ("old", old, Reason.STALE),
    ("data not base64", text("***"), Reason.DATA_NOT_BASE64),
    ("data cut", text("QUJDA"), Reason.DATA_NOT_BASE64),
    ("data short", text("QUJD"), Reason.CIPHERTEXT_SHORT),
    ("off the curve", signed(off_the_curve), Reason.OFF_CURVE),
    ("changed text", signed(last_changed), Reason.WRONG_C3),
    ("another's key", lambda p: p.seal("PREP101", APPLICATION, peer_key=sm2.generate().public), Reason.WRONG_C3),
    ("not UTF-8", plain(b"\xff\xfe{}"), Reason.NOT_UTF8),
    ("GBK inside", plain('{"supplier":"青城"}'.encode("gbk")), Reason.NOT_UTF8),
    ("no JSON inside", plain(b"hello"), Reason.NOT_JSON),
    ("a list inside", plain(b"[]"), Reason.NOT_JSON),
    ("the same name twice inside", plain(b'{"a":"1","a":"2"}'), Reason.NOT_JSON),
    ("a field missing", plain(b"{}"), Reason.FIELDS),
    ("digital: sign not base64", digital(sign="***"), Reason.SIGN_NOT_BASE64),
    ("digital: another's key", another_key, Reason.KEY_NOT_OURS),
    ("digital: key of 15", session_key(b"k" * 15), Reason.SESSION_KEY),
    ("digital: data not base64", digital(data="***"), Reason.DATA_NOT_BASE64),
    ("digital: half a block", digital(data=base64.b64encode(b"x" * 24).decode()), Reason.BLOCK_LENGTH),
    ("digital: another session key", session_key(b"k" * 16), Reason.PADDING),
    ("digital: no JSON inside", digital_plaintext(b"hello"), Reason.NOT_JSON),
    ("digital: unknown number", digital(), Reason.BUSINESS),
    ("digital: a field missing", digital_plaintext(b"{}"), Reason.FIELDS),
]


def test_there_are_as_many_as_were_tried() -> None:
    assert len(WRONG) >= 54


@pytest.mark.parametrize(("make", "reason"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_the_record_says_the_true_reason(platform: Platform, make: Make, reason: Reason) -> None:
    body = make(platform)
    answer = Client().post("/gateway/", body, content_type="application/json").json()
    row = Message.objects.get()
    assert row.reason == reason
    assert (row.code, row.size) == (answer["code"], len(body))
    if answer["code"] in ("101", "102") and reason is not Reason.STALE:
        assert answer["message"] in ("数据接收失败, 数据验签未通过", "数据接收失败, 数据解密失败")


def test_what_can_be_read_is_recorded_though_the_sender_is_unknown(platform: Platform) -> None:
    outer(appid="nobody", msgcode="abc-1")(platform)
    Client().post("/gateway/", outer(appid="nobody", msgcode="abc-1")(platform), content_type="application/json")
    row = Message.objects.get()
    assert (row.appid, row.transcode, row.msgcode, row.connection) == ("nobody", "PREP101", "abc-1", None)


def test_from_a_foreign_network(db: None) -> None:
    fenced = Platform("Fenced", networks=["10.0.0.0/8"])
    fenced.post(fenced.seal("PREP101", APPLICATION))
    row = Message.objects.get()
    assert (row.reason, row.connection, row.particulars) == ("foreign_network", fenced.connection, "127.0.0.1")


# --- As other programs encode (decisions E5, E7) ----------------------------------------------------------------------
def url_safe(text: str) -> str:
    return text.replace("+", "-").replace("/", "_")


def broken(text: str) -> str:
    return "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76)) + "\r\n"


FORMS: list[Callable[[str], str]] = [
    url_safe,
    broken,
    lambda text: text.rstrip("="),
    lambda text: url_safe(text).rstrip("="),
    lambda text: base64.b64decode(text).hex(),
    lambda text: base64.b64decode(text).hex().upper(),
]


@pytest.mark.parametrize("form", FORMS)
def test_ciphertext_and_session_key_in_every_form(platform: Platform, institution: Any, form: Any) -> None:
    made = json.loads(platform.seal("PREP101", APPLICATION))
    answer = platform.post(resigned(platform, made, form(made["data"])))
    assert answer.code == "000"
    made = json.loads(platform.seal("PREP103", {"applicationId": APPLICATION["applicationId"]}))
    assert (
        platform.post(json.dumps({**made, "data": form(made["data"]), "sign": form(made["sign"])}).encode()).code
        == "203"
    )


@pytest.mark.parametrize("write", [lambda k: k, lambda k: k.hex().encode(), base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_the_session_key_in_every_form(platform: Platform, write: Callable[[bytes], bytes], ending: bytes) -> None:
    key = bytes(range(240, 256))
    text = write(key)
    ending = b"" if text == key else ending  # sixteen raw bytes have no line end
    data = base64.b64encode(sm4.encrypt_ecb(key, b'{"applicationId":"1"}')).decode()
    for inside in {text, text.rstrip(b"=")}:
        made = json.loads(session_key(inside + ending)(platform))
        assert platform.post(json.dumps({**made, "data": data}).encode()).code == "203"


def test_a_file_as_other_programs_write_it(platform: Platform, institution: Any) -> None:
    guarantee = issued(platform)
    file = base64.b64encode(guarantee.file.read()).decode()
    for written in (file, broken(file), url_safe(file), file.rstrip("="), f"data:application/pdf;base64,{file}"):
        answer = platform.send("PREP104", {"guaranteeId": guarantee.number, "guaranteeData": written})
        assert answer.fields["status"] == "01"
    answer = platform.send("PREP104", {"guaranteeId": guarantee.number, "guaranteeData": file.replace("+", " ")})
    assert (answer.code, "传输中丢失的+" in answer.message) == ("103", True)  # and not "forged"
