"""What the underwriter is shown before deciding."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from stdnum.cn import uscc

from guarantees.underwriting.rules import RULES, findings
from tests.institution import applied
from tests.platform import Platform

TODAY = date(2026, 11, 24)
#: Credit codes may begin with a letter (GB 32100); another implementation counts their check character.
LETTERS_FIRST = [
    body + uscc.calc_check_digit(body) for body in ("N2150100MA0N2T4X5", "Y1150100MA0N2T4X5", "A1150100MA0N2T4X5")
]


def found(platform: Platform, **changed: Any) -> set[str]:
    return {finding.rule for finding in findings(applied(platform, **changed), TODAY)}


def test_an_application_in_order_has_no_findings(platform: Platform) -> None:
    assert found(platform) == set()


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"socialCreditCode": "91150100MA0N2T4X51"}, "credit_codes"),
        ({"legalIdNo": "110105194912310021"}, "id_numbers"),
        ({"contractCerNo": "12345"}, "id_numbers"),
        ({"socialCreditCode": "D2143569-0"}, "credit_codes"),
        ({"socialCreditCode": "12345"}, "credit_codes"),
        ({"legalName": "买买提·" * 6}, "long_names"),
        ({"guaranteeStartDate": "20261201", "guaranteeEndDate": "20270101"}, "dates_and_term"),
        ({"guaranteeEndDate": "20200101"}, "dates_and_term"),
        ({"contractDate": "12"}, "outlasts_the_contract"),
        ({"contractDate": "0"}, "outlasts_the_contract"),
        ({"advanceAmount": "3000000.01"}, "advance_within_award"),
        ({"bidDate": "20261125"}, "award_in_the_past"),
        ({"guaranteeStartDate": "20261123"}, "start_in_the_past"),
        ({"projectName": "𠮷"}, "printable"),
    ],
)
def test_each_rule_finds_what_it_is_for(platform: Platform, changed: dict[str, str], rule: str) -> None:
    assert rule in found(platform, **changed)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"socialCreditCode": "D2143569-X", "purchaseSocCode": "D2143569X"}, "credit_codes"),
        *(({"socialCreditCode": code}, "credit_codes") for code in LETTERS_FIRST),
        ({"socialCreditCode": "91150100ma0n2t4x5f "}, "credit_codes"),
        ({"legalIdNo": "11010519491231002X "}, "id_numbers"),
        ({"legalName": "买买提·吐尔逊"}, "long_names"),
        ({"guaranteeStartDate": "20261201", "guaranteeEndDate": "20271130"}, "dates_and_term"),
        ({"contractDate": "11"}, "outlasts_the_contract"),
        ({"advanceAmount": "3000000.00"}, "advance_within_award"),
        ({"bidDate": "20261124"}, "award_in_the_past"),
        ({"guaranteeStartDate": "20261124"}, "start_in_the_past"),
        ({"projectName": "禛\u200b"}, "printable"),
    ],
)
def test_each_rule_is_silent_about_what_is_in_order(platform: Platform, changed: dict[str, str], rule: str) -> None:
    assert rule not in found(platform, **changed)


def test_only_a_suretyship_is_measured_against_its_contract(platform: Platform, settings: Any) -> None:
    settings.INSTITUTION_KIND = "bank"
    assert "outlasts_the_contract" not in found(platform, contractDate="12")


def test_every_rule_is_tried_here() -> None:
    assert {rule.__name__ for rule in RULES} == {
        "credit_codes",
        "id_numbers",
        "long_names",
        "dates_and_term",
        "outlasts_the_contract",
        "advance_within_award",
        "award_in_the_past",
        "start_in_the_past",
        "printable",
    }
