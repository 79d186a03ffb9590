"""What the home page says of what is not set yet: one line each, with the page on which it is set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from staff import clock
from staff.desk.page import Flag, Text, Tone, leading_to
from staff.models import BusinessParameter, Channel, ParameterVersion, RosterEntry, User
from staff.parameters import PARAMETERS, Parameter
from staff.proposals import CONFIRM_CHANGE


def leading_to_parameter(text: Text, parameter: Parameter[Any], tone: Tone = Tone.WARNING) -> Flag:
    """A line that ends with a link to the parameter's own page."""
    row = BusinessParameter.objects.filter(code=parameter.code).first()
    page = reverse("admin:staff_businessparameter_change", args=[row.pk]) if row else _parameters()
    return leading_to(text, page, parameter.label, tone)


def unconfirmed_parameters(now: datetime) -> Flag | None:
    """Of those that have a value; what has none says so itself, where it is needed."""
    confirmed = ParameterVersion.objects.filter(confirmed_by__isnull=False).values_list("parameter__code", flat=True)
    number = len({parameter.code for parameter in PARAMETERS if parameter.default is not None} - set(confirmed))
    if not number:
        return None
    text = _("%(number)d business parameters stand as by default or as before, and nobody has confirmed them.")
    return leading_to(text % {"number": number}, _parameters(), _("Business parameters"))


def few_confirm(now: datetime) -> Flag | None:
    """Changes of data take two people: of one alone, what that person proposes waits until it lapses."""
    label, _dot, codename = CONFIRM_CHANGE.partition(".")
    held = Permission.objects.filter(content_type__app_label=label, codename=codename)
    may = Q(groups__permissions__in=held) | Q(user_permissions__in=held)
    number = User.objects.filter(may, is_active=True).distinct().count()
    if number > 1:
        return None
    text = _(
        "Only one person may confirm changes of data: nobody can confirm what that person proposes. Ask for the "
        "manager's role for another."
    )
    nobody = _("Nobody may confirm changes of data. Ask for the manager's role for two people.")
    page = reverse("admin:staff_user_changelist")
    return leading_to(text if number else nobody, page, _("Accounts"), Tone.WARNING)


def empty_roster(now: datetime) -> Flag | None:
    """Only where a channel carries reminders: without one nobody is told at all."""
    if not Channel.objects.in_use().exists() or RosterEntry.objects.filter(day__gte=clock.day(now)).exists():
        return None
    text = _("Nobody stands on the duty roster: reminders go to whole roles, and to nobody first.")
    return leading_to(text, reverse("admin:roster"), _("Duty roster"))


def no_channel(now: datetime) -> Flag | None:
    """Nothing is amiss, since everything stands on the home page."""
    if Channel.objects.in_use().exists():
        return None
    text = _("No channel is set: staff are told of demands and alerts by this page alone.")
    return leading_to(text, reverse("admin:staff_channel_changelist"), _("Channels"))


def _parameters() -> str:
    return reverse("admin:staff_businessparameter_changelist")
