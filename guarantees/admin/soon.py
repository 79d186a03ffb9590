"""Guarantees whose end is near."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guarantees.models import Guarantee, GuaranteeState
from staff import clock
from staff.desk.filters import ChoiceFilter

SOON = timedelta(days=30)


def ending_soon(guarantees: QuerySet[Guarantee]) -> QuerySet[Guarantee]:
    """Those in force that end within 30 days."""
    return guarantees.filter(state=GuaranteeState.IN_FORCE, valid_until__lt=clock.now() + SOON)


class EndsSoon(ChoiceFilter):
    title = _("end")
    parameter_name = "ends"
    choices_of_rows = {"30": (_("within 30 days"), ending_soon)}
