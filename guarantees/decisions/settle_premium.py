"""The premium is settled: received, waived, or taken on account (PREP102 05, decisions B5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit, notifications
from guarantees.decisions.case import (
    Duty,
    OrderDecision,
    ReasonForm,
    duty_obstacle,
    state_obstacle,
    withdrawal_obstacle,
)
from guarantees.models import Application, ApplicationState, Means, Receipt, Settlement
from guarantees.money import refunds
from guarantees.money.receipts import received, still_due
from staff import clock
from staff.desk.form_fields import MoneyInput, MoneyMovedForm
from staff.models import User


class PaymentForm(MoneyMovedForm):
    """One payment as the bank statement or the till shows it."""

    field_order = ("amount", "paid_at", "long_past")

    amount = MoneyInput(label=gettext_lazy("Amount (CNY)"))
    means = forms.ChoiceField(label=gettext_lazy("Means"), choices=Means.choices)
    reference = forms.CharField(label=gettext_lazy("Bank reference"), required=False, max_length=64)


class RecordPayment(OrderDecision[Application]):
    """Records a receipt; the last one that makes the premium complete settles it. Part payments send nothing.

    While a withdrawal is open the money waits in suspense: it is recorded and settles nothing yet (decisions B13).
    """

    name = "record_payment"
    label = gettext_lazy("Record the premium")
    permission = "guarantees.settle_premium"
    model = Application

    def obstacle(self, case: Application, person: User) -> str | None:
        return state_obstacle(case, ApplicationState.APPROVED) or duty_obstacle(case, person, Duty.PREMIUM)

    def consequence(self, case: Application) -> str:
        return _(
            "Once the premium is complete (%(due)s still due), the platform is told that it is paid (PREP102 05)."
        ) % {"due": f"{still_due(case):,.2f}"}

    def initial(self, case: Application) -> Mapping[str, Any]:
        return {"amount": still_due(case), "paid_at": timezone.localtime(), "means": Means.BANK_TRANSFER}

    def form(self, case: Application, data: Any = None, files: Any = None) -> forms.Form:
        return PaymentForm(data, files, initial=dict(self.initial(case)), since=case.received_at)

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
        if not withdrawal_obstacle(case):
            settle_if_complete(case, person)


class WaivePremium(OrderDecision[Application]):
    name = "waive_premium"
    label = gettext_lazy("Waive the premium")
    permission = "guarantees.waive_premium"
    model = Application
    form_class = ReasonForm

    def obstacle(self, case: Application, person: User) -> str | None:
        return (
            state_obstacle(case, ApplicationState.APPROVED)
            or withdrawal_obstacle(case)
            or duty_obstacle(case, person, Duty.PREMIUM)
        )

    def consequence(self, case: Application) -> str:
        return _("The platform is told that 0.00 is paid by other means (PREP102 05).")

    def perform(self, case: Application, person: User, data: Mapping[str, Any]) -> None:
        _settle(case, person, Settlement.WAIVED, data["reason"])
        refunds.owe(case, received(case), person)  # what had come in already
        notifications.premium_settled(case, amount=Decimal("0.00"), at=clock.now(), means=Means.OTHER)


class TakeOnAccount(OrderDecision[Application]):
    name = "take_on_account"
    label = gettext_lazy("Take the premium on account")
    permission = "guarantees.waive_premium"
    model = Application
    form_class = ReasonForm

    def obstacle(self, case: Application, person: User) -> str | None:
        return (
            state_obstacle(case, ApplicationState.APPROVED)
            or withdrawal_obstacle(case)
            or duty_obstacle(case, person, Duty.PREMIUM)
        )

    def consequence(self, case: Application) -> str:
        return _("The platform is told that the premium is paid by other means (PREP102 05).")

    def perform(self, case: Application, person: User, data: Mapping[str, Any]) -> None:
        _settle(case, person, Settlement.ON_ACCOUNT, data["reason"])
        notifications.premium_settled(case, amount=case.premium or Decimal("0.00"), at=clock.now(), means=Means.OTHER)


def settle_if_complete(case: Application, person: User) -> None:
    """Settles an approved application's premium if the receipts make it complete (decisions B5)."""
    last = case.receipts.order_by("paid_at", "id").last()
    if case.state != ApplicationState.APPROVED or last is None or still_due(case) > 0:
        return
    _settle(case, person, Settlement.RECEIVED)
    refunds.owe(case, -still_due(case), person)  # what came in beyond the premium
    notifications.premium_settled(case, amount=case.premium or last.amount, at=last.paid_at, means=Means(last.means))


def _settle(case: Application, person: User, settlement: Settlement, reason: str = "") -> None:
    from_state = case.state
    case.settlement = settlement
    case.settled_by = person
    case.settled_at = clock.now()
    case.settle_premium()
    audit.premium_settled(case, person=person, from_state=from_state, reason=reason)
