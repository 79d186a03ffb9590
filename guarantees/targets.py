"""By when each kind of work on an order is to be done: the targets, as data that two people change.

All hours are proposals of ours (no law's), in working hours of `staff.calendar`. The premium has no target in hours:
what is waited for is the applicant's money, until the day that the payment notice names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django import forms
from django.conf import settings
from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staff import calendar
from staff.clock import end_of
from staff.parameters import Parameter, ParameterGroup, ParameterOfParts
from staff.targets import Alarm, Target, Targeted
from staff.working_time import Deadline


class Work(TextChoices):
    """What a case waits for."""

    APPLICATION = "application", _("decide on the application")
    SUPPLEMENT = "supplement", _("receive the documents asked for")
    PREMIUM = "premium", _("take the premium")
    ISSUE = "issue", _("issue the letter")
    CORRECTION = "correction", _("correct the letter")
    CANCELLATION = "cancellation", _("decide on the cancellation")
    WITHDRAWAL = "withdrawal", _("decide on the withdrawal")
    REFUND = "refund", _("pay the premium back")
    TAKE_UP = "take_up", _("take the demand up")
    DEMAND = "demand", _("decide on the demand")


def _hours(label: str) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=Decimal(0), max_value=1000, max_digits=5, decimal_places=1)


def _target(work: Work, amber: str, red: str) -> Parameter[Target]:
    return ParameterOfParts(
        code=f"targets.{work.value}",
        label=format_lazy(_("Target: {work}"), work=work.label),
        group=ParameterGroup.CLOCKS,
        parts=lambda: {
            "amber": _hours(gettext("Urgent after working hours")),
            "red": _hours(gettext("Pressing after working hours")),
        },
        made=Target,
        default=Target(Decimal(amber), Decimal(red)),
        source=_("Our proposal; no rule says it."),
        help=_("By it lists are ordered and badges coloured; cases that are open follow within minutes."),
    )


#: What is to be done with a demand is its letter's and its own (`claims.deadline`).
TARGETS: Mapping[str, Parameter[Target]] = {
    Work.APPLICATION: _target(Work.APPLICATION, "6.5", "13"),
    Work.ISSUE: _target(Work.ISSUE, "2", "4"),
    Work.CORRECTION: _target(Work.CORRECTION, "3", "6.5"),
    Work.CANCELLATION: _target(Work.CANCELLATION, "6.5", "13"),
    Work.WITHDRAWAL: _target(Work.WITHDRAWAL, "6.5", "13"),
    Work.REFUND: _target(Work.REFUND, "13", "33"),
}
PREMIUM_DUE: Parameter[int] = Parameter(
    code="money.premium_due_days",
    label=_("Working days within which the premium is to be paid"),
    group=ParameterGroup.MONEY,
    field=lambda: forms.IntegerField(min_value=1, max_value=365),
    default=5,
    source=_("Our proposal; no rule says it."),
    help=_("The payment notice names the last of them; a notice that was made keeps its day."),
    first=lambda: settings.PREMIUM_DUE_DAYS,
)
REMINDED_BEFORE: Parameter[int] = Parameter(
    code="money.premium_reminder_days",
    label=_("Working days before the premium's last day when it is urgent"),
    group=ParameterGroup.MONEY,
    field=lambda: forms.IntegerField(min_value=0, max_value=30),
    default=2,
    source=_("Our proposal; no rule says it."),
)
LATE: Parameter[int] = Parameter(
    code="applicants.late_days",
    label=_("Working days after an applicant's deadline when missing documents are pressing"),
    group=ParameterGroup.CLOCKS,
    field=lambda: forms.IntegerField(min_value=0, max_value=60),
    default=5,
    source=_("Our proposal; no rule says it."),
)
PARAMETERS = [*TARGETS.values(), PREMIUM_DUE, REMINDED_BEFORE, LATE]


class OrderWork(Targeted):
    """What of an order waits for somebody's work."""

    class Meta:
        abstract = True

    def alarm(self, work: str, since: datetime) -> Alarm:
        return TARGETS[work].value().alarm(since)


def pay_by(asked_at: datetime) -> Deadline:
    """The last working day on which the premium may come in, by what held when it was asked for."""
    return calendar.add_working_days(asked_at, PREMIUM_DUE.value(asked_at))


def premium_alarm(last: date) -> Alarm:
    """Amber when the applicant should be reminded, red when the last day is over."""
    reminded, end = calendar.working_days_before(last, REMINDED_BEFORE.value()), end_of(last)
    return Alarm(end_of(reminded), end, end, not calendar.is_known(last.year))


def supplement_alarm(deadline: date) -> Alarm:
    """Amber when the applicant's deadline is over, red where nothing came long after it."""
    late = calendar.add_working_days(deadline, LATE.value())
    return Alarm(end_of(deadline), late.at, late.at, late.estimated)


def application_alarm(since: datetime, rested: timedelta) -> Alarm:
    """The decision's target, later by the working time in which the applicant was waited for."""
    target, hours = TARGETS[Work.APPLICATION].value(), Decimal(rested // timedelta(seconds=1)) / 3600
    return Target(target.amber + hours, target.red + hours).alarm(since)
