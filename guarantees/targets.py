"""By when each kind of work on an order is to be done: the one table of targets.

All hours are proposals of ours (no law's), in working hours of `staff.calendar`. The premium has no target in hours:
what is waited for is the applicant's money, until the day that the payment notice names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from staff import calendar
from staff.clock import CHINA
from staff.targets import Alarm, Target, Targeted
from staff.working_time import LAST_SECOND, Deadline


class Work(TextChoices):
    """What a case waits for."""

    APPLICATION = "application", _("decide on the application")
    PREMIUM = "premium", _("take the premium")
    ISSUE = "issue", _("issue the letter")
    CORRECTION = "correction", _("correct the letter")
    CANCELLATION = "cancellation", _("decide on the cancellation")
    WITHDRAWAL = "withdrawal", _("decide on the withdrawal")
    REFUND = "refund", _("pay the premium back")
    TAKE_UP = "take_up", _("take the demand up")
    DEMAND = "demand", _("decide on the demand")


#: Amber and red. A demand in hand has its letter's clock instead (`claims.deadline`).
TARGETS: Mapping[str, Target] = {
    Work.APPLICATION: Target(Decimal("6.5"), Decimal(13)),
    Work.ISSUE: Target(Decimal(2), Decimal(4)),
    Work.CORRECTION: Target(Decimal(3), Decimal("6.5")),
    Work.CANCELLATION: Target(Decimal("6.5"), Decimal(13)),
    Work.WITHDRAWAL: Target(Decimal("6.5"), Decimal(13)),
    Work.REFUND: Target(Decimal(13), Decimal(33)),
    Work.TAKE_UP: Target(Decimal(0), Decimal(2)),
}
#: So many working days before the last one the applicant should be reminded of the premium.
REMINDER_DAYS = 2


class OrderWork(Targeted):
    """What of an order waits for somebody's work."""

    class Meta:
        abstract = True

    def alarm(self, work: str, since: datetime) -> Alarm:
        return TARGETS[work].alarm(since)


def pay_by(asked_at: datetime) -> Deadline:
    """The last working day on which the premium may come in (PREMIUM_DUE_DAYS)."""
    return calendar.add_working_days(asked_at, settings.PREMIUM_DUE_DAYS)


def premium_alarm(last: date) -> Alarm:
    """Amber when the applicant should be reminded, red when the last day is over."""
    reminded = last
    for _day in range(REMINDER_DAYS):
        reminded = calendar.last_working_day(reminded)
    end = datetime.combine(last, LAST_SECOND, CHINA)
    return Alarm(datetime.combine(reminded, LAST_SECOND, CHINA), end, end, not calendar.is_known(last.year))
