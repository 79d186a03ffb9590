"""What staff are told of demands: that one has come, and that its clock runs out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from claims import deadline
from claims.models import OPEN, Demand, DemandState
from staff import calendar, clock
from staff.models import Channel, Reminder
from staff.parameters import Parameter, ParameterGroup
from staff.reminders.kinds import ReminderKind
from staff.reminders.telling import tell
from staff.roles import Role

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
    label=_("Per cent of a demand's time after which managers are told"),
    group=ParameterGroup.CLOCKS,
    field=lambda: forms.IntegerField(min_value=1, max_value=99),
    default=60,
    source=_("Our proposal; no rule says it."),
)
RED: Parameter[int] = Parameter(
    code="claims.red",
    label=_("Working days before a demand's end when managers are told again"),
    group=ParameterGroup.CLOCKS,
    field=lambda: forms.IntegerField(min_value=1, max_value=20),
    default=1,
    source=_("Our proposal; no rule says it."),
)
PARAMETERS = [TAKEN_UP_WITHIN, AMBER, RED]


def is_taken_up(demand: Demand) -> bool:
    return bool(demand.state != DemandState.WAITING)


def is_decided(demand: Demand) -> bool:
    return demand.state not in OPEN


NEW = ReminderKind("demand.new", _("new demand"), Role.CLAIMS_HANDLER, is_over=is_taken_up)
NOT_TAKEN_UP = ReminderKind("demand.not_taken_up", _("demand not taken up"), Role.CLAIMS_HANDLER, is_over=is_taken_up)
TURNED_AMBER = ReminderKind("demand.amber", _("demand: time runs"), Role.MANAGER, is_over=is_decided)
TURNED_RED = ReminderKind("demand.red", _("demand: time runs out"), Role.MANAGER, is_over=is_decided)
REMINDERS = [NEW, NOT_TAKEN_UP, TURNED_AMBER, TURNED_RED]


def new_demand(demand: Demand) -> None:
    """At once, in the transaction that takes it in; it stands under the number of its letter."""
    _tell(NEW, demand)


def watch_clocks() -> None:
    """Tells of the demands whose clock has turned since the last time; of each turn once."""
    if not Channel.objects.in_use().exists():
        return
    now = clock.now()
    for demand in Demand.objects.open().select_related("guarantee", "order").order_by("received_at"):
        for kind, turns_at in turns(demand):
            if turns_at <= now and not kind.is_over(demand):
                with transaction.atomic():
                    locked = (
                        Demand.objects.select_for_update(of=("self",)).select_related("guarantee").get(pk=demand.pk)
                    )
                    if not kind.is_over(locked) and not Reminder.objects.about(kind.code, demand).exists():
                        _tell(kind, locked)


def turns(demand: Demand) -> Iterator[tuple[ReminderKind, datetime]]:
    """When its clock turns, by the letter's or the law's time for it and by the data that two people change."""
    came, end = demand.received_at, deadline.of_demand(demand.guarantee, demand.received_at).at
    yield NOT_TAKEN_UP, calendar.add_working_hours(came, TAKEN_UP_WITHIN.value()).at
    yield TURNED_AMBER, came + (end - came) * AMBER.value() / 100
    last = clock.day(end)
    for _day in range(RED.value()):
        last = calendar.last_working_day(last)
    yield TURNED_RED, end - timedelta(days=(clock.day(end) - last).days)


def _tell(kind: ReminderKind, demand: Demand) -> None:
    end = deadline.of_demand(demand.guarantee, demand.received_at).at
    tell(kind, demand, demand.guarantee.number, end)
