"""The premium is settled: received, waived, or taken on account (PREP102 05, decisions B5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit, notifications
from guarantees.decisions.case import Duty, OrderDecision, ReasonForm, duty_obstacle, state_obstacle
from guarantees.models import Application, ApplicationState, Means, Receipt, Settlement
from guarantees.money.receipts import still_due
from staff.models import User


class PaymentForm(forms.Form):
    """One payment as the bank statement or the till shows it."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount (CNY)"), max_digits=18, decimal_places=2, min_value=Decimal("0.01")
    )
    paid_at = forms.DateTimeField(
        label=gettext_lazy("Paid at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S"),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    means = forms.ChoiceField(label=gettext_lazy("Means"), choices=Means.choices)
    reference = forms.CharField(label=gettext_lazy("Bank reference"), required=False, max_length=64)

    def clean_paid_at(self) -> datetime:
        paid_at: datetime = self.cleaned_data["paid_at"]
        if paid_at > timezone.now():
            raise forms.ValidationError(_("This time is still to come."))
        return paid_at


class RecordPayment(OrderDecision[Application]):
    """Records a receipt; the last one that makes the premium complete settles it. Part payments send nothing."""

    name = "record_payment"
    label = gettext_lazy("Record the premium")
    permission = "guarantees.settle_premium"
    model = Application
    form_class = PaymentForm

    def obstacle(self, case: Application, person: User) -> str | None:
        return state_obstacle(case, ApplicationState.APPROVED) or duty_obstacle(case, person, Duty.PREMIUM)

    def consequence(self, case: Application) -> str:
        return _(
            "Once the premium is complete (%(due)s still due), the platform is told that it is paid (PREP102 05)."
        ) % {"due": f"{still_due(case):,.2f}"}

    def initial(self, case: Application) -> Mapping[str, Any]:
        return {"amount": still_due(case), "paid_at": timezone.localtime(), "means": Means.BANK_TRANSFER}

    def perform(self, case: Application, person: User, data: Mapping[str, Any]) -> None:
        receipt = Receipt.objects.create(
            application=case,
            amount=data["amount"],
            paid_at=data["paid_at"],
            means=data["means"],
            reference=data["reference"],
            recorded_by=person,
        )
        due = still_due(case)
        audit.receipt_recorded(receipt, person=person, still_due=due)
        if due <= 0:
            _settle(case, person, Settlement.RECEIVED)
            notifications.premium_settled(
                case, amount=case.premium or due, at=receipt.paid_at, means=Means(receipt.means)
            )


class WaivePremium(OrderDecision[Application]):
    name = "waive_premium"
    label = gettext_lazy("Waive the premium")
    permission = "guarantees.waive_premium"
    model = Application
    form_class = ReasonForm

    def obstacle(self, case: Application, person: User) -> str | None:
        return state_obstacle(case, ApplicationState.APPROVED) or duty_obstacle(case, person, Duty.PREMIUM)

    def consequence(self, case: Application) -> str:
        return _("The platform is told that 0.00 is paid by other means (PREP102 05).")

    def perform(self, case: Application, person: User, data: Mapping[str, Any]) -> None:
        _settle(case, person, Settlement.WAIVED, data["reason"])
        notifications.premium_settled(case, amount=Decimal("0.00"), at=timezone.now(), means=Means.OTHER)


class TakeOnAccount(OrderDecision[Application]):
    name = "take_on_account"
    label = gettext_lazy("Take the premium on account")
    permission = "guarantees.waive_premium"
    model = Application
    form_class = ReasonForm

    def obstacle(self, case: Application, person: User) -> str | None:
        return state_obstacle(case, ApplicationState.APPROVED) or duty_obstacle(case, person, Duty.PREMIUM)

    def consequence(self, case: Application) -> str:
        return _("The platform is told that the premium is paid by other means (PREP102 05).")

    def perform(self, case: Application, person: User, data: Mapping[str, Any]) -> None:
        _settle(case, person, Settlement.ON_ACCOUNT, data["reason"])
        notifications.premium_settled(
            case, amount=case.premium or Decimal("0.00"), at=timezone.now(), means=Means.OTHER
        )


def _settle(case: Application, person: User, settlement: Settlement, reason: str = "") -> None:
    from_state = case.state
    case.settlement = settlement
    case.settled_by = person
    case.settled_at = timezone.now()
    case.settle_premium()
    audit.premium_settled(case, person=person, from_state=from_state, reason=reason)
