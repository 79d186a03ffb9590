"""What a reminder says outside the house: its kind, our number, its deadline, whose turn it is by the list, and the
link to it. No name, identity, account or sum: whoever looks over a shoulder, or runs the robots, learns nothing else.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from staff.desk.page import moment
from staff.models import Reminder, ReminderSending
from staff.reminders.kinds import title_of
from staff.roles import Role


def title(reminder: Reminder) -> str:
    """A robot may ask for a keyword: 提醒 is always there."""
    with override(settings.LANGUAGE_CODE):
        return _("Reminder: %(kind)s %(number)s") % {"kind": title_of(reminder.kind), "number": reminder.number}


def text(sending: ReminderSending) -> str:
    """The whole message, in the house's language: who reads it is not known before they sign in."""
    reminder = sending.reminder
    with override(settings.LANGUAGE_CODE):
        lines = [
            title(reminder),
            *([_("Deadline: %(deadline)s") % {"deadline": moment(reminder.deadline)}] if reminder.deadline else []),
            _("To: %(whom)s") % {"whom": addressed(sending)},
            _("Sign in and acknowledge: %(link)s") % {"link": link(reminder)},
        ]
    return "\n".join(lines)


def trial() -> str:
    with override(settings.LANGUAGE_CODE):
        return _("Reminder: a test of this channel. Nothing is to be done.")


def addressed(sending: ReminderSending) -> str:
    """By the list and never by name: whoever is on duty knows their place."""
    if sending.person_id is None:
        return str(Role(sending.role).label)
    return _("No. %(place)d on duty today") % {"place": sending.step}


def link(reminder: Reminder) -> str:
    """Where it is acknowledged, after signing in."""
    return str(settings.PUBLIC_URL + reverse("admin:staff_reminder_decide", args=[reminder.pk, "acknowledge"]))
