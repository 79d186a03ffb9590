"""A long text inside a JSON object says the same piece by piece as when it is read whole."""

from __future__ import annotations

import base64
import json
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol import longtext
from protocol.base64text import decode, from_base64
from protocol.strictjson import JsonError

TEXT = st.text(st.characters(max_codepoint=255, min_codepoint=1), max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, before=TEXT, ascii_only=st.booleans(), piece=st.integers(1, 9))
def test_any_text_with_any_escapes_in_pieces_of_any_size(
    monkeypatch: pytest.MonkeyPatch, text: str, before: str, ascii_only: bool, piece: int
) -> None:
    monkeypatch.setattr("protocol.longtext.PIECE", piece)
    written = json.dumps({"a": before, "data": text, "z": 'data":"'}, ensure_ascii=ascii_only).replace("/", "\\/")
    body = written.encode()
    fields, found = longtext.read(BytesIO(body), len(body), "data")
    assert fields["data"] == ""
    assert {**json.loads(body), "data": ""} == fields
    if ascii_only or text.isascii():
        assert found.text() == text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"other":"x"}',
        b'{"data":"no end',
        b'{"data":"an escape \\',
        b'{"data":"x","data":"y"}',
        b'{"inner":{"data":"x"}}',
        b'{"data":"x"} more',
        b'{"data":"x","z":"' + b"z" * longtext.MOST_BESIDE + b'"}',
    ],
)
def test_what_is_no_such_object(body: bytes) -> None:
    with pytest.raises(JsonError):
        longtext.read(BytesIO(body), len(body), "data")


@pytest.mark.parametrize("inside", [b"a\nb", b"a\\xb", b"a\\u12", b"a\\u12zz", b"\x00"])
def test_what_no_json_string_holds_is_told_when_it_is_read(inside: bytes) -> None:
    body = b'{"data":"%s"}' % inside
    with pytest.raises(JsonError):
        longtext.read(BytesIO(body), len(body), "data")[1].text()


@given(content=st.binary(max_size=50), size=st.integers(1, 9), padded=st.booleans(), spoilt=st.sampled_from(" =*é"))
def test_base64_in_pieces_is_base64(content: bytes, size: int, padded: bool, spoilt: str) -> None:
    text = base64.urlsafe_b64encode(content).decode()
    text = text if padded else text.rstrip("=")
    cut = [text[at : at + size] for at in range(0, len(text), size)]
    assert b"".join(decode(cut)) == content == from_base64(text)
    with pytest.raises(ValueError, match="no base64"):
        list(decode([spoilt, *cut, "AAAA"]))


def test_nothing_stands_behind_the_padding() -> None:
    with pytest.raises(ValueError, match="no base64"):
        list(decode(["AAA=", "AAAA"]))
