"""The premium is settled: received, waived, or taken on account (PREP102 05, decisions B5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import notifications
from guarantees.book import entries
from guarantees.decisions.case import OrderDecision, withdrawal_obstacle
from guarantees.former_codes import MEANS
from guarantees.models import Application, ApplicationState, Receipt, Settlement
from guarantees.money import refunds
from guarantees.money.receipts import received, still_due
from guarantees.word_lists import WAIVER
from protocol.names import choices_of, labels_of
from protocol.vocabulary import ApplicationOutcome, Means
from staff import clock
from staff.audit import move
from staff.decisions import state_obstacle
from staff.desk.form_fields import MoneyInput, MoneyMovedForm
from staff.desk.page import Tone
from staff.duties import Duty
from staff.events import Detail, EventKind, words_of
from staff.models import User
from staff.reasons import ListedReasonForm

SETTLED = EventKind("premium.settled", gettext_lazy("Premium settled"), "paid", Tone.GOOD, Duty.PREMIUM)


class PaymentForm(MoneyMovedForm):
    """One payment as the bank statement or the till shows it."""

    field_order = ("amount", "paid_at", "long_past")

    amount = MoneyInput(label=gettext_lazy("Amount (CNY)"))
    means = forms.ChoiceField(label=gettext_lazy("Means"), choices=choices_of(Means))
    reference = forms.CharField(label=gettext_lazy("Bank reference"), required=False, max_length=64)


class RecordPayment(OrderDecision[Application]):
    """Records a receipt; the last one that makes the premium complete settles it. Part payments send nothing.

    While a withdrawal is open the money waits in suspense: it is recorded and settles nothing yet (decisions B13).
    """

    name = "record_payment"
    label = gettext_lazy("Record the premium")
    permission = "guarantees.settle_premium"
    other_confirm_permissions = ("guarantees.confirm_receipt",)
    model = Application
    event = EventKind("receipt.recorded", gettext_lazy("Receipt recorded"), "payments", duty=Duty.PREMIUM)
    detail_names = {
        "paid_at": Detail(gettext_lazy("paid at")),
        "means": Detail(
            gettext_lazy("means"),
            {**labels_of(MEANS), **words_of(choices_of(Means))},
        ),
        "still_due": Detail(gettext_lazy("still due"), is_sum=True),
    }

    def obstacle(self, case: Application, person: User) -> str | None:
        return state_obstacle(case, ApplicationState.APPROVED)

    def consequence(self, case: Application) -> str:
        return _(
            "Once the premium is complete (%(due)s still due), the platform is told that it is paid (%(message)s)."
        ) % {"due": f"{still_due(case):,.2f}", "message": notifications.message(case, ApplicationOutcome.PAID)}

    def second_permission(self, case: Application, data: Mapping[str, Any]) -> str:
        """More than twice what is due is more often a slip of the hand, or money that is to leave again, than meant."""
        return self.other_confirm_permissions[0] if data["amount"] > 2 * still_due(case) else ""

    def initial(self, case: Application) -> Mapping[str, Any]:
        return {"amount": still_due(case), "paid_at": timezone.localtime(clock.now()), "means": Means.BANK_TRANSFER}

    def form(self, case: Application, data: Any = None, files: Any = None) -> forms.Form:
        return PaymentForm(data, files, initial=dict(self.initial(case)), since=case.received_at)

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        data["receipt"] = Receipt.objects.create(
            application=case,
            amount=data["amount"],
            paid_at=data["paid_at"],
            means=data["means"],
            reference=data["reference"],
            recorded_by=person,
        )

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        receipt: Receipt = data["receipt"]
        return {
            "amount": str(receipt.amount),
            "paid_at": receipt.paid_at.isoformat(),
            "means": receipt.means,
            "still_due": str(still_due(case)),
        }

    def follow(self, case: Application, person: User, data: dict[str, Any]) -> None:
        waits = bool(withdrawal_obstacle(case))
        entries.received(data["receipt"], waits=waits)
        if not waits:
            settle_if_complete(case, person)


class WaiverForm(ListedReasonForm):
    word_list = WAIVER


class WithoutReceipt(OrderDecision[Application]):
    """The premium is settled though nothing, or not all of it, was received."""

    permission = "guarantees.waive_premium"
    confirm_permission = "guarantees.confirm_waiver"
    model = Application
    form_class = WaiverForm
    transition = "settle_premium"
    event = SETTLED
    detail_names = {
        "settlement": Detail(gettext_lazy("settlement of the premium"), words_of(Settlement.choices)),
    }
    settlement: Settlement

    def obstacle(self, case: Application, person: User) -> str | None:
        return withdrawal_obstacle(case)

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        _fill(case, person, self.settlement)
        case.waiver_code = data.get("reason_code", "")

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return _details(case)


class WaivePremium(WithoutReceipt):
    name = "waive_premium"
    label = gettext_lazy("Waive the premium")
    settlement = Settlement.WAIVED

    def consequence(self, case: Application) -> str:
        message = notifications.message(case, ApplicationOutcome.PAID)
        return _("The platform is told that 0.00 is paid by other means (%(message)s).") % {"message": message}

    def follow(self, case: Application, person: User, data: dict[str, Any]) -> None:
        refunds.owe(case, received(case), person)  # what had come in already
        entries.waived(case, person)
        super().follow(case, person, data)

    def tell(self, case: Application, data: Mapping[str, Any]) -> None:
        notifications.premium_settled(case, amount=Decimal("0.00"), at=clock.now(), means=Means.OTHER)


class TakeOnAccount(WithoutReceipt):
    name = "take_on_account"
    label = gettext_lazy("Take the premium on account")
    settlement = Settlement.ON_ACCOUNT

    def consequence(self, case: Application) -> str:
        message = notifications.message(case, ApplicationOutcome.PAID)
        return _("The platform is told that the premium is paid by other means (%(message)s).") % {"message": message}

    def follow(self, case: Application, person: User, data: dict[str, Any]) -> None:
        entries.taken_on_account(case, person)
        super().follow(case, person, data)

    def tell(self, case: Application, data: Mapping[str, Any]) -> None:
        notifications.premium_settled(case, amount=case.premium, at=clock.now(), means=Means.OTHER)


def settle_if_complete(case: Application, person: User) -> None:
    """Settles an approved application's premium if the receipts make it complete (decisions B5)."""
    last = case.receipts.order_by("paid_at", "id").last()
    if case.state != ApplicationState.APPROVED or last is None or still_due(case) > 0:
        return
    _fill(case, person, Settlement.RECEIVED)
    move(case, case.settle_premium, SETTLED, actor=person, details=_details(case))
    refunds.owe(case, -still_due(case), person)  # what came in beyond the premium
    notifications.premium_settled(case, amount=case.premium, at=last.paid_at, means=Means(last.means))


def _fill(case: Application, person: User, settlement: Settlement) -> None:
    case.settlement, case.settled_by, case.settled_at = settlement, person, clock.now()


def _details(case: Application) -> dict[str, str]:
    return {"settlement": str(case.settlement), "premium": str(case.premium)}
