"""Tells staff of a matter: written down in the transaction of its cause, sent after the commit, passed on where nobody
takes note. Where no channel carries it nothing is written: the home page shows what waits, as ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from staff import clock
from staff.models import Channel, Reminder, ReminderSending, Unit, User
from staff.models.unit import HEAD_OFFICE
from staff.parameters import Parameter, ParameterGroup
from staff.reminders import roster, wakeup
from staff.reminders.kinds import ReminderKind
from staff.roles import Role
from staff.units import sees_every_unit, unit_of

#: Unacknowledged for so long, and the next on the list is told.
PASS_ON: Parameter[int] = Parameter(
    code="telling.pass_on_minutes",
    label=_("Minutes until the next on duty is told"),
    group=ParameterGroup.TELLING,
    field=lambda: forms.IntegerField(min_value=1, max_value=24 * 60),
    default=15,
    source=_("Our proposal; no rule says it."),
    help=_("By the clock, at night and on days off too: only what is urgent is passed on."),
)


def tell(kind: ReminderKind, subject: models.Model, number: str, deadline: datetime | None = None) -> Reminder | None:
    """Tells whom it concerns of `subject`, which stands under our `number`; None where no channel carries it.

    What staff were told of and have not acknowledged yet is not told anew: that reminder is returned. Called inside the
    transaction of what it tells of; RuntimeError elsewhere.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Staff are told in the transaction of what they are told of.")
    if not Channel.objects.in_use().exists():
        return None
    unit = Unit.objects.get(pk=unit_of(subject) or HEAD_OFFICE)
    channels = Channel.objects.serving(kind.code, kind.role, unit)
    if not channels:
        return None
    now = clock.now()
    first = next(iter(on_duty(unit, now)), None) if kind.urgent else None
    reminder, new = Reminder.objects.get_or_create(
        kind=kind.code,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        closed_at=None,
        defaults={
            "unit": unit,
            "number": number[:64],
            "deadline": deadline,
            "made_at": now,
            "role": kind.role,
            "person": first,
            "pass_on_at": now + wait() if kind.urgent else None,
        },
    )
    if new:
        queue(reminder, channels, now)
    return reminder


def wait() -> timedelta:
    """How long whoever was told may take to acknowledge it."""
    return timedelta(minutes=PASS_ON.value())


def queue(reminder: Reminder, channels: list[Channel], now: datetime) -> None:
    """Has the present step of a reminder sent by these channels, after the commit."""
    ReminderSending.objects.bulk_create(
        ReminderSending(
            reminder=reminder,
            channel=channel,
            step=reminder.step,
            person=reminder.person,
            role=reminder.role,
            next_attempt_at=now,
        )
        for channel in channels
    )
    wakeup.on_commit()


def on_duty(unit: Unit, now: datetime) -> list[User]:
    """Those of today's roster whose unit it is, or stands above it: others could not open what they are told of."""
    listed = roster.on_duty(clock.day(now))
    return [person for person in listed if unit.lineage.startswith(person.unit.lineage) or sees_every_unit(person)]


def next_in_line(reminder: Reminder, now: datetime) -> tuple[Role, User | None] | None:
    """Whom to tell after those who were told: the next of today's roster, then the managers; None where all were."""
    told = set(reminder.sendings.values_list("person", flat=True))
    for person in on_duty(reminder.unit, now):
        if person.pk not in told:
            return Role(reminder.role), person
    if reminder.role == Role.MANAGER and reminder.person_id is None:
        return None
    return Role.MANAGER, None
