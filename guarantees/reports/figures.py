"""What the dashboard says of the business: exposure and its twelve months, what was issued and received this month."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.book import kinds
from guarantees.book.figures import Narrowed, Sums, balance, flow, flows
from guarantees.models import Measure
from guarantees.reports.exposure import Exposure
from guarantees.reports.monthly import Monthly, month_text
from staff import clock
from staff.desk.dashboard import Figure, Reading, Value
from staff.desk.reports.period import Named, Period, months_until
from staff.desk.reports.table import Cell, Chart, Series, Shape
from staff.models import User

MONTHS = 12


def exposure(person: User, now: datetime) -> Reading:
    """What stands today, beside the same day of last month, and at the end of each of the last months."""
    today, who = clock.day(now), Narrowed(person)
    stands = balance(who, Measure.EXPOSURE, today)
    before = Period.named(Named.THIS_MONTH, today).before().last
    return Reading(
        Value(
            stands.amount,
            Cell.MONEY,
            before=balance(who, Measure.EXPOSURE, before).amount,
            compared=_("on the same day of last month"),
        ),
        [Value(stands.count, Cell.COUNT, _("letters"))],
        _ends_of_months(who, today),
        Exposure().url(),
    )


def _ends_of_months(who: Narrowed, today: date) -> Chart:
    months = months_until(today, MONTHS)
    whole = Period(months[0].first, today)
    moved = flows(who, Measure.EXPOSURE, whole, by=("month",))
    stands, sums = balance(who, Measure.EXPOSURE, whole.first - timedelta(days=1)), []
    for month in months:
        stands += moved.get(month.first, Sums())
        sums.append(stands.amount)
    points = [month_text(month.first) for month in months]
    return Chart(_("Exposure at the end of each month"), Shape.LINE, points, [Series(_("exposure"), sums)])


def this_month(person: User, now: datetime) -> Reading:
    """Letters and premiums of this month, beside as many days of the last."""
    today, who = clock.day(now), Narrowed(person)
    month = Period.named(Named.THIS_MONTH, today)
    issued, issued_before = (flow(who, Measure.EXPOSURE, one, (kinds.ISSUED,)) for one in (month, month.before()))
    premium, premium_before = (flow(who, Measure.RECEIVED, one, kinds.PREMIUM) for one in (month, month.before()))
    months = months_until(today, MONTHS)
    by_month = flows(who, Measure.EXPOSURE, Period(months[0].first, today), (kinds.ISSUED,), by=("month",))
    return Reading(
        Value(
            issued.amount,
            Cell.MONEY,
            before=issued_before.amount,
            compared=_("on as many days of last month"),
        ),
        [
            Value(issued.count, Cell.COUNT, _("letters issued"), before=issued_before.count),
            Value(premium.amount, Cell.MONEY, _("premium received"), before=premium_before.amount),
        ],
        Chart(
            _("Issued by month"),
            Shape.BARS,
            [f"{one.first.month}" for one in months],
            [Series(_("issued, amount"), [by_month.get(one.first, Sums()).amount for one in months])],
        ),
        Monthly().url(period=Named.THIS_MONTH.value),
    )


EXPOSURE = Figure(gettext_lazy("Outstanding exposure"), exposure, Exposure.permission, 10)
THIS_MONTH = Figure(gettext_lazy("Issued this month"), this_month, Monthly.permission, 20)
