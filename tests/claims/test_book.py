"""What demands and the payments on them write into the book, line by line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from claims.models import Demand
from guarantees.models import Guarantee
from staff.roles import Role
from tests.book import assert_it_agrees, assert_it_can_be_built_anew
from tests.guarantees.book.written import Calendar, calendar, last, written
from tests.institution import again, cancellation, decide, demanded, issued
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")
HANDLER = Role.CLAIMS_HANDLER


@pytest.fixture(autouse=True)
def days() -> Iterator[Calendar]:
    with calendar() as running:
        yield running


@pytest.fixture
def letter(days: Calendar, platform: Platform) -> Iterator[Guarantee]:
    """Of 900,000.00. At the end the book is right by the rows, on every day, and can be built anew."""
    yield issued(platform)
    assert_it_agrees()
    assert_it_can_be_built_anew()


def in_hand(platform: Platform, letter: Guarantee, amount: str) -> Demand:
    demand = demanded(platform, letter, claimAmount=amount)
    decide("take_up", demand, HANDLER)
    return again(demand)


def test_a_demand_is_paid_in_part_and_demands_no_more(platform: Platform, days: Calendar, letter: Guarantee) -> None:
    before = last()
    demand = in_hand(platform, letter, "300000.00")
    days.day(1)
    decide("pay", demand, HANDLER, amount="200000.00", reference="P1", reason="部分成立")
    assert written(after=before) == [
        ("demand.received", "demanded", 30_000_000, 1, 0),
        ("demand.paid", "demanded", -30_000_000, -1, 1),
        ("payment", "paid", 20_000_000, 1, 1),
        ("payment", "cash", -20_000_000, -1, 1),
        ("payment", "exposure", -20_000_000, 0, 1),
    ]


def test_a_payment_that_leaves_nothing_ends_the_letter(platform: Platform, days: Calendar, letter: Guarantee) -> None:
    demand, before = in_hand(platform, letter, "900000.00"), last()
    days.day(1)
    decide("pay", demand, HANDLER, reference="P1")
    assert written(after=before) == [
        ("demand.paid", "demanded", -90_000_000, -1, 1),
        ("payment", "paid", 90_000_000, 1, 1),
        ("payment", "cash", -90_000_000, -1, 1),
        ("payment", "exposure", -90_000_000, 0, 1),
        ("ended.paid_out", "exposure", 0, -1, 1),
    ]


def test_a_payment_that_bounced_comes_back_and_is_made_anew(
    platform: Platform, days: Calendar, letter: Guarantee
) -> None:
    demand = in_hand(platform, letter, "300000.00")
    decide("pay", demand, HANDLER, reference="P1")
    before = last()
    days.day(1)
    decide("repeat_payment", again(demand), HANDLER, reference="P2", reason="账号有误退汇")
    assert written(after=before) == [
        ("payment.bounced", "paid", -30_000_000, -1, 1),
        ("payment.bounced", "cash", 30_000_000, 1, 1),
        ("payment", "paid", 30_000_000, 1, 1),
        ("payment", "cash", -30_000_000, -1, 1),
    ]


def test_what_is_refused_is_demanded_no_more(platform: Platform, days: Calendar, letter: Guarantee) -> None:
    demand, before = in_hand(platform, letter, "300000.00"), last()
    days.day(1)
    decide("refuse", demand, HANDLER, reason="索赔材料不符")
    assert written(after=before) == [("demand.refused", "demanded", -30_000_000, -1, 1)]


def test_a_duplicate_is_demanded_no_more(platform: Platform, days: Calendar, letter: Guarantee) -> None:
    demanded(platform, letter, claimAmount="400000.00")
    demand, before = demanded(platform, letter, claimAmount="300000.00"), last()
    days.day(1)
    decide("close", demand, HANDLER, reason="重复提交")
    assert written(after=before) == [("demand.closed", "demanded", -30_000_000, -1, 1)]


def test_what_was_demanded_under_a_letter_is_taken_from_it_though_another_took_its_place(
    platform: Platform, days: Calendar, letter: Guarantee
) -> None:
    """One that came while it was returned goes on under the new letter, whose purchaser is another."""
    decide("approve", cancellation(platform, letter, "1"), Role.UNDERWRITER)
    demand = demanded(platform, letter, claimAmount="300000.00")
    case = again(letter.application)
    decide("correct", case, Role.UNDERWRITER, beneficiary_code="11150100000000014X", reason="采购人有误")
    decide("issue", again(case), Role.ISSUER)
    assert again(demand).guarantee.supersedes == letter
    decide("take_up", again(demand), HANDLER)
    before = last()
    days.day(1)
    decide("pay", again(demand), HANDLER, reference="P1")
    assert written(after=before) == [
        ("demand.paid", "demanded", -30_000_000, -1, 1),
        ("payment", "paid", 30_000_000, 1, 1),
        ("payment", "cash", -30_000_000, -1, 1),
        ("payment", "exposure", -30_000_000, 0, 1),
    ]
