"""By what reports are narrowed wherever a platform has a part in them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from protocol.models import Connection
from staff.desk.reports.filters import Filter
from staff.models import User


def _platforms(person: User) -> forms.Field:
    return forms.ModelChoiceField(Connection.objects.order_by("name"), empty_label="—")


PLATFORM = Filter("platform", _("Platform"), _platforms)
