"""Every field of every inbound transcode, as the specification's table (tests/data/prep.json) has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.platform import APPLICATION, Platform

SPECIFICATION = json.loads((Path(__file__).parents[2] / "data/prep.json").read_text())["transcodes"]
INBOUND = {name: table["request"] for name, table in SPECIFICATION.items() if table["provider"] == "institution"}
DIGITAL = {name for name, table in SPECIFICATION.items() if table["envelope"] == "digital"}
#: A message that passes the table and names nothing that we know: 203; an application is simply accepted.
ACCEPTED = {"PREP101": "000"}
VALUES = {
    "decimal-2": "1000.00",
    "yyyyMMdd": "20261130",
    "yyyy-MM-dd HH:mm:ss": "2026-11-30 12:00:00",
    "base64": "JVBERi0=",
}
WRONG_FORMATS = {
    "decimal-2": ["0", "-1.00", "1.001", "1,000.00", "1e3", "１００", "+1", "1" * 17, "NaN"],
    "yyyyMMdd": ["20261301", "20260230", "2026-11", "30112026", "２０２６１１３０"],
    "yyyy-MM-dd HH:mm:ss": ["2026-11-30", "2026-11-30 24:00:00", "20261130120000", "2026-11-30T12:00:00"],
    "base64": ["*", "A", "AA=A", "AA AA"],
}
MONTHS = {"guaranteeDate", "contractDate"}
WRONG_MONTHS = ["0", "601", "1.5", "-3", "twelve"]


def valid(field: dict[str, Any]) -> str:
    if field["name"] in MONTHS:
        return "12"
    if field.get("enum"):
        return str(next(iter(field["enum"])))
    if field["name"] in ("socialCreditCode", "purchaseSocCode"):
        return "91150100MA0N2T4X50"
    return VALUES.get(str(field.get("format")), "甲")


def message(transcode: str) -> dict[str, Any]:
    fields = {field["name"]: valid(field) for field in INBOUND[transcode]}
    if transcode == "PREP101":
        # Its own number each time, since the same one again would have to say the same.
        return {**fields, **APPLICATION, "applicationId": uuid4().hex}
    return fields


def limit(field: dict[str, Any]) -> int | None:
    """The most characters that are accepted; a format or an enumeration bounds the others."""
    if field.get("format") or field.get("enum") or field["name"] in MONTHS:
        return None
    longest: int | None = field.get("accept_length") or field.get("length")
    return longest


def wrong(field: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each way in which the field can be wrong: its name, and the value."""
    if field["required"] == "Y":
        yield from [("absent", None), ("empty", ""), ("null", None), ("blank", "  ")]
    for name, value in (("true", True), ("list", ["甲"]), ("object", {"甲": "乙"})):
        yield name, value
    if longest := limit(field):
        yield "too long by one", "甲" * (longest + 1)
    if field.get("enum"):
        yield "no such value", "99"
    for value in WRONG_FORMATS.get(str(field.get("format")), []):
        yield f"wrong format {value}", value
    if field["name"] in MONTHS:
        for value in WRONG_MONTHS:
            if value == "0" and field["required"] is not True:
                continue  # as good as absent (F7)
            yield f"wrong months {value}", value


FIELDS = [
    pytest.param(transcode, field, id=f"{transcode}-{field['name']}")
    for transcode, fields in INBOUND.items()
    for field in fields
]
LIMITS = [
    pytest.param(transcode, field["name"], limit(field), id=f"{transcode}-{field['name']}")
    for transcode, fields in INBOUND.items()
    for field in fields
    if limit(field)
]
OPTIONAL = [
    pytest.param(transcode, field["name"], id=f"{transcode}-{field['name']}")
    for transcode, fields in INBOUND.items()
    for field in fields
    if field["required"] != "Y"
]


@pytest.fixture(autouse=True)
def _no_throttle(settings: Any) -> None:
    settings.GATEWAY_SIGNED_PER_MINUTE = settings.GATEWAY_DIGITAL_PER_MINUTE = 1_000_000


@pytest.mark.parametrize("transcode", INBOUND)
def test_a_message_by_the_table_passes(db: None, transcode: str) -> None:
    assert Platform().send(transcode, message(transcode)).code == ACCEPTED.get(transcode, "203")


@pytest.mark.parametrize(("transcode", "field"), FIELDS)
def test_a_wrong_field_is_103_and_named(db: None, transcode: str, field: dict[str, Any]) -> None:
    platform, name = Platform(), field["name"]
    passed, unnamed = {}, {}
    for how, value in wrong(field):
        fields = {**message(transcode), name: value}
        if how == "absent":
            del fields[name]
        answer = platform.send(transcode, fields)
        if answer.code != "103":
            passed[how] = answer
        # Of a digital envelope's failure only the code's text is told: nothing proves who asks.
        elif name not in answer.message and transcode not in DIGITAL:
            unnamed[how] = answer
    assert (passed, unnamed) == ({}, {})


@pytest.mark.parametrize(("transcode", "field", "longest"), LIMITS)
def test_a_field_at_its_limit_passes(db: None, transcode: str, field: str, longest: int) -> None:
    text = uuid4().hex.ljust(longest, "甲")[:longest]
    assert Platform().send(transcode, {**message(transcode), field: text}).code == ACCEPTED.get(transcode, "203")


@pytest.mark.parametrize(("transcode", "field"), OPTIONAL)
def test_an_optional_field_may_be_absent(db: None, transcode: str, field: str) -> None:
    platform, expected = Platform(), ACCEPTED.get(transcode, "203")
    codes = {value: platform.send(transcode, {**message(transcode), field: value}).code for value in (None, "", "  ")}
    assert codes == dict.fromkeys(codes, expected)


@pytest.mark.parametrize("transcode", INBOUND)
def test_an_unknown_field_is_ignored(db: None, transcode: str) -> None:
    answer = Platform().send(transcode, {**message(transcode), "unknown": {"deep": [1, 2.5, None]}})
    assert answer.code == ACCEPTED.get(transcode, "203")


def test_a_number_stands_for_its_text(db: None) -> None:
    platform = Platform()
    plaintext = json.dumps({**message("PREP101"), "advanceAmount": 900000.5}).encode()
    assert platform.post(platform.seal("PREP101", plaintext)).code == "000"
