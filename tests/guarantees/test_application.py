"""PREP101 again (decisions B1), PREP103 and PREP104 in every state of a guarantee (B9, B16), two platforms (C3)."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from guarantees.ending import expire_due
from guarantees.models import Application, Guarantee
from staff.roles import Role
from tests.institution import applied, approved, cancellation, decide, issued, withdrawal
from tests.platform import APPLICATION, Platform

pytestmark = pytest.mark.usefixtures("plain_letters")

NUMBER = APPLICATION["applicationId"]


def verify(platform: Platform, number: str, content: bytes) -> Any:
    fields = {"guaranteeId": number, "guaranteeData": base64.b64encode(content).decode()}
    return platform.send("PREP104", fields)


def test_the_same_again_is_the_same(platform: Platform) -> None:
    applied(platform)
    assert platform.apply().code == "000"
    assert Application.objects.count() == 1


def test_other_content_while_the_order_lives_is_103_and_names_the_fields(platform: Platform) -> None:
    applied(platform)
    answer = platform.apply(advanceAmount="1.00", supplier="另一企业", ext1="新增")
    assert answer.code == "103"
    for field in ("advanceAmount", "supplier", "ext1"):
        assert field in answer.message


def test_blanks_and_absent_optional_fields_are_the_same(platform: Platform) -> None:
    applied(platform, supplierAddress=None)
    assert platform.apply(supplierAddress="  ").code == "000"


def test_a_new_round_after_a_rejection_keeps_the_history(platform: Platform) -> None:
    decide("reject", applied(platform), Role.UNDERWRITER, reason="资料不全")
    assert platform.apply(advanceAmount="800000.00").code == "000"
    assert [one.state for one in Application.objects.order_by("round")] == ["rejected", "received"]


def test_a_new_round_can_be_issued_and_is_fetched(platform: Platform) -> None:
    first = issued(platform)
    decide("approve", cancellation(platform, first), Role.UNDERWRITER)
    applied(platform)
    fetched = platform.send("PREP103", {"applicationId": NUMBER})
    assert fetched.fields["guaranteeFileName"] == f"预付款保函{first.number}.pdf"


def test_the_file_is_fetched_as_it_was_issued(platform: Platform) -> None:
    guarantee = issued(platform)
    fields = platform.send("PREP103", {"applicationId": NUMBER}).fields
    assert base64.b64decode(str(fields["guaranteeFileContext"])) == guarantee.file.open().read()


@pytest.mark.parametrize("brought", [applied, approved])
def test_before_a_letter_there_is_nothing_to_fetch(platform: Platform, brought: Any) -> None:
    brought(platform)
    assert platform.send("PREP103", {"applicationId": NUMBER}).code == "203"


def test_a_stored_file_that_was_changed_is_never_given_out(platform: Platform) -> None:
    guarantee = issued(platform)
    with open(guarantee.file.path, "ab") as file:
        file.write(b" ")
    assert platform.send("PREP103", {"applicationId": NUMBER}).code == "302"


def test_a_genuine_file_is_01_with_its_certificate(platform: Platform) -> None:
    guarantee = issued(platform)
    answer = verify(platform, guarantee.number, guarantee.file.open().read())
    assert answer.fields["status"] == "01"
    assert answer.message == "成功"
    assert "DEMONSTRATION" in str(answer.fields["certOwner"])
    assert answer.fields["signTime"]


@pytest.mark.parametrize(
    ("end", "sentence"),
    [("cancel", "现已注销"), ("return", "现已退回"), ("surrender", "现已退保"), ("expire", "现已到期")],
)
def test_a_genuine_file_of_an_ended_guarantee_is_01_with_its_state(platform: Platform, end: str, sentence: str) -> None:
    guarantee = issued(platform)
    if end in ("cancel", "return"):
        kind = "1" if end == "return" else "0"
        decide("approve", cancellation(platform, guarantee, kind), Role.UNDERWRITER)
    elif end == "surrender":
        asked = withdrawal(platform, NUMBER, "01")
        decide("upload_release", asked, Role.UNDERWRITER)
        decide("check_release", asked, Role.REVIEWER)
        decide("approve", asked, Role.UNDERWRITER)
    else:
        expire_due(guarantee.valid_until + timedelta(seconds=1))
    answer = verify(platform, guarantee.number, guarantee.file.open().read())
    assert answer.fields["status"] == "01"
    assert sentence in answer.message


@pytest.mark.parametrize("content", [b"no pdf", b"%PDF-1.7\n%%EOF", b"%PDF-1.7" + b"\0" * 10_000])
def test_what_is_no_letter_is_02_with_empty_certificate_fields(platform: Platform, content: bytes) -> None:
    guarantee = issued(platform)
    answer = verify(platform, guarantee.number, content)
    assert (answer.code, answer.fields["status"], answer.fields["certNum"]) == ("000", "02", "")


def test_a_genuine_file_under_another_number_is_02(platform: Platform) -> None:
    first = issued(platform)
    second = issued(platform, applicationId="SQ2")
    answer = verify(platform, second.number, first.file.open().read())
    assert answer.fields["status"] == "02"
    assert "不是本机构以该编号签发" in answer.message


def test_an_unknown_number_is_203(platform: Platform) -> None:
    assert verify(platform, "BH1", b"x").code == "203"


def test_two_platforms_with_the_same_numbers_do_not_see_each_other(platform: Platform) -> None:
    other = Platform("Other")
    mine = issued(platform)
    assert other.send("PREP103", {"applicationId": NUMBER}).code == "203"
    assert verify(other, mine.number, mine.file.open().read()).code == "203"
    theirs = applied(other, advanceAmount="5.00")
    decide("reject", theirs, Role.UNDERWRITER, reason="资料不全")
    assert Guarantee.objects.get().state == "in_force"
    assert [row.queue for row in other.connection.notifications.all()] == [NUMBER]
    assert platform.connection.notifications.count() == 3


def test_a_date_that_nobody_means_is_103(platform: Platform) -> None:
    answer = platform.apply(guaranteeStartDate="99991231", guaranteeDate="600", contractDate="600")
    assert answer.code == "103"
    assert "guaranteeStartDate" in answer.message


@pytest.mark.parametrize("day", ["9999-06-01", "0001-01-01", "2151-01-01"])
def test_the_desk_takes_no_such_date_either(platform: Platform, day: str) -> None:
    with pytest.raises(AssertionError, match="approved_start"):
        decide("approve", applied(platform), Role.UNDERWRITER, premium="1.00", approved_start=day)
