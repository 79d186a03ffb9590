"""The tables are the specification's, and reading and writing keep to them."""

import ast
import json
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from protocol.errors import TEXTS, InvalidFields, Problem
from protocol.families import personal_fields
from protocol.names import named, status_named
from protocol.prep.transcodes import TABLES
from protocol.tables import Kind, build, check, mask, read
from protocol.vocabulary import NEVER_REFUSED, WITH_FILE, ApplicationOutcome
from staff.clock import CHINA

SPECIFICATION = json.loads((Path(__file__).parents[2] / "data" / "prep.json").read_text())
VECTORS = json.loads((Path(__file__).parents[2] / "data" / "sm-crypto.json").read_text())
APPLICATION = json.loads(VECTORS["messages"][0]["plaintext"])
KINDS = {
    "decimal-2": Kind.MONEY,
    "yyyyMMdd": Kind.DATE,
    "yyyy-MM-dd": Kind.DAY,
    "yyyy-MM-dd HH:mm:ss": Kind.DATETIME,
}
ROWS = [
    (code, part, row)
    for code, table in SPECIFICATION["transcodes"].items()
    for part, ours in (("request", "request"), ("response", "answer"))
    for row in table[part]
    if row["name"] not in ("code", "message")
]


@pytest.mark.parametrize(
    ("code", "part", "row"), ROWS, ids=lambda value: value["name"] if isinstance(value, dict) else value
)
def test_every_field_is_the_specifications(code, part, row):
    fields = TABLES[code].request if part == "request" else TABLES[code].answer
    field = next(field for field in fields if field.name == row["name"])
    assert field.label == row["label"]
    assert field.length == row["length"]
    assert field.accept_length == row.get("accept_length")
    assert field.required == (row["required"] == "Y")
    assert field.codes == tuple(row.get("enum", ()))
    if row.get("format") in KINDS:
        assert field.kind is KINDS[row["format"]]
    if part == "request":
        status = TABLES[code].status
        present_in = [status.code_of(word) for word in field.present_in or ()]
        assert present_in == re.findall(r"\b\d\d\b", row.get("present_when", ""))


def test_no_field_is_missing_or_made_up():
    assert {(code, field.name) for code, table in TABLES.items() for field in table.request + table.answer} == {
        (code, row["name"]) for code, _part, row in ROWS
    }


def test_the_codes_are_the_specifications():
    assert set(TEXTS) == set(SPECIFICATION["errorCodes"])


def test_it_reads_an_application():
    facts = read(TABLES["PREP101"], APPLICATION).facts
    assert facts["advance_amount"] == Decimal("1280000.00")
    assert facts["award_date"] == date(2026, 11, 10)
    assert facts["guarantee_months"] == 12
    assert facts["purchase_nature"] == "goods"
    assert "ext1" not in facts


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_blank_required_field_is_absent(blank):
    with pytest.raises(InvalidFields) as refusal:
        read(TABLES["PREP101"], {**APPLICATION, "legalName": blank})
    assert refusal.value.problems == [Problem("legalName", "必填", "法人姓名")]


@pytest.mark.parametrize(
    "amount", ["0", "0.00", "-1", "1,000", "1e3", "1.234", "１２", "12345678901234567", " ", True, ["1"]]
)
def test_it_refuses_amounts_that_are_none(amount):
    with pytest.raises(InvalidFields, match="advanceAmount"):
        read(TABLES["PREP101"], {**APPLICATION, "advanceAmount": amount})


@pytest.mark.parametrize("day", ["20260230", "2026-11-10", "2026111", "２０２６１１１０"])
def test_it_refuses_days_that_are_none(day):
    with pytest.raises(InvalidFields, match="bidDate"):
        read(TABLES["PREP101"], {**APPLICATION, "bidDate": day})


def test_optional_dates_may_have_dashes():
    assert read(TABLES["PREP101"], {**APPLICATION, "guaranteeStartDate": "2026-12-01"}).facts["start_date"] == date(
        2026, 12, 1
    )


def test_unknown_fields_are_kept_apart():
    assert read(TABLES["PREP101"], {**APPLICATION, "new": "x"}).unknown_fields == {"new": "x"}


def test_many_problems_fit_the_message():
    with pytest.raises(InvalidFields) as refusal:
        read(TABLES["PREP101"], {})
    assert len(refusal.value.message) <= 200
    assert refusal.value.message.endswith("共19个字段有误")


ISSUED = {
    "order_number": "SQ1",
    "status": ApplicationOutcome.ISSUED,
    "guarantee_number": "BH1",
    "amount": Decimal("1280000"),
    "valid_from": datetime(2026, 12, 1, tzinfo=CHINA),
    "valid_until": datetime(2027, 11, 30, 23, 59, 59, tzinfo=CHINA),
    "issued_at": datetime(2026, 11, 24, 12, tzinfo=CHINA),
    "applicant_name": "呼和浩特市青山电力设备有限公司",
}


def test_what_it_builds_is_right_by_the_table():
    built = build(TABLES["PREP102"], ISSUED)
    assert check(TABLES["PREP102"], built.fields) == []
    assert built.fields["guaranteeAmt"] == "1280000.00"
    assert built.fields["validTimeEnd"] == "2027-11-30 23:59:59"


def test_a_required_name_is_cut_and_told():
    built = build(TABLES["PREP102"], {**ISSUED, "applicant_name": "长" * 60})
    assert built.fields["companyName"] == "长" * 50
    assert built.cuts == {"companyName": "长" * 60}


def test_the_platforms_number_goes_back_unchanged():
    assert build(TABLES["PREP102"], {**ISSUED, "order_number": "S" * 64}).fields["applicationId"] == "S" * 64


def test_it_refuses_a_field_of_another_status():
    with pytest.raises(ValueError, match="guaranteeId"):
        build(TABLES["PREP102"], {"order_number": "SQ1", "status": "approved", "guarantee_number": "BH1"})


def test_a_rejection_needs_its_reason():
    with pytest.raises(ValueError, match="failReason"):
        build(TABLES["PREP102"], {"order_number": "SQ1", "status": "rejected"})


def test_personal_data_is_masked():
    masked = mask(APPLICATION, personal_fields())
    assert masked["legalIdNo"] == "150*************28"
    assert masked["legalName"] == "王**"
    assert masked["supplier"] == APPLICATION["supplier"]


@pytest.mark.parametrize("transcode", TABLES)
def test_every_transcode_has_the_specifications_name(transcode: str) -> None:
    with translation.override("zh-hans"):
        assert named(transcode) == f"{transcode} {SPECIFICATION['transcodes'][transcode]['title']}"
    assert named(transcode).isascii()


def test_a_demand_alone_may_be_lost_for_good() -> None:
    assert NEVER_REFUSED == ("PREP105",)
    assert WITH_FILE == ("PREP104",)


@pytest.mark.parametrize(
    ("transcode", "status", "english", "chinese"),
    [
        ("PREP102", "03", "03 letter issued", "03 开函成功"),
        ("PREP106", "02", "02 payment refused", "02 不予代偿（理赔失败）"),
        ("PREP108", "", "", ""),
        ("PREP102", "77", "77", "77"),
    ],
)
def test_a_status_is_named_with_the_specifications_word(
    transcode: str, status: str, english: str, chinese: str
) -> None:
    with translation.override("en"):
        assert status_named(TABLES[transcode], status) == english
    with translation.override("zh-hans"):
        assert status_named(TABLES[transcode], status) == chinese


@pytest.mark.parametrize("room", ["config", "claims", "guarantees", "protocol", "staff"])
def test_no_transcode_is_spelt_but_in_the_vocabulary(room: str) -> None:
    root = Path(__file__).parents[3]
    found = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in (root / room).rglob("*.py")
        if "migrations" not in path.parts and path.name != "vocabulary.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and re.fullmatch(r"\W*PREP\d{3}\W*", str(node.value).removeprefix("b'").removesuffix("'"))
    ]
    assert found == []
