"""A demand is paid, wholly or in part (PREP106 01, decisions B6, B7)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import notifications
from claims.models import Demand, DemandState, Payment
from guarantees.decisions.case import OrderDecision
from guarantees.ending import pay_out_if_empty
from guarantees.models import Guarantee
from protocol.vocabulary import DemandOutcome
from staff import clock
from staff.decisions import state_obstacle
from staff.desk.form_fields import DocumentField, MoneyInput, MoneyMovedForm
from staff.desk.page import Tone
from staff.duties import Duty
from staff.events import EventKind
from staff.models import User
from staff.stored_files import store


class PaymentForm(MoneyMovedForm):
    """One payment as the bank's voucher shows it."""

    field_order = ("amount", "paid_at", "long_past")

    amount = MoneyInput(label=gettext_lazy("Paid (CNY)"))
    bank = forms.CharField(label=gettext_lazy("To the bank"), max_length=255)
    account = forms.CharField(label=gettext_lazy("To the account"), max_length=255)
    reference = forms.CharField(label=gettext_lazy("Bank reference"), max_length=64)
    voucher = DocumentField(label=gettext_lazy("Voucher"), help_text=gettext_lazy("PDF or image."))
    reason = forms.CharField(
        label=gettext_lazy("Reason or note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Required where less is paid than was demanded. The platform does not see it."),
    )

    def __init__(self, *args: Any, demand: Demand, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.demand, self.most = demand, most
        self.fields["amount"].help_text = _("Demanded: %(demanded)s; at most %(most)s can be paid.") % {
            "demanded": f"{demand.amount:,.2f}",
            "most": f"{most:,.2f}",
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        amount = data.get("amount")
        if amount is not None and amount > self.most:
            self.add_error("amount", _("More than %(most)s.") % {"most": f"{self.most:,.2f}"})
        if amount is not None and amount < self.demand.amount and not data.get("reason"):
            self.add_error("reason", _("Say why less is paid than was demanded."))
        return data


class Pay(OrderDecision[Demand]):
    name = "pay"
    label = gettext_lazy("Record the payment")
    permission = "claims.handle_demand"
    model = Demand
    transition = "pay"
    event = EventKind("demand.paid", gettext_lazy("Demand paid"), "paid", Tone.GOOD, Duty.DEMAND)
    confirm_duty = Duty.PAYMENT_RELEASE

    def obstacle(self, case: Demand, person: User) -> str | None:
        return _("Nothing is left of the guarantee; the demand can only be refused.") if most(case) <= 0 else None

    def consequence(self, case: Demand) -> str:
        message = notifications.message(case, DemandOutcome.PAID)
        return _("The platform is told that the demand is paid, with amount and time (%(message)s).") % {
            "message": message
        }

    def initial(self, case: Demand) -> Mapping[str, Any]:
        return {"amount": most(case), "paid_at": timezone.localtime(), "bank": case.bank, "account": case.account}

    def form(self, case: Demand, data: Any = None, files: Any = None) -> forms.Form:
        return PaymentForm(
            data, files, initial=dict(self.initial(case)), demand=case, most=most(case), since=case.received_at
        )

    def perform(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        data["payment"] = _payment(case, person, data)
        case.handler, case.decided_at, case.decision_reason = person, clock.now(), data["reason"]

    def details(self, case: Demand, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return _details(data)

    def tell(self, case: Demand, data: Mapping[str, Any]) -> None:
        notifications.paid(case, data["payment"])

    def follow(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        super().follow(case, person, data)
        payment: Payment = data["payment"]
        guarantee = Guarantee.objects.get(pk=case.guarantee_id)
        guarantee.pay(payment.amount)
        guarantee.save()
        pay_out_if_empty(guarantee, payment.paid_at, person)


class RepeatPaymentForm(PaymentForm):
    """A payment after one that bounced: the same amount, elsewhere perhaps."""

    def __init__(self, *args: Any, demand: Demand, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, demand=demand, most=most, **kwargs)
        del self.fields["amount"]
        self.fields["reason"].required = True
        self.fields["reason"].help_text = _("Why the former payment bounced.")


class RepeatPayment(OrderDecision[Demand]):
    """The payment bounced: a new one of the same amount is recorded, and nothing more is sent (decisions B7)."""

    name = "repeat_payment"
    label = gettext_lazy("Record a new payment after one that bounced")
    permission = "claims.handle_demand"
    model = Demand
    event = EventKind(
        "demand.payment_repeated", gettext_lazy("New payment after one that bounced"), "sync", Tone.WARNING
    )

    def obstacle(self, case: Demand, person: User) -> str | None:
        return state_obstacle(case, DemandState.PAID)

    def consequence(self, case: Demand) -> str:
        return _("The platform is told nothing more; it knows of the payment.")

    def initial(self, case: Demand) -> Mapping[str, Any]:
        return {"paid_at": timezone.localtime(), "bank": case.bank, "account": case.account}

    def form(self, case: Demand, data: Any = None, files: Any = None) -> forms.Form:
        former = case.payments.not_bounced().first()
        since = former.paid_at if former else case.received_at  # the form is also asked where nothing was paid yet
        return RepeatPaymentForm(
            data, files, initial=dict(self.initial(case)), demand=case, most=most(case), since=since
        )

    def perform(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        former = case.payments.not_bounced().get()
        former.bounced_at = clock.now()
        former.save()
        data["payment"] = _payment(case, person, {**data, "amount": former.amount})

    def details(self, case: Demand, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return _details(data)


def _details(data: Mapping[str, Any]) -> dict[str, str]:
    payment: Payment = data["payment"]
    return {"amount": str(payment.amount), "reference": payment.reference}


def most(demand: Demand) -> Decimal:
    """What can be paid on a demand: no more than it demands, and than is left of the guaranteed amount."""
    return min(demand.amount, demand.guarantee.remaining)


def _payment(case: Demand, person: User, data: Mapping[str, Any]) -> Payment:
    voucher = store("vouchers", data["voucher"])
    return Payment.objects.create(
        demand=case,
        amount=data["amount"],
        paid_at=data["paid_at"],
        bank=data["bank"],
        account=data["account"],
        reference=data["reference"],
        voucher=voucher.path,
        voucher_digest=voucher.digest,
        recorded_by=person,
    )
