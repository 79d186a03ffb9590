"""What staff are told of demands: that one has come, and that its clock runs out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from claims import deadline
from claims.models import OPEN, Demand, DemandState
from staff import clock
from staff.models import Channel, Reminder
from staff.parameters import read_once
from staff.reminders.kinds import ReminderKind
from staff.reminders.telling import tell
from staff.roles import Role


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
    with read_once():
        for demand in Demand.objects.open().select_related("guarantee", "order").order_by("received_at"):
            for kind, turns_at in turns(demand):
                if turns_at <= now and not kind.is_over(demand):
                    _tell_once(kind, demand)


def _tell_once(kind: ReminderKind, demand: Demand) -> None:
    with transaction.atomic():
        locked = Demand.objects.select_for_update(of=("self",)).select_related("guarantee").get(pk=demand.pk)
        if not kind.is_over(locked) and not Reminder.objects.about(kind.code, demand).exists():
            _tell(kind, locked)


def turns(demand: Demand) -> Iterator[tuple[ReminderKind, datetime]]:
    """When its clock turns: the moments of its badges."""
    clock_of_it = deadline.alarm(demand.guarantee, demand.received_at)
    yield NOT_TAKEN_UP, deadline.take_up(demand.received_at).red_at
    yield TURNED_AMBER, clock_of_it.amber_at
    yield TURNED_RED, clock_of_it.red_at


def _tell(kind: ReminderKind, demand: Demand) -> None:
    end = deadline.of_demand(demand.guarantee, demand.received_at).at
    tell(kind, demand, demand.guarantee.number, end)
