"""The totals of days: whoever adds them up, and whenever, no figure changes."""

from __future__ import annotations

from datetime import date

import pytest

from guarantees.book import totals
from guarantees.book.figures import Narrowed, Sums, balances, flows
from guarantees.models import BookState, DailyTotal, Guarantee, Measure, Movement
from staff import clock
from staff.desk.reports.period import Period
from staff.roles import Role
from tests.institution import again, decide, person
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")


def every_figure() -> list[dict[object, Sums]]:
    who, ever = Narrowed(person(Role.MANAGER)), Period(date(2020, 1, 1), clock.today())
    return [
        found
        for measure in Measure
        for found in (
            balances(who, measure, clock.today()),
            balances(who, measure, clock.today(), by=("matures_on", "platform")),
            flows(who, measure, ever, by=("month", "kind")),
        )
    ]


def deduct(letter: Guarantee) -> None:
    decide("deduct", again(letter), Role.UNDERWRITER, amount="100000.00", reason="扣回证明1号")


def test_figures_are_the_same_before_between_and_after(platform: Platform, letter: Guarantee) -> None:
    deduct(letter)
    lines, said = Movement.objects.count(), every_figure()
    assert totals.add_up(at_least=1) == lines
    assert (every_figure(), totals.differences()) == (said, [])
    assert totals.add_up(at_least=1) == 0
    deduct(letter)  # of the same day and the same kind: it joins the total that there is
    said, rows = every_figure(), DailyTotal.objects.count()
    assert totals.add_up(at_least=1) == 1
    assert (every_figure(), totals.differences(), DailyTotal.objects.count()) == (said, [], rows)
    assert totals.recompute() == lines + 1
    assert (every_figure(), totals.differences()) == (said, [])


def test_few_lines_are_left_to_be_read_one_by_one(letter: Guarantee) -> None:
    totals.add_up_all()
    assert DailyTotal.objects.count() == 0
    assert totals.differences() == []


def test_a_total_that_is_not_its_lines_sum_is_found_and_mended(letter: Guarantee) -> None:
    totals.add_up(at_least=1)
    wrong = DailyTotal.objects.filter(measure="exposure").get()
    DailyTotal.objects.filter(pk=wrong.pk).update(fen=1)
    DailyTotal.objects.filter(measure="cash").delete()
    assert len(totals.differences()) == 2
    totals.recompute()
    assert totals.differences() == []


def test_lines_behind_the_mark_wait_for_it(platform: Platform, letter: Guarantee) -> None:
    """A line that somebody else adds up meanwhile counts once."""
    totals.add_up(at_least=1)
    state, said = BookState.objects.get(), every_figure()
    deduct(letter)
    assert Movement.objects.filter(pk__gt=state.totalled).count() == 1
    assert every_figure() != said
