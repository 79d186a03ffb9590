"""By when a demand is to be decided and paid: what its letter or the law says, from the day on which it reached us."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings

from guarantees.letter.wording.kinds import INSURANCE
from guarantees.models import Guarantee
from staff import calendar
from staff.clock import CHINA, day
from staff.targets import Alarm
from staff.working_time import LAST_SECOND, Deadline

#: 保险法 art. 23: what an insurer may take to decide; calendar days, which no holiday lengthens.
INSURERS_DAYS = timedelta(days=30)
#: Of the whole time so much may pass before the handler's manager should know.
AMBER = Decimal("0.6")


def of_demand(guarantee: Guarantee, received_at: datetime) -> Deadline:
    """The end of the last day. A letter's working days are counted as if its papers were complete from the first: where
    they are not, the true end is later."""
    if guarantee.letter_kind == INSURANCE:
        last = day(received_at) + INSURERS_DAYS
        return Deadline(datetime.combine(last, LAST_SECOND, CHINA), estimated=False)
    days = guarantee.particulars.get("payment_working_days") or settings.PAYMENT_WORKING_DAYS
    return calendar.add_working_days(received_at, int(days))


def alarm(guarantee: Guarantee, received_at: datetime) -> Alarm:
    """Amber after six tenths of the time (working time, where working days count), red when one working day is left."""
    end = of_demand(guarantee, received_at)
    red = datetime.combine(calendar.last_working_day(end.day), LAST_SECOND, CHINA)
    if guarantee.letter_kind == INSURANCE:
        amber = received_at + (end.at - received_at) * float(AMBER)
    else:
        hours = Decimal(calendar.working_hours(received_at, end.at).total_seconds()) / 3600
        amber = calendar.add_working_hours(received_at, hours * AMBER).at
    return Alarm(min(amber, red), red, end.at, end.estimated)
