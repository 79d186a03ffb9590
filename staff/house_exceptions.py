"""What is out of the ordinary in the work of people and their accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import calendar
from staff.accounts import PASSWORD_RESET, SET_BY_OPERATOR, SUPERUSER_MADE
from staff.decisions import event_kinds
from staff.duties import Duty, Profile, parted_from
from staff.exceptions import ExceptionKind, Found, among
from staff.looks import Text
from staff.models import AuditEntry

#: As long as the clock of working hours tells moments apart.
MOMENT = timedelta(minutes=1)


def _of_duty(entries: Sequence[AuditEntry]) -> Iterator[tuple[AuditEntry, Duty]]:
    """What people did by their duty."""
    duties = {code: kind.duty for code, kind in event_kinds().items()}
    for entry in entries:
        if entry.actor_id is not None and (duty := duties.get(entry.event)):
            yield entry, duty


def _out_of_hours(entries: Sequence[AuditEntry]) -> Iterator[Found]:
    """Outside the working hours of the calendar."""
    time = calendar.working_time()
    for entry, _duty in _of_duty(entries):
        if not time.hours_between(entry.at - MOMENT, entry.at + MOMENT):
            yield entry, _("outside working hours")


def _reset(entry: AuditEntry) -> Text | None:
    return str(entry.details.get("account", "")) or entry.chain


def _combined(entries: Sequence[AuditEntry]) -> Iterator[Found]:
    """Where one person did two duties on a case that the fuller profile parts, be it allowed in the one in force."""
    done = defaultdict[tuple[str, int | None], set[Duty]](set)
    for entry, duty in _of_duty(entries):
        before = done[entry.chain, entry.actor_id]
        if duty in before:
            continue  # told when it was first done
        for other in sorted(parted_from(duty, Profile.FULL) & before):
            yield entry, _("%(one)s and %(other)s") % {"one": other.noun, "other": duty.noun}
        before.add(duty)


OF_THE_HOUSE = [
    ExceptionKind("out_of_hours", gettext_lazy("Decided out of hours"), _out_of_hours),
    ExceptionKind("combined", gettext_lazy("Two duties of one case by one person"), _combined),
    ExceptionKind(
        "password",
        gettext_lazy("Password reset, or superuser made"),
        among(PASSWORD_RESET.code, SET_BY_OPERATOR.code, SUPERUSER_MADE.code, judged=_reset),
    ),
]
