"""What the dashboard says of the business, recomputed from the letters and receipts themselves."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine

from guarantees.models import Guarantee, Receipt
from guarantees.reports.figures import exposure, this_month
from staff import clock
from staff.clock import CHINA
from staff.roles import Role
from tests.institution import cancellation, decide, issued, person, signed_in
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")
OCTOBER, NOVEMBER = datetime(2026, 10, 20, 10, tzinfo=CHINA), datetime(2026, 11, 27, 10, tzinfo=CHINA)


@pytest.fixture
def letters(platform: Platform) -> list[Guarantee]:
    """One of October, two of November, of which the first ended and the third is deducted from."""
    with time_machine.travel(OCTOBER):
        first = issued(platform, applicationId="SQ1")
    with time_machine.travel(NOVEMBER):
        second, third = issued(platform, applicationId="SQ2"), issued(platform, applicationId="SQ3")
        decide("deduct", third, Role.UNDERWRITER, amount="100000.00", reason="扣回证明1号")
        decide("approve", cancellation(platform, first), Role.UNDERWRITER)
    return list(Guarantee.objects.filter(pk__in=[first.pk, second.pk, third.pk]).order_by("id"))


def test_exposure_is_what_remains_of_the_letters(letters: list[Guarantee]) -> None:
    first, second, third = letters
    with time_machine.travel(NOVEMBER):
        reading = exposure(person(Role.MANAGER), clock.now())
    left = second.remaining + third.remaining
    assert (reading.main.value, reading.lines[0].value) == (left, 2)
    assert reading.main.before == first.amount
    assert reading.chart is not None
    assert list(reading.chart.points)[-2:] == ["2026-10", "2026-11"]
    assert list(reading.chart.series[0].values)[-3:] == [0, first.amount, left]
    with time_machine.travel(OCTOBER):
        assert exposure(person(Role.MANAGER), clock.now()).main.value == first.amount


def test_this_month_stands_beside_the_last(letters: list[Guarantee]) -> None:
    first, second, third = letters
    with time_machine.travel(NOVEMBER):
        reading = this_month(person(Role.MANAGER), clock.now())
        page = signed_in(Role.MANAGER).get("/admin/").content.decode()
    issued_now, premium = reading.lines
    assert (reading.main.value, reading.main.before) == (second.amount + third.amount, first.amount)
    assert (issued_now.value, issued_now.before) == (2, 1)
    received = {
        month: sum(one.amount for one in Receipt.objects.all() if one.paid_at.month == month) for month in (10, 11)
    }
    assert (premium.value, premium.before) == (received[11], received[10])
    assert "Outstanding exposure" in page
    assert "+100.00 %" in page
