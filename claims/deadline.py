"""By when a demand is to be decided and paid: what its letter or the law says, from the day on which it reached us."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from guarantees.letter.wording.kinds import INSURANCE
from guarantees.models import Guarantee
from staff import calendar
from staff.clock import CHINA, day
from staff.working_time import LAST_SECOND, Deadline

#: 保险法 art. 23: what an insurer may take to decide; calendar days, which no holiday lengthens.
INSURERS_DAYS = timedelta(days=30)


def of_demand(guarantee: Guarantee, received_at: datetime) -> Deadline:
    """The end of the last day. A letter's working days are counted as if its papers were complete from the first: where
    they are not, the true end is later."""
    if guarantee.letter_kind == INSURANCE:
        last = day(received_at) + INSURERS_DAYS
        return Deadline(datetime.combine(last, LAST_SECOND, CHINA), estimated=False)
    days = guarantee.particulars.get("payment_working_days") or settings.PAYMENT_WORKING_DAYS
    return calendar.add_working_days(received_at, int(days))
