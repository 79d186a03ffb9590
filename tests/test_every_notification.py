"""Every outbound message in every status: exactly the fields of the specification's table (tests/data/prep.json)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from claims.models import Demand
from guarantees.models import Application, Guarantee
from protocol import strictjson
from protocol.models import Notification
from staff.roles import Role
from tests.institution import applied, approved, cancellation, decide, issued, notified, paid, withdrawal
from tests.platform import APPLICATION, Platform, demand_fields

SPECIFICATION = json.loads((Path(__file__).parent / "data/prep.json").read_text())["transcodes"]
FORMATS = {
    "decimal-2": r"[0-9]{1,16}\.[0-9]{2}",
    "yyyy-MM-dd HH:mm:ss": r"20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}",
}
#: What the platform gave goes back unchanged, even where it is longer than the table says.
ECHO = {"applicationId", "guaranteeId"}
LONG = {
    "applicationId": "SQ" + "9" * 62,
    "supplier": "某某" * 128,
    "purchaseName": "某某采购中心" * 42,
    "purchaseSocCode": "1" * 64,
}
NUMBER = LONG["applicationId"]
PAYMENT = {"reference": "P1"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_letters")]


@pytest.fixture(params=["ordinary", "long"])
def given(request: pytest.FixtureRequest, institution: Any) -> dict[str, str]:
    cache.clear()
    return LONG if request.param == "long" else {}


def when(condition: str | None, fields: dict[str, str]) -> bool:
    """`applicationStatus in (02, 04)`, `status == 01`, or nothing: always."""
    if not condition:
        return True
    name, values = re.fullmatch(r"(\w+) (?:==|in) \(?([0-9, ]+)\)?", condition).groups()  # type: ignore[union-attr]
    return fields.get(name) in [value.strip() for value in values.split(",")]


def check(transcode: str, fields: dict[str, str]) -> None:
    table = {field["name"]: field for field in SPECIFICATION[transcode]["request"]}
    assert set(fields) <= set(table)
    for name, field in table.items():
        if name not in fields:
            needed = field["required"] == "Y" or field.get("required_when")
            wanted = when(field.get("required_when") or field.get("present_when"), fields)
            assert not (needed and wanted), f"{transcode} lacks {name}: {fields}"
            continue
        value = fields[name]
        assert when(field.get("present_when"), fields), f"{transcode} has {name}: {fields}"
        assert isinstance(value, str)
        assert value
        if field.get("length") and name not in ECHO:
            assert len(value) <= field["length"], name
        if field.get("format"):
            assert re.fullmatch(FORMATS[field["format"]], value), name
        if field.get("enum"):
            assert value in field["enum"], name


def all_are_right(platform: Platform, *statuses: str) -> None:
    assert notified(platform) == list(statuses)
    for row in Notification.objects.filter(connection=platform.connection):
        check(row.transcode, dict(strictjson.loads(row.plaintext.encode())))  # type: ignore[arg-type]


def test_approved_paid_issued(given: dict[str, str]) -> None:
    platform = Platform()
    issued(platform, **given)
    all_are_right(platform, "PREP102 01", "PREP102 05", "PREP102 03")


def test_rejected_with_the_longest_reason(given: dict[str, str]) -> None:
    platform = Platform()
    decide("reject", applied(platform, **given), Role.UNDERWRITER, reason="因" * 255)
    all_are_right(platform, "PREP102 02")


def test_given_up(given: dict[str, str]) -> None:
    platform = Platform()
    decide("give_up", approved(platform, **given), Role.ISSUER, reason="逾期未缴费")
    all_are_right(platform, "PREP102 01", "PREP102 04")


@pytest.mark.parametrize("decision", ["waive_premium", "take_on_account"])
def test_waived_or_on_account(given: dict[str, str], decision: str) -> None:
    platform = Platform()
    decide(decision, approved(platform, **given), Role.MANAGER, reason="战略客户")
    all_are_right(platform, "PREP102 01", "PREP102 05")


@pytest.mark.parametrize(("verdict", "status"), [("approve", "07"), ("refuse", "06")])
def test_a_cancelled_order(given: dict[str, str], verdict: str, status: str) -> None:
    platform = Platform()
    application = paid(platform, **given)
    decide(verdict, withdrawal(platform, application.order.number, "02"), Role.UNDERWRITER, reason="因故")
    all_are_right(platform, "PREP102 01", "PREP102 05", f"PREP102 {status}")


def test_a_surrender_refused_and_approved(given: dict[str, str]) -> None:
    platform = Platform()
    guarantee = issued(platform, **given)
    number = guarantee.application.order.number
    decide("refuse", withdrawal(platform, number, "01"), Role.UNDERWRITER, reason="无解除证明")
    decide("approve", cancellation(platform, guarantee), Role.UNDERWRITER)
    decide("approve", withdrawal(platform, number, "01"), Role.UNDERWRITER)
    before = ["PREP102 01", "PREP102 05", "PREP102 03"]
    all_are_right(platform, *before, "PREP102 09", "PREP108", "PREP102 08")


def test_a_return_and_a_reissue(given: dict[str, str]) -> None:
    platform = Platform()
    decide("approve", cancellation(platform, issued(platform, **given), "1"), Role.UNDERWRITER)
    decide("correct", Application.objects.get(), Role.UNDERWRITER, reason="名称有误")
    decide("issue", Application.objects.get(), Role.ISSUER)
    all_are_right(platform, "PREP102 01", "PREP102 05", "PREP102 03", "PREP108", "PREP102 03")


def test_a_refused_invalidation_in_its_dialect(given: dict[str, str]) -> None:
    platform = Platform(dialect={"refusal": "prep108"})
    decide("refuse", cancellation(platform, issued(platform, **given)), Role.UNDERWRITER, reason="因" * 195)
    all_are_right(platform, "PREP102 01", "PREP102 05", "PREP102 03", "PREP108")


@pytest.mark.parametrize(("verdict", "status"), [("pay", "01"), ("refuse", "02")])
def test_a_demand(given: dict[str, str], verdict: str, status: str) -> None:
    platform = Platform()
    guarantee = issued(platform, **given)
    fields = demand_fields(guarantee.number, purchaseName=given.get("purchaseName", APPLICATION["purchaseName"]))
    assert platform.send("PREP105", fields).code == "000"
    decide("take_up", Demand.objects.get(), Role.CLAIMS_HANDLER)
    decide(verdict, Demand.objects.get(), Role.CLAIMS_HANDLER, reason="因故", **PAYMENT)
    all_are_right(platform, "PREP102 01", "PREP102 05", "PREP102 03", "PREP106 00", f"PREP106 {status}")


def test_what_the_platform_gave_goes_back_unchanged(institution: Any) -> None:
    platform = Platform()
    issued(platform, **LONG)
    row = Notification.objects.order_by("id").last()
    assert row is not None
    fields = strictjson.loads(row.plaintext.encode())
    assert fields["applicationId"] == NUMBER
    assert len(str(fields["companyName"])) == 50
    assert row.cuts == {"companyName": LONG["supplier"]}
    assert len(Guarantee.objects.get().number) <= 32
