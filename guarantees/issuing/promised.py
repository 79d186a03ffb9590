"""What letters promise by data that two people change. An issued letter keeps its own, among its particulars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from staff.parameters import Parameter, ParameterGroup, ParameterOfParts


@dataclass(frozen=True)
class Clauses:
    """An insurer's filed clauses: their name without 《》, and their registration number."""

    name: str
    number: str


def _former_clauses() -> Clauses | None:
    given = (settings.CLAUSES_NAME, settings.CLAUSES_NUMBER)
    return Clauses(*given) if all(given) else None


PAYMENT_DAYS: Parameter[int] = Parameter(
    code="letters.payment_working_days",
    label=_("Working days within which letters promise payment"),
    group=ParameterGroup.LETTERS,
    field=lambda: forms.IntegerField(min_value=1, max_value=90),
    default=5,
    source=_("Our proposal; confirm it with the institution."),
    help=_("Letters issued from then on promise it; issued ones keep what they promised."),
    first=lambda: settings.PAYMENT_WORKING_DAYS,
)
CLAUSES: Parameter[Clauses | None] = ParameterOfParts(
    code="letters.clauses",
    label=_("Filed clauses (insurers)"),
    group=ParameterGroup.LETTERS,
    parts=lambda: {
        "name": forms.CharField(label=_("Name of the clauses"), max_length=128, help_text=_("Without 《》.")),
        "number": forms.CharField(label=_("Registration number"), max_length=64),
    },
    made=Clauses,
    default=None,
    source=_("The insurer's own filing."),
    help=_("An insurer's letters name them; other institutions have none."),
    first=_former_clauses,
)
PARAMETERS: tuple[Parameter[Any], ...] = (PAYMENT_DAYS, CLAUSES)
