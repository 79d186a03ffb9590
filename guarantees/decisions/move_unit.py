"""A manager moves an order to another unit: all its rounds, letters and demands go with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.book import entries
from guarantees.decisions.case import OrderDecision
from guarantees.models import Application, Order
from staff.decisions import Inapplicable, ReasonForm
from staff.events import EventKind
from staff.models import Unit, User
from staff.units import UnitField


class MoveForm(ReasonForm):
    field_order = ("unit", "reason")
    unit = UnitField(label=gettext_lazy("To the unit"), empty_label="—")

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order

    def clean_unit(self) -> Unit:
        unit: Unit = self.cleaned_data["unit"]
        if unit.pk == self.order.unit_id:
            raise forms.ValidationError(_("It is that unit's already."))
        return unit


class MoveUnit(OrderDecision[Application]):
    name = "move_unit"
    label = gettext_lazy("Move to another unit")
    permission = "guarantees.move_order"
    model = Application
    event = EventKind("order.moved", gettext_lazy("Moved to another unit"), "move_up")

    def obstacle(self, case: Application, person: User) -> str | None:
        others = Unit.objects.filter(active=True).exclude(pk=case.order.unit.pk)
        return None if others.exists() else Inapplicable(_("There is no other unit."))

    def consequence(self, case: Application) -> str:
        return _("The whole order goes: its rounds, letters, money and demands. The platform is told nothing.")

    def form(self, case: Application, data: Any = None, files: Any = None) -> forms.Form:
        return MoveForm(data, files, order=case.order)

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        order = case.order
        data["before"], order.unit = order.unit, data["unit"]
        order.save(update_fields=["unit"])

    def follow(self, case: Application, person: User, data: dict[str, Any]) -> None:
        entries.moved(case, person)
        super().follow(case, person, data)

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"unit_before": data["before"].code, "unit": data["unit"].code}
