"""Conversations written by an independent implementation: every one of them is read."""

import base64
import json
from pathlib import Path

import pytest

from protocol import envelope
from protocol.crypto import keys, sm2, sm3, sm4
from protocol.dialect import Dialect
from protocol.errors import CannotOpen, NotAuthenticated

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "sm-crypto.json").read_text())
MESSAGES = VECTORS["messages"]


def party(mode: str = "ecb") -> envelope.Party:
    return envelope.Party(
        appid=VECTORS["appid"],
        appkey=VECTORS["appkey"],
        appsecret=VECTORS["appsecret"],
        own_key=keys.load_private(VECTORS["institution"]["private"]),
        peer_key=keys.load_public(VECTORS["platform"]["public"]),
        dialect=Dialect(sm4_mode=mode),
    )


@pytest.mark.parametrize(
    "message", MESSAGES, ids=lambda m: f"{m['envelope']['transcode']}-{m['envelope']['msgcode'][:6]}"
)
def test_it_opens_every_message(message):
    request = envelope.parse(json.dumps(message["envelope"]).encode())
    us = party(message.get("sm4", "ecb"))
    if not request.is_digital:
        envelope.verify(request, us)
    assert envelope.open_request(request, us).plaintext.decode() == message["plaintext"]


def test_it_refuses_another_secret():
    request = envelope.parse(json.dumps({**MESSAGES[0]["envelope"], "reqtime": "20261123101009"}).encode())
    with pytest.raises(NotAuthenticated):
        envelope.verify(request, party())


@pytest.mark.parametrize("message", MESSAGES[:8] + MESSAGES[-4:-2], ids=lambda m: m["envelope"]["msgcode"][:6])
def test_it_never_opens_a_changed_message(message):
    data = message["envelope"]["data"]
    changed = data[:40] + ("A" if data[40] != "A" else "B") + data[41:]
    sign = message["envelope"]["sign"]
    if "sm4" in message:
        changed, sign = data, sign[:40] + ("A" if sign[40] != "A" else "B") + sign[41:]
    request = envelope.parse(json.dumps({**message["envelope"], "data": changed, "sign": sign}).encode())
    with pytest.raises(CannotOpen):
        envelope.open_request(request, party(message.get("sm4", "ecb")))


@pytest.mark.parametrize("vector", VECTORS["primitives"]["sm3"], ids=lambda v: v["text"][:8])
def test_sm3(vector):
    assert sm3.digest(vector["text"].encode()).hex() == vector["hex"]


@pytest.mark.parametrize("vector", VECTORS["primitives"]["sm4"], ids=lambda v: v["mode"])
def test_sm4(vector):
    key, text = bytes.fromhex(vector["key"]), vector["text"].encode()
    ciphertext = (
        sm4.encrypt_cbc(key, bytes.fromhex(vector["iv"]), text)
        if vector["mode"] == "cbc"
        else sm4.encrypt_ecb(key, text)
    )
    assert ciphertext == base64.b64decode(vector["base64"])


def test_sm2_signature():
    vector = VECTORS["primitives"]["sm2sign"]
    public = keys.load_public(VECTORS["institution"]["public"])
    assert sm2.verify(public, vector["text"].encode(), bytes.fromhex(vector["rs"]))
