"""What is out of the ordinary in the work of people and their accounts."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import calendar
from staff.accounts import PASSWORD_RESET, SET_BY_OPERATOR, SUPERUSER_MADE
from staff.decisions import event_kinds
from staff.exceptions import ExceptionKind
from staff.looks import Text
from staff.models import AuditEntry

#: As long as the clock of working hours tells moments apart.
MOMENT = timedelta(minutes=1)


def _out_of_hours(entry: AuditEntry) -> Text | None:
    """A decision of somebody's duty, outside the working hours of the calendar."""
    kind = event_kinds().get(entry.event)
    if entry.actor_id is None or kind is None or kind.duty is None:
        return None
    if calendar.working_hours(entry.at - MOMENT, entry.at + MOMENT):
        return None
    return _("outside working hours")


def _reset(entry: AuditEntry) -> Text | None:
    return str(entry.details.get("account", "")) or entry.chain


OF_THE_HOUSE = [
    ExceptionKind("out_of_hours", gettext_lazy("Decided out of hours"), _out_of_hours),
    ExceptionKind(
        "password",
        gettext_lazy("Password reset, or superuser made"),
        _reset,
        (PASSWORD_RESET.code, SET_BY_OPERATOR.code, SUPERUSER_MADE.code),
    ),
]
