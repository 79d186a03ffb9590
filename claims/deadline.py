"""By when a demand is to be decided and paid: what its letter or the law says, from the day on which it reached us."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from guarantees.issuing.promised import PAYMENT_DAYS
from guarantees.letter.wording.kinds import INSURANCE
from guarantees.models import Guarantee
from staff import calendar
from staff.clock import day, end_of
from staff.parameters import Parameter, ParameterGroup
from staff.targets import Alarm, Target
from staff.working_time import Deadline

#: 保险法 art. 23: what an insurer may take to decide; calendar days, which no holiday lengthens.
INSURERS_DAYS = timedelta(days=30)
TAKEN_UP_WITHIN: Parameter[Decimal] = Parameter(
    code="claims.taken_up_within",
    label=_("Working hours within which a demand is taken up"),
    group=ParameterGroup.CLOCKS,
    field=lambda: forms.DecimalField(min_value=Decimal("0.5"), max_value=100, max_digits=4, decimal_places=1),
    default=Decimal(2),
    source=_("Our proposal; no rule says it."),
)
AMBER: Parameter[int] = Parameter(
    code="claims.amber",
    label=_("Per cent of a demand's time after which it is urgent and managers are told"),
    group=ParameterGroup.CLOCKS,
    field=lambda: forms.IntegerField(min_value=1, max_value=99),
    default=60,
    source=_("Our proposal; no rule says it."),
)
RED: Parameter[int] = Parameter(
    code="claims.red",
    label=_("Working days before a demand's end when it presses and managers are told again"),
    group=ParameterGroup.CLOCKS,
    field=lambda: forms.IntegerField(min_value=1, max_value=20),
    default=1,
    source=_("Our proposal; no rule says it."),
)
PARAMETERS = [TAKEN_UP_WITHIN, AMBER, RED]


def of_demand(guarantee: Guarantee, received_at: datetime) -> Deadline:
    """The end of the last day. A letter's working days are counted as if its papers were complete from the first: where
    they are not, the true end is later."""
    if guarantee.letter_kind == INSURANCE:
        return Deadline(end_of(day(received_at) + INSURERS_DAYS), estimated=False)
    days = guarantee.particulars.get("payment_working_days") or PAYMENT_DAYS.value(guarantee.issued_at)
    return calendar.add_working_days(received_at, int(days))


def alarm(guarantee: Guarantee, received_at: datetime) -> Alarm:
    """Amber after a part of the time (working time, where working days count), red when so many working days are left;
    whoever decides on it is told by the badge, managers by a reminder."""
    end = of_demand(guarantee, received_at)
    red, part = end_of(calendar.working_days_before(end.day, RED.value())), Decimal(AMBER.value()) / 100
    if guarantee.letter_kind == INSURANCE:
        amber = received_at + (end.at - received_at) * float(part)
    else:
        hours = Decimal(calendar.working_hours(received_at, end.at).total_seconds()) / 3600
        amber = calendar.add_working_hours(received_at, hours * part).at
    return Alarm(min(amber, red), red, end.at, end.estimated)


def take_up(received_at: datetime) -> Alarm:
    """A demand that is not taken up yet: urgent from the first."""
    return Target(Decimal(0), TAKEN_UP_WITHIN.value()).alarm(received_at)
