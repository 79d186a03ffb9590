"""The cashier pays a premium back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.decisions.case import OrderDecision
from guarantees.models import Application, Refund
from guarantees.money import refunds
from staff.decisions import Inapplicable
from staff.desk.form_fields import MoneyMovedForm, PastMomentField
from staff.desk.page import Tone
from staff.duties import Duty
from staff.events import EventKind
from staff.models import User


class RefundPaidForm(MoneyMovedForm):
    """When the money went back, by the bank's statement."""

    field_order = ("paid_at", "long_past")

    paid_at = PastMomentField(label=gettext_lazy("Paid back at"))
    reference = forms.CharField(label=gettext_lazy("Bank reference"), max_length=64)


class PayRefund(OrderDecision[Refund]):
    name = "pay"
    label = gettext_lazy("Record that it was paid back")
    permission = "guarantees.pay_refund"
    model = Refund
    order_path = "application__order"
    event = EventKind("refund.paid", gettext_lazy("Refund paid back"), "payments", Tone.GOOD, Duty.REFUND)
    confirm_duty = Duty.REFUND_RELEASE

    def obstacle(self, case: Refund, person: User) -> str | None:
        return Inapplicable(_("This refund is recorded as paid already.")) if case.paid_at else None

    def initial(self, case: Refund) -> Mapping[str, Any]:
        return {"paid_at": timezone.localtime()}

    def form(self, case: Refund, data: Any = None, files: Any = None) -> forms.Form:
        return RefundPaidForm(data, files, initial=dict(self.initial(case)), since=case.due_at)

    def perform(self, case: Refund, person: User, data: dict[str, Any]) -> None:
        case.paid_at, case.reference, case.paid_by = data["paid_at"], data["reference"], person

    def subject(self, case: Refund) -> Application:
        return case.application

    def details(self, case: Refund, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return refunds.details(case)
