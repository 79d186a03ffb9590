"""By when work is to be done: set when it begins, told by a badge, most urgent first, moved by the calendar alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Model
from django.test import Client

from claims import deadline
from claims.reminders import turns
from guarantees.models import Application, Guarantee, IssuedPaper, Refund
from guarantees.targets import PREMIUM_DUE, TARGETS, Work, pay_by
from staff import calendar, clock
from staff.clock import CHINA, day
from staff.desk.targets import target_badge
from staff.models import BusinessParameter
from staff.parameter_decisions import ChangeParameter
from staff.roles import Role
from staff.targets import recount
from tests.institution import (
    again,
    applied,
    approved,
    cancellation,
    decide,
    demanded,
    issued,
    parameter,
    signed_in,
    withdrawal,
)
from tests.platform import APPLICATION, Platform

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 10, 9, 16, 0, tzinfo=CHINA)  # the Saturday after it is worked


def clock_of(case: Model) -> tuple[str, datetime | None, datetime | None]:
    now = again(case)
    return now.work, now.amber_at, now.red_at  # type: ignore[attr-defined]


def test_each_step_of_an_application_has_its_own(platform: Platform) -> None:
    application = applied(platform)
    target = TARGETS[Work.APPLICATION].value().alarm(application.received_at)
    assert clock_of(application) == ("application", target.amber_at, target.red_at)
    decide("approve", application, Role.UNDERWRITER, premium=Decimal("4500.00"))
    case = again(application)
    last = pay_by(case.approval.approved_at).day
    assert (case.work, day(case.red_at)) == ("premium", last)
    assert calendar.working_days(day(case.amber_at), last) == 2
    decide("record_payment", case, Role.CASHIER, reference="B1")
    assert clock_of(application)[0] == "issue"
    decide("issue", again(application), Role.ISSUER)
    assert clock_of(application) == ("", None, None)


def test_what_the_applicant_was_told_outlasts_another_value(platform: Platform) -> None:
    application = approved(platform)
    decide("payment_notice", application, Role.UNDERWRITER)
    told = IssuedPaper.objects.get().particulars["pay_by"]
    parameter("money.premium_due_days", 30)
    recount()
    assert day(again(application).red_at).isoformat() == told


def test_requests_and_refunds_have_theirs_until_they_are_decided(platform: Platform) -> None:
    letter = issued(platform)
    end = cancellation(platform, letter)
    assert clock_of(end)[0] == "cancellation"
    decide("refuse", end, Role.UNDERWRITER, reason="未解除")
    assert clock_of(end) == ("", None, None)
    waived = approved(platform, applicationId="SQ3")
    decide("record_payment", waived, Role.CASHIER, amount="100.00")
    decide("waive_premium", again(waived), Role.MANAGER, reason="战略客户")
    refund = Refund.objects.get()
    assert clock_of(refund)[0] == "refund"
    decide("release", refund, Role.CASHIER, payee="青城建设有限公司")
    assert clock_of(refund)[0] == "refund"
    decide("pay", again(refund), Role.CASHIER, reference="B2")
    assert clock_of(refund) == ("", None, None)
    back = withdrawal(platform, APPLICATION["applicationId"], "01")
    assert clock_of(back)[2] == TARGETS[Work.WITHDRAWAL].value().alarm(back.received_at).red_at


def test_a_demand_is_to_be_taken_up_and_then_has_its_letters_clock(platform: Platform, letter: Guarantee) -> None:
    demand = demanded(platform, letter)
    assert clock_of(demand)[:2] == ("take_up", calendar.add_working_hours(demand.received_at, Decimal(0)).at)
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    work, _amber, red = clock_of(demand)
    end = deadline.of_demand(letter, demand.received_at)
    assert work == "demand"
    assert red is not None
    assert calendar.working_days(day(red), end.day) == 1


def test_the_letters_clock_is_amber_after_six_tenths_of_it() -> None:
    letter = Guarantee(wording="suretyship/2026-1", particulars={"payment_working_days": 5})
    alarm = deadline.alarm(letter, datetime(2026, 11, 29, 9, 0, tzinfo=CHINA))  # a Sunday: five whole days
    assert alarm.amber_at == datetime(2026, 12, 2, 17, 30, tzinfo=CHINA)
    assert alarm.red_at == datetime(2026, 12, 3, 23, 59, 59, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (0, "badge-good"),
        (2, "badge-warning"),  # two working hours: on Friday until 17:30, on the make-up Saturday from 08:30 to 09:00
        (4, "badge-bad"),
    ],
)
def test_the_badge_tells_by_colour_and_by_words(hours: int, told: str) -> None:
    case = Application()
    case.begin(Work.ISSUE, FRIDAY)
    assert case.amber_at == datetime(2026, 10, 10, 9, 0, tzinfo=CHINA)
    shown = str(target_badge(case, now=calendar.add_working_hours(FRIDAY, Decimal(hours)).at))
    assert told in shown
    assert "10-10 11:00" in shown


def test_into_a_year_without_a_notice_it_says_that_it_is_estimated() -> None:
    case = Application()
    case.begin(Work.APPLICATION, datetime(2026, 12, 31, 16, 0, tzinfo=CHINA))
    shown = str(target_badge(case, now=datetime(2026, 12, 31, 16, 0, tzinfo=CHINA)))
    assert "2027-01-04 16:00 (estimated: only weekends count as off)" in shown


def test_open_work_is_listed_by_its_urgency(platform: Platform, desk: Callable[[Role], Client]) -> None:
    first, second = applied(platform, applicationId="SQ1"), applied(platform, applicationId="SQ2")
    Application.objects.filter(pk=second.pk).update(done_by=second.done_by - timedelta(days=30))
    shown = desk(Role.UNDERWRITER).get("/admin/guarantees/application/?state__exact=received").content.decode()
    assert shown.index("SQ2") < shown.index("SQ1")
    assert "overdue since" in shown
    shown = desk(Role.UNDERWRITER).get(f"/admin/guarantees/application/{first.pk}/change/").content.decode()
    assert 'class="badge badge-good">by ' in shown


def test_another_target_moves_what_is_open(platform: Platform) -> None:
    application = applied(platform)
    parameter("targets.application", amber="1.0", red="2.5")
    assert recount() == 1
    hour = calendar.add_working_hours(application.received_at, Decimal(1)).at
    assert clock_of(application)[1:] == (hour, calendar.add_working_hours(hour, Decimal("1.5")).at)
    row = BusinessParameter.objects.get(code="targets.application")
    shown = signed_in(Role.MANAGER).get(f"/admin/staff/businessparameter/{row.pk}/change/").content.decode()
    assert "Urgent after working hours 1.0 · Pressing after working hours 2.5" in shown
    backwards = {"amber": "3", "red": "2", "reason": "制度调整", "over": TARGETS["application"].latest().pk}  # type: ignore[union-attr]
    assert "the first number is the smaller" in str(ChangeParameter().form(row, backwards).errors)


def test_what_an_installation_said_held_before_it_was_data() -> None:
    """A case approved before the upgrade keeps the days that the environment gave it, whatever is decided later."""
    row = BusinessParameter.objects.get(code="money.premium_due_days")
    now = clock.now()
    row.versions.create(value=10, valid_from=now, made_at=now)
    parameter("money.premium_due_days", 3)
    assert (PREMIUM_DUE.value(now - timedelta(days=30)), PREMIUM_DUE.value()) == (10, 3)


def test_one_share_of_a_demands_time_colours_its_badge_and_tells_managers(
    platform: Platform, letter: Guarantee
) -> None:
    demand = demanded(platform, letter)
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    was = clock_of(demand)[1]
    parameter("claims.amber", 20)
    recount()
    amber = clock_of(demand)[1]
    assert amber is not None
    assert was is not None
    assert amber < was
    assert amber in [moment for _kind, moment in turns(again(demand))]


def test_a_recount_asks_for_the_parameters_once(
    platform: Platform, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    for number in range(3):
        applied(platform, applicationId=f"SQ{number}")
    with django_assert_max_num_queries(8):
        recount()


def test_a_recount_moves_what_the_calendar_moved_and_nothing_else(platform: Platform) -> None:
    application = applied(platform)
    was = clock_of(application)
    Application.objects.update(red_at=None, done_by=None)
    assert (recount(), clock_of(application), recount()) == (1, was, 0)
