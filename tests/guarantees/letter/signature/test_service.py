"""Signing at a service: it is given a digest, and whatever it answers is believed only if it verifies."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from guarantees.issuing.signing import Post
from guarantees.letter.signature import validation
from guarantees.letter.signature.credentials import CannotSign, Credentials
from guarantees.letter.signature.service import ServiceKey
from protocol.delivery.transport import Address
from tests.guarantees.letter.signature.serving import serving
from tests.guarantees.letter.signature.signing_service import CREDENTIAL, PIN, TOKEN, SigningService, answered
from tests.guarantees.letter.signature.test_signature import KINDS, credentials, letter, sign


@contextmanager
def at(service, kind: str, **changed) -> Iterator[Credentials]:
    """The credentials of that kind with their key at the service."""
    with serving(service) as root:
        key = ServiceKey(Post(Address(f"{root}/csc/v2/")), credential=CREDENTIAL, token=TOKEN)
        yield replace(credentials(kind)[0], key=replace(key, **changed))


@pytest.mark.parametrize("kind", KINDS)
def test_it_works(kind):
    service = SigningService(credentials(kind)[0].key)
    with at(service, kind) as by:
        content = sign(letter(), by)
    assert validation.validate(content, [credentials(kind)[1]]).faults == ()
    assert [asked.path for asked in service.asked] == ["/csc/v2/signatures/signHash"]


def test_a_key_with_a_pin_is_activated_for_this_digest_alone():
    service = SigningService(credentials("RSA")[0].key, wants_pin=True)
    with at(service, "RSA", pin=PIN) as by:
        assert validation.validate(sign(letter(), by), [credentials("RSA")[1]]).faults == ()
    authorize, sign_hash = (json.loads(asked.body) for asked in service.asked)
    assert authorize["hashes"] == sign_hash["hashes"]


def test_only_the_digest_leaves_the_house():
    service = SigningService(credentials("RSA")[0].key)
    with at(service, "RSA") as by:
        sign(letter(), by)
    (asked,) = service.asked
    assert len(asked.body) < 400


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"token": "another"}, r"HTTP 401, invalid_token the access token is unknown"),
        ({"credential": "another"}, r"HTTP 400, invalid_request Invalid parameter credentialID"),
        ({"pin": "another"}, r"HTTP 400, invalid_pin The PIN is wrong"),
    ],
)
def test_a_refusal_says_what_the_service_says(changed, message):
    with (
        at(SigningService(credentials("RSA")[0].key), "RSA", **changed) as by,
        pytest.raises(CannotSign, match=message),
    ):
        sign(letter(), by)


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_over_another_digest_is_refused(kind):
    class Confused(SigningService):
        def sign(self, digest, body):
            return super().sign(digest[::-1], body)

    with (
        at(Confused(credentials(kind)[0].key), kind) as by,
        pytest.raises(CannotSign, match="answer to another digest"),
    ):
        sign(letter(), by)


def test_a_signature_of_another_key_is_refused():
    another = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with at(SigningService(another), "RSA") as by, pytest.raises(CannotSign, match="belongs to another certificate"):
        sign(letter(), by)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"signatures": []},
        {"signatures": ["AA==", "AA=="]},
        {"signatures": ["no base64"]},
        {"signatures": [None]},
        {"signatures": "AA=="},
    ],
)
def test_an_answer_without_a_signature_is_refused(answer):
    with at(lambda _asked: answered(answer), "RSA") as by, pytest.raises(CannotSign, match=r"no signature|is not that"):
        sign(letter(), by)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff"])
def test_an_answer_that_is_no_json_object_is_refused(body):
    with at(lambda _asked: (200, "text/html", body), "RSA") as by, pytest.raises(CannotSign, match="refuses"):
        sign(letter(), by)


def test_a_service_that_is_down_is_said_to_be():
    key = ServiceKey(Post(Address("http://127.0.0.1:1/csc/v2")), credential=CREDENTIAL)
    with pytest.raises(CannotSign, match="does not answer"):
        sign(letter(), replace(credentials("RSA")[0], key=key))


def test_a_service_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = Address(f"http://127.0.0.1:{silent.getsockname()[1]}/csc/v2")
        key = ServiceKey(Post(address), credential=CREDENTIAL, seconds=0.2)
        with pytest.raises(CannotSign, match="No answer came in time"):
            sign(letter(), replace(credentials("RSA")[0], key=key))


def test_no_secret_is_shown():
    key = ServiceKey(Post(Address("https://user:secret@sign.example.com")), credential=CREDENTIAL, token=TOKEN, pin=PIN)
    assert not any(secret in repr(key) for secret in ("secret", TOKEN, PIN))
