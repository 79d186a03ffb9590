"""Whatever HTTP brings, the answer is the specification's JSON (decisions E10, E11)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol.errors import Reason
from protocol.gateway.arrival import BROKEN_HTTP
from protocol.gateway.body import MAX_BODY
from protocol.models import Alert, Message
from protocol.models.alert import AlertKind
from staff.files import MEGABYTE
from tests.platform import APPLICATION, Platform

ROOT = Path(__file__).resolve().parents[3]


def code_of(response: Any) -> str:
    assert response["Content-Type"] == "application/json"
    answer = json.loads(response.content)
    assert set(answer) == {"code", "message"}
    return str(answer["code"])


@pytest.mark.parametrize("path", ["/gateway", "/gateway/", "/gateway/PREP101", "/gateway/PREP101/"])
def test_each_address_with_and_without_a_slash(platform: Platform, path: str) -> None:
    assert platform.post(platform.seal("PREP101", APPLICATION), path).code == "000"


def test_a_transcode_of_the_address_that_differs_is_103(platform: Platform) -> None:
    assert platform.post(platform.seal("PREP101", APPLICATION), "/gateway/PREP105/").code == "103"


@pytest.mark.parametrize("path", ["/gateway/PREP101/more/", "/gateway//", "/gateway/%00/", "/gateway/../admin/"])
def test_an_address_that_does_not_exist(db: None, path: str) -> None:
    assert code_of(Client().post(path)) == "103"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_every_method_with_and_without_a_body(platform: Platform, method: str) -> None:
    assert code_of(Client().generic(method, "/gateway/")) == "103"
    body = platform.seal("PREP101", APPLICATION)
    assert code_of(Client().generic(method, "/gateway/", body, "application/json")) == "103"


@pytest.mark.parametrize(
    "content_type", ["", "text/xml", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense", "a/b;c=é"]
)
def test_any_content_type_is_read(platform: Platform, content_type: str) -> None:
    body = platform.seal("PREP101", APPLICATION)
    assert code_of(Client().generic("POST", "/gateway/", body, content_type)) == "000"


def test_a_bad_host_is_served(platform: Platform, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["desk.example"]
    body = platform.seal("PREP101", APPLICATION)
    assert code_of(Client().post("/gateway/", body, content_type="application/json", HTTP_HOST="evil")) == "000"


def test_any_accept_header_gets_json(platform: Platform) -> None:
    body = platform.seal("PREP101", APPLICATION)
    response = Client().post("/gateway/?format=api", body, content_type="application/json", HTTP_ACCEPT="text/html")
    assert code_of(response) == "000"


def test_what_is_read_is_as_large_as_the_documents_say() -> None:
    assert f"413 beyond {MAX_BODY // MEGABYTE} MB" in (ROOT / "docs/connecting.md").read_text(encoding="utf-8")


def test_too_large_a_body_is_413_in_json(db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("protocol.gateway.arrival.MAX_BODY", 1000)
    response = Client().post("/gateway/", b"x" * 1001, content_type="application/json")
    assert response.status_code == 413
    assert code_of(response) == "103"


def test_what_did_not_arrive_whole_is_answered_and_recorded(platform: Platform) -> None:
    """The server hands it on with its own word of what was wrong."""
    body = platform.seal("PREP101", APPLICATION)[:200]
    extra = {BROKEN_HTTP: "not complete after 60 seconds"}
    assert code_of(Client().post("/gateway/", body, content_type="application/json", **extra)) == "103"
    kept = Message.objects.get()
    assert (kept.reason, kept.particulars, kept.size) == (Reason.NOT_RECEIVED, extra[BROKEN_HTTP], 200)
    assert kept.transcode == "PREP101"


def test_a_demand_that_did_not_arrive_whole_raises_an_alert(platform: Platform) -> None:
    extra = {BROKEN_HTTP: "not complete after 60 seconds"}
    assert code_of(Client().post("/gateway/PREP105/", b"{", content_type="application/json", **extra)) == "103"
    assert Alert.objects.get().kind == AlertKind.UNPROVEN_DEMAND


def test_a_length_that_no_column_holds_is_413_and_recorded(db: None) -> None:
    response = Client().post("/gateway/", b"", content_type="application/json", CONTENT_LENGTH="9" * 20)
    assert response.status_code == 413
    assert Message.objects.get().reason == Reason.TOO_LARGE


def test_no_cookie_and_no_redirect(platform: Platform) -> None:
    response = Client().post("/gateway", platform.seal("PREP101", APPLICATION), content_type="application/json")
    assert response.status_code == 200
    assert not response.cookies


def test_a_database_that_is_away_is_302(platform: Platform, monkeypatch: Any) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise ConnectionError

    body = platform.seal("PREP101", APPLICATION)
    monkeypatch.setattr("protocol.models.Connection.objects.agreed", away)
    assert code_of(Client().post("/gateway/", body, content_type="application/json")) == "302"


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
            max_leaves=8,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_no_body_breaks_the_gateway(body: bytes) -> None:
    assert code_of(Client().post("/gateway/", body, content_type="application/json")) == "103"


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    field=st.sampled_from(["transcode", "msgcode", "appid", "reqtime", "version", "data", "sign"]),
    value=st.none() | st.booleans() | st.integers() | st.text(max_size=80) | st.lists(st.text(max_size=3), max_size=2),
)
def test_no_field_of_the_envelope_breaks_the_gateway(field: str, value: Any) -> None:
    outer = {
        "transcode": "PREP103",
        "msgcode": "0" * 32,
        "appid": "nobody",
        "reqtime": "20261124120000",
        "version": "v1.0",
        "data": "AAAA",
        "sign": "AAAA",
    }
    response = Client().post("/gateway/", json.dumps({**outer, field: value}), content_type="application/json")
    assert code_of(response) in {"101", "103"}


def test_a_body_of_countless_values_is_refused_at_once(db: None) -> None:
    body = b'{"a":[' + b"{}," * 20_000 + b"{}]}"
    assert code_of(Client().post("/gateway/", body, content_type="application/json")) == "103"
