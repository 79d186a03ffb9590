"""A premium goes back: the cashier asks, another person releases it, and only then it is paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.book import entries
from guarantees.decisions.case import OrderDecision
from guarantees.models import Application, Refund
from guarantees.money import refunds
from staff import clock
from staff.decisions import Inapplicable
from staff.desk.form_fields import MoneyMovedForm, PastMomentField
from staff.desk.page import Tone
from staff.duties import Duty
from staff.events import EventKind
from staff.models import User


class RefundDecision(OrderDecision[Refund]):
    """A decision on a refund; the trail tells it of the application."""

    permission = "guarantees.pay_refund"
    model = Refund
    order_path = "application__order"

    def subject(self, case: Refund) -> Application:
        return case.application

    def details(self, case: Refund, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return refunds.details(case)


class ReleaseForm(forms.Form):
    """Where the money is to go."""

    payee = forms.CharField(
        label=gettext_lazy("Payee"),
        max_length=255,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Name, bank and account from which the premium came."),
    )


class ReleaseRefund(RefundDecision):
    """Asked for by the cashier; a small one is released by the accountant, any by a manager."""

    name = "release"
    label = gettext_lazy("Release for payment")
    confirm_permission = "guarantees.release_refund"
    other_confirm_permissions = ("guarantees.release_large_refund",)
    confirm_duty = Duty.REFUND_RELEASE
    personal_fields = frozenset({"payee"})
    form_class = ReleaseForm
    event = EventKind("refund.released", gettext_lazy("Refund released"), "lock_open", Tone.GOOD, Duty.REFUND)

    def second_permission(self, case: Refund, data: Mapping[str, Any]) -> str:
        if case.amount <= refunds.SMALL.value():
            return self.confirm_permission
        return self.other_confirm_permissions[0]

    def obstacle(self, case: Refund, person: User) -> str | None:
        if case.paid_at:
            return Inapplicable(_("This refund is recorded as paid already."))
        return Inapplicable(_("This refund is released already.")) if case.released_at else None

    def perform(self, case: Refund, person: User, data: dict[str, Any]) -> None:
        case.payee, case.release_asked_by, case.released_at = data["payee"], person, clock.now()

    def follow(self, case: Refund, person: User, data: dict[str, Any]) -> None:
        case.released_by = person


class RefundPaidForm(MoneyMovedForm):
    """When the money went back, by the bank's statement."""

    field_order = ("paid_at", "long_past")

    paid_at = PastMomentField(label=gettext_lazy("Paid back at"))
    reference = forms.CharField(label=gettext_lazy("Bank reference"), max_length=64)


class PayRefund(RefundDecision):
    name = "pay"
    label = gettext_lazy("Record that it was paid back")
    event = EventKind("refund.paid", gettext_lazy("Refund paid back"), "payments", Tone.GOOD)

    def obstacle(self, case: Refund, person: User) -> str | None:
        if case.paid_at:
            return Inapplicable(_("This refund is recorded as paid already."))
        return None if case.released_at else _("It is released by two people first.")

    def initial(self, case: Refund) -> Mapping[str, Any]:
        return {"paid_at": timezone.localtime(clock.now())}

    def form(self, case: Refund, data: Any = None, files: Any = None) -> forms.Form:
        since = case.released_at or case.due_at
        return RefundPaidForm(data, files, initial=dict(self.initial(case)), since=since)

    def perform(self, case: Refund, person: User, data: dict[str, Any]) -> None:
        case.paid_at, case.reference, case.paid_by = data["paid_at"], data["reference"], person
        case.end_work()

    def follow(self, case: Refund, person: User, data: dict[str, Any]) -> None:
        entries.refund_paid(case)
