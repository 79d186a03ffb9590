"""Periods, and with which days they are compared."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from staff.desk.reports.period import MONTHS, Named, Period

TODAY = date(2026, 11, 27)


def days(text: str) -> Period:
    first, last = text.split()
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("name", "itself", "before", "last_year"),
    [
        (Named.THIS_MONTH, "2026-11-01 2026-11-27", "2026-10-01 2026-10-27", "2025-11-01 2025-11-27"),
        (Named.LAST_MONTH, "2026-10-01 2026-10-31", "2026-09-01 2026-09-30", "2025-10-01 2025-10-31"),
        (Named.THIS_QUARTER, "2026-10-01 2026-11-27", "2026-07-01 2026-08-27", "2025-10-01 2025-11-27"),
        (Named.LAST_QUARTER, "2026-07-01 2026-09-30", "2026-04-01 2026-06-30", "2025-07-01 2025-09-30"),
        (Named.THIS_YEAR, "2026-01-01 2026-11-27", "2025-01-01 2025-11-27", "2025-01-01 2025-11-27"),
        (Named.LAST_YEAR, "2025-01-01 2025-12-31", "2024-01-01 2024-12-31", "2024-01-01 2024-12-31"),
    ],
)
def test_a_named_period_is_compared_with_the_same_of_the_one_before(
    name: Named, itself: str, before: str, last_year: str
) -> None:
    period = Period.named(name, TODAY)
    assert period == days(itself)
    assert period.before() == days(before)
    assert period.same_last_year() == days(last_year)
    # Its days alone, as an address has them, mean the same with its name, and on that day have it again.
    assert Period.between(period.first, period.last, name).before() == days(before)
    assert period.name(TODAY) is name


@pytest.mark.parametrize(
    ("itself", "before", "last_year"),
    [
        ("2026-11-10 2026-11-20", "2026-10-30 2026-11-09", "2025-11-10 2025-11-20"),
        ("2026-11-01 2026-11-12", "2026-10-01 2026-10-12", "2025-11-01 2025-11-12"),
        # Months end with their last day, whichever that is; a day that a month lacks is its last.
        ("2024-02-01 2024-02-29", "2024-01-01 2024-01-31", "2023-02-01 2023-02-28"),
        ("2023-02-01 2023-02-28", "2023-01-01 2023-01-31", "2022-02-01 2022-02-28"),
        ("2026-03-01 2026-03-30", "2026-02-01 2026-02-28", "2025-03-01 2025-03-30"),
        ("2024-02-29 2024-02-29", "2024-02-28 2024-02-28", "2023-02-28 2023-02-28"),
        # Half a year, eleven months, a year up to a day, a quarter up to a day.
        ("2026-01-01 2026-06-30", "2025-01-01 2025-06-30", "2025-01-01 2025-06-30"),
        ("2026-02-01 2026-04-30", "2025-11-01 2026-01-31", "2025-02-01 2025-04-30"),
        ("2026-01-01 2026-04-15", "2025-01-01 2025-04-15", "2025-01-01 2025-04-15"),
        ("2026-04-01 2026-05-20", "2026-01-01 2026-02-20", "2025-04-01 2025-05-20"),
    ],
)
def test_free_days_are_taken_as_people_mean_them(itself: str, before: str, last_year: str) -> None:
    given = days(itself)
    period = Period.between(given.first, given.last)
    assert period.before() == days(before)
    assert period.same_last_year() == days(last_year)


def test_the_name_tells_what_several_kinds_begin_with() -> None:
    first, last = date(2026, 1, 1), date(2026, 1, 20)
    assert Period.between(first, last).before() == days("2025-12-01 2025-12-20")
    assert Period.between(first, last, Named.THIS_YEAR).before() == days("2025-01-01 2025-01-20")
    # A name that the days contradict tells nothing.
    assert Period.between(first, date(2026, 11, 27), Named.THIS_MONTH).before() == days("2025-01-01 2025-11-27")


def test_every_day_of_years_has_its_periods() -> None:
    day = date(2023, 12, 30)
    while day < date(2025, 3, 2):
        for name in MONTHS:
            period = Period.named(name, day)
            assert period.before().last < period.first
            assert sum(one.days_long for one in period.months()) == period.days_long
        day = date.fromordinal(day.toordinal() + 1)


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before"):
        days("2026-11-02 2026-11-01")
    with pytest.raises(ValueError, match="no days"):
        Period.named(Named.FREE, TODAY)


@pytest.mark.parametrize(
    ("text", "said", "chinese"),
    [
        ("2026-11-01 2026-11-30", "11/2026", "2026年11月"),
        ("2026-10-01 2026-12-31", "quarter 4 of 2026", "2026年第4季度"),
        ("2026-01-01 2026-12-31", "the year 2026", "2026年"),
        ("2026-11-01 2026-11-27", "2026/11/1 to 2026/11/27", "2026年11月1日至2026年11月27日"),
        ("2026-11-27 2026-11-27", "2026/11/27", "2026年11月27日"),
    ],
)
def test_it_is_said_in_both_languages(text: str, said: str, chinese: str) -> None:
    assert str(days(text)) == said
    with translation.override("zh-hans"):
        assert str(days(text)) == chinese
