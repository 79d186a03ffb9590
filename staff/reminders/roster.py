"""The duty roster: who is on duty on a day, and how days are entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staff import calendar
from staff.audit import record
from staff.events import Detail, EventKind, words_of
from staff.looks import Tone
from staff.models import RosterEntry, User


class Days(models.TextChoices):
    """Which days of a stretch are meant, by the working calendar."""

    ALL = "all", _("every day")
    WORKED = "worked", _("working days")
    OFF = "off", _("weekends and holidays")

    def includes(self, day: date) -> bool:
        return self is Days.ALL or calendar.is_working_day(day) is (self is Days.WORKED)


ENTERED = EventKind("roster.entered", _("Duty roster entered"), "event_note", Tone.PLAIN)
DETAILS = {
    "first_day": Detail(_("first day")),
    "last_day": Detail(_("last day")),
    "which_days": Detail(_("days"), words_of(Days.choices)),
    "on_duty": Detail(_("on duty")),
}
#: How long a stretch is entered at once, in days.
LONGEST = 366


def on_duty(day: date) -> list[User]:
    """Those on duty that day who can still sign in, the first to be told first."""
    entries = RosterEntry.objects.filter(day=day, person__is_active=True).select_related("person__unit")
    return [entry.person for entry in entries.order_by("place")]


def eligible() -> list[User]:
    """Whoever may acknowledge reminders, and so may be on duty."""
    permission = Permission.objects.filter(codename="acknowledge_reminder", content_type__app_label="staff")
    may = Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    return list(User.objects.filter(may, is_active=True).distinct().order_by("name", "username"))


def enter(by: User, first: date, last: date, people: Sequence[User], which: Days = Days.ALL) -> list[date]:
    """Puts these people, the first one first, on duty on each of the days from `first` to `last`, in the place of
    whoever was; nobody clears them. The days; ValueError where the stretch is too long."""
    if not 0 <= (last - first).days < LONGEST:
        raise ValueError("A stretch of 1 to 366 days is entered at once.")
    stretch = (first + timedelta(days=number) for number in range((last - first).days + 1))
    days = [day for day in stretch if which.includes(day)]
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        RosterEntry.objects.filter(day__in=days).delete()
        RosterEntry.objects.bulk_create(
            RosterEntry(day=day, place=place, person=person)
            for day in days
            for place, person in enumerate(people, start=1)
        )
        record(
            chain=by.audit_chain,
            event=ENTERED,
            subject=by,
            actor=by,
            details={
                "first_day": first.isoformat(),
                "last_day": last.isoformat(),
                "which_days": which.value,
                "on_duty": [str(person) for person in people],
            },
        )
    return days
