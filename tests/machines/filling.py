"""A decision's form, filled in as it is offered, and what it leaves open with what serves."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from staff.decisions import Decision
from tests.institution import scan


def filled(decision: Decision[Any], case: models.Model, chance: Random | None) -> forms.BaseForm | None:
    """The decision's form as it is offered, what it leaves open filled in and valid; None where it asks for more.

    With `chance`, amounts are others now and then.
    """
    form = decision.form(case)
    given: dict[str, Any] = {}
    files: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if isinstance(field, forms.FileField):
            files[name] = scan()
        elif isinstance(field, forms.MultipleChoiceField):
            given[name] = [field.choices[0][0]]
        elif isinstance(value, datetime):
            given[name] = timezone.localtime(value).strftime("%Y-%m-%dT%H:%M:%S")
        elif isinstance(field, forms.DecimalField) and name in ("amount", "premium", "refund", "approved_amount"):
            offered = "450.00" if value is None else str(value)
            choices = [*[offered] * 8, "0", "0.01", "450.00", "900000.00"]
            given[name] = chance.choice(choices) if chance else offered
        elif value not in (None, ""):
            given[name] = value
        elif isinstance(field, forms.CharField):
            given[name] = "理由"
    bound = decision.form(case, given, files)
    return bound if bound.is_valid() else None
