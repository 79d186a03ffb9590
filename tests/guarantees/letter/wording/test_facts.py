"""The one list of an application's facts that a letter shows."""

from __future__ import annotations

from dataclasses import fields

import pytest

from guarantees import corrections
from guarantees.letter.wording.facts import FACTS, Fact
from guarantees.letter.wording.particulars import PLACEHOLDERS, Particulars
from guarantees.models import Application


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_a_fact_is_of_the_application_and_of_its_letter(fact: Fact) -> None:
    assert Application._meta.get_field(fact.name)
    assert fact.name in {field.name for field in fields(Particulars)}
    assert fact.placeholders.keys() <= PLACEHOLDERS.keys()


def test_the_sum_that_the_approval_decides_is_no_correction() -> None:
    assert "advance_amount" not in corrections.CORRECTABLE
    assert set(corrections.PRINTED) < set(corrections.CORRECTABLE)


def test_no_section_and_no_sum_of_the_award_is_public() -> None:
    assert {fact.name for fact in FACTS if fact.public} == {
        *("beneficiary_name", "beneficiary_code", "applicant_name", "applicant_code", "project_name", "project_code")
    }
