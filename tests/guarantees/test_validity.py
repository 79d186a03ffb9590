"""When a guarantee begins and ends (decisions B3)."""

from datetime import date, datetime

import pytest

from guarantees.validity import disagree, last_day_of_term, may_outlast_its_letter, validity
from staff.clock import CHINA

NOON = datetime(2026, 11, 24, 12, 30, 15, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 3, 1), 1, date(2026, 3, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 28), 1, date(2026, 2, 27)),
        (date(2026, 12, 1), 12, date(2027, 11, 30)),
        (date(2026, 11, 24), 600, date(2076, 11, 23)),
    ],
)
def test_a_term_ends_on_the_day_before_its_date(start, months, last):
    assert last_day_of_term(start, months) == last


def test_dates_that_were_given_count():
    term = validity(start=date(2026, 12, 1), end=date(2027, 5, 31), months=12, issued_at=NOON)
    assert term.begins == datetime(2026, 12, 1, tzinfo=CHINA)
    assert term.ends == datetime(2027, 5, 31, 23, 59, 59, tzinfo=CHINA)


@pytest.mark.parametrize("start", [None, date(2026, 11, 1), date(2026, 11, 24)])
def test_it_begins_with_the_issue_where_the_start_is_absent_or_past(start):
    assert validity(start=start, end=date(2027, 5, 31), months=12, issued_at=NOON).begins == NOON


def test_dates_and_term_that_disagree_are_noticed():
    assert disagree(start=date(2026, 12, 1), end=date(2027, 5, 31), months=12)
    assert not disagree(start=date(2026, 12, 1), end=date(2027, 11, 30), months=12)
    assert not disagree(start=None, end=date(2027, 11, 30), months=12)


@pytest.mark.parametrize(
    ("kind", "ends", "contract_months", "may"),
    [
        ("suretyship", date(2027, 11, 23), 12, True),
        ("suretyship", date(2027, 11, 24), 12, False),
        ("suretyship", date(2027, 11, 23), None, False),
        ("independent", date(2027, 11, 23), 12, False),
        ("insurance", date(2027, 11, 23), 12, False),
    ],
)
def test_a_suretyship_that_ends_with_its_contract_may_outlast_its_letter(kind, ends, contract_months, may):
    begins = date(2026, 11, 24)
    assert may_outlast_its_letter(kind, begins=begins, ends=ends, contract_months=contract_months) is may
