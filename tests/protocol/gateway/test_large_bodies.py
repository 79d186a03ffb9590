"""A message that is larger than memory should hold: read from disk, and only when its sender is known."""

from __future__ import annotations

import base64
import gc
import json
import random
import tracemalloc
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from ipaddress import ip_network
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from protocol import envelope
from protocol.errors import UnknownNumber
from protocol.gateway import body as bodies
from protocol.gateway import large_bodies
from protocol.gateway.middleware import GatewayMiddleware
from protocol.gateway.parsers import MOST_OF_A_DEMAND
from protocol.models import Alert, Message
from protocol.models.alert import AlertKind
from tests.platform import APPLICATION, Platform
from tests.protocol.gateway.test_reasons import FORMS

FILE = random.Random(1).randbytes(300_000)
FIELDS = {"guaranteeId": "BH1", "guaranteeData": base64.b64encode(FILE).decode()}
Change = Callable[[dict[str, str]], bytes]


def changed(change: Change) -> Callable[[Platform], bytes]:
    return lambda platform: change(json.loads(platform.seal("PREP104", FIELDS)))


def with_data(form: Callable[[str], str]) -> Change:
    return lambda made: json.dumps({**made, "data": form(made["data"])}).encode()


#: Last in the object, first, and with the escapes that PHP and Gson write.
SHAPES: list[Change] = [
    *map(with_data, FORMS),
    lambda made: json.dumps({"data": made.pop("data"), **made}, indent=2).encode(),
    lambda made: json.dumps(made).replace("/", "\\/").replace("=", "\\u003d").encode(),
]


@pytest.fixture
def read_by(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the handler got of each PREP104."""
    seen: list[dict[str, Any]] = []

    def trace(given: bytes, *_: Any) -> None:
        seen.append({"file": given})
        raise UnknownNumber

    monkeypatch.setattr("guarantees.inbound.known_guarantee", lambda *_: None)
    monkeypatch.setattr("guarantees.inbound.trace", trace)
    return seen


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_in_every_form(platform: Platform, read_by: list[dict[str, Any]], shape: Change) -> None:
    body = changed(shape)(platform)
    assert len(body) > bodies.LARGE
    assert platform.post(body).code == "203"
    assert read_by == [{"file": FILE}]
    row = Message.objects.get()
    assert (row.reason, row.size, row.body, row.plaintext) == ("business", len(body), None, None)


def test_a_file_in_chained_blocks(db: None) -> None:
    chained = Platform("Chained", dialect={"sm4_mode": "cbc"})
    with bodies.read(BytesIO(chained.seal("PREP104", FIELDS)), 10**7).file as file:  # type: ignore[union-attr]
        request = envelope.parse_long(file, file.seek(0, 2))
        assert envelope.open_request(request, chained.connection.party()).fields == FIELDS


WRONG = [
    ("unknown appid", lambda p: p.seal("PREP104", FIELDS, appid="nobody"), "101", "unknown_appid"),
    ("no base64", changed(with_data(lambda data: "*" + data)), "102", "data_not_base64"),
    ("an escape that is none", changed(lambda m: json.dumps(m).replace('"data": "', '"data": "\\x').encode()), "102",
     "data_not_base64"),
    ("another session key", changed(with_data(lambda data: base64.b64encode(b"xyz!" * 100_000).decode())), "102",
     "padding"),
    ("half a block", changed(with_data(lambda data: base64.b64encode(b"xyz!" * 100_002).decode())), "102", "padding"),
    ("no JSON inside", lambda p: p.seal("PREP104", b"x" * 400_000), "102", "not_json"),
    ("GBK inside", lambda p: p.seal("PREP104", json.dumps({**FIELDS, "remark": "青"}, ensure_ascii=False)
                                    .encode("gbk")), "102", "not_utf8"),
    ("more beside data", changed(lambda m: json.dumps({**m, "more": "x" * 300_000}).encode()), "103", "no_envelope"),
    ("without sign", changed(lambda m: json.dumps({**m, "sign": ""}).encode()), "103", "malformed"),
    ("cut", changed(lambda m: json.dumps(m).encode()[:300_000]), "103", "no_envelope"),
    ("signed", lambda p: p.seal("PREP101", {**APPLICATION, "more": "x" * 300_000}), "103", "too_large"),
    ("signed, and named otherwise before",
     lambda p: b'{"x":{"transcode":"PREP104"},' + p.seal("PREP101", {"more": "x" * 300_000})[1:], "103", "too_large"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "code", "reason"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_what_is_wrong_with_a_large_one(platform: Platform, make: Any, code: str, reason: str) -> None:
    answer = Client().post("/gateway/", make(platform), content_type="application/json").json()
    assert (answer["code"], Message.objects.get().reason) == (code, reason)


def test_a_large_data_is_not_decoded_before_its_sender_is_known(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoded(*_: Any) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("protocol.longtext.LongText.pieces", decoded)
    assert platform.post(platform.seal("PREP104", FIELDS, appid="nobody")).code == "101"


def test_a_demand_of_2_mb_is_read_and_a_larger_one_raises_an_alert(platform: Platform) -> None:
    demand = {"guaranteeId": "BH1", "claimReason": "x" * (MOST_OF_A_DEMAND * 3 // 4 - 2000)}
    assert platform.send("PREP105", demand).code == "103"
    assert Message.objects.latest("id").reason == "fields"
    demand["claimReason"] += "x" * 4000
    assert platform.send("PREP105", demand).code == "103"
    assert Message.objects.latest("id").reason == "too_large"
    assert AlertKind.UNPROVEN_DEMAND in set(Alert.objects.values_list("kind", flat=True))


def test_so_many_at_once_and_no_more(platform: Platform, settings: Any) -> None:
    """Of a network two, in all four; a small message needs no place, and a large demand that gets none is told of."""
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8")]
    large, small = platform.seal("PREP104", FIELDS), platform.seal("PREP104", {**FIELDS, "guaranteeData": "QUJD"})
    demand = platform.seal("PREP105", {"claimReason": "x" * 300_000})

    def code(body: bytes, network: int) -> str:
        return platform.post(body, HTTP_X_FORWARDED_FOR=f"198.51.{network}.7").code

    with ExitStack() as held:
        for network in (1, 1, 2):
            slot = large_bodies.take(f"198.51.{network}.9")
            assert slot
            held.callback(slot.leave)
        assert (code(large, 1), code(small, 1), code(large, 2)) == ("301", "203", "203")
        slot = large_bodies.take("198.51.3.9")
        assert slot
        held.callback(slot.leave)
        assert code(large, 2) == "301"
        assert not Alert.objects.exists()
        assert code(demand, 2) == "301"
        row = Message.objects.latest("id")
        assert (row.reason, row.transcode, row.size) == ("busy", "PREP105", len(demand))
        assert Alert.objects.get().kind == AlertKind.UNPROVEN_DEMAND
    assert code(large, 1) == "203"


def kept_of(body: bytes) -> int:
    """How many bytes are still held of a message that was answered, where nothing looks for objects that refer to each
    other. Not by a test client, which keeps both itself."""
    sent = RequestFactory().post("/gateway/", body, content_type="application/json")
    gc.disable()
    tracemalloc.start()
    try:
        GatewayMiddleware(lambda _: HttpResponse())(sent)
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.enable()


def test_nothing_of_a_large_message_is_kept_in_memory(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guarantees.inbound.known_guarantee", lambda *_: None)
    large = platform.seal("PREP104", FIELDS)
    kept_of(large)  # with what is made once
    assert kept_of(large) < len(FILE) / 4


def test_nothing_of_a_large_answer_is_kept_in_memory(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    small = platform.seal("PREP103", {"applicationId": "none"})
    kept_of(small)
    monkeypatch.setattr("protocol.gateway.renderers.answer", lambda _: bytes(len(FILE)))
    assert kept_of(small) < len(FILE) / 4
