"""A payment that was released has been made: it is recorded with its voucher (PREP106 01, decisions B6, B7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import book, notifications
from claims.models import Demand, DemandState, Payment
from guarantees.decisions.case import OrderDecision
from guarantees.ending import pay_out_if_empty
from guarantees.models import Guarantee
from protocol.vocabulary import DemandOutcome
from staff import clock
from staff.decisions import Inapplicable, state_obstacle
from staff.desk.form_fields import DocumentField, MoneyMovedForm
from staff.desk.page import Tone, yuan
from staff.duties import Duty
from staff.events import EventKind
from staff.models import User
from staff.stored_files import store


class PaymentForm(MoneyMovedForm):
    """One payment as the bank's voucher shows it; its amount and its payee were released."""

    field_order = ("paid_at", "long_past")

    reference = forms.CharField(label=gettext_lazy("Bank reference"), max_length=64)
    voucher = DocumentField(label=gettext_lazy("Voucher"), help_text=gettext_lazy("PDF or image."))


class PaymentDecision(OrderDecision[Demand]):
    """Records what was released and paid."""

    permission = "claims.handle_demand"
    model = Demand

    def initial(self, case: Demand) -> Mapping[str, Any]:
        return {"paid_at": timezone.localtime(clock.now())}

    def form(self, case: Demand, data: Any = None, files: Any = None) -> forms.Form:
        released = case.released_payment()
        since = released.released_at if released else case.received_at  # the form is also asked where nothing is
        return PaymentForm(data, files, initial=dict(self.initial(case)), since=since)

    def perform(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        released = case.settlements.to_be_paid().get()
        voucher = store("vouchers", data["voucher"])
        data["settlement"] = released
        data["payment"] = released.payment = Payment.objects.create(
            demand=case,
            amount=released.amount,
            paid_at=data["paid_at"],
            bank=released.bank,
            account=released.account,
            reference=data["reference"],
            voucher=voucher.path,
            voucher_digest=voucher.digest,
            recorded_by=person,
        )
        released.save()

    def details(self, case: Demand, data: Mapping[str, Any]) -> Mapping[str, Any]:
        payment: Payment = data["payment"]
        return {"amount": str(payment.amount), "reference": payment.reference}


class Pay(PaymentDecision):
    name = "pay"
    label = gettext_lazy("Record the payment")
    transition = "pay"
    outcome = gettext_lazy("The payment is recorded, and the platform is told.")
    event = EventKind("demand.paid", gettext_lazy("Demand paid"), "paid", Tone.GOOD, Duty.DEMAND)

    def obstacle(self, case: Demand, person: User) -> str | None:
        return None if case.released_payment() else _("It is released by two people first.")

    def consequence(self, case: Demand) -> str:
        released = case.released_payment()
        text = _("The platform is told that the demand is paid, with amount and time (%(message)s).") % {
            "message": notifications.message(case, DemandOutcome.PAID)
        }
        return f"{text} {yuan(released.amount)}" if released else text

    def perform(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        super().perform(case, person, data)
        case.handler, case.decided_at = person, clock.now()
        case.decision_reason = data["settlement"].reason

    def reason(self, case: Demand, data: Mapping[str, Any]) -> str:
        return str(data["settlement"].reason)

    def tell(self, case: Demand, data: Mapping[str, Any]) -> None:
        notifications.paid(case, data["payment"])

    def follow(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        super().follow(case, person, data)
        payment: Payment = data["payment"]
        guarantee = Guarantee.objects.get(pk=case.guarantee_id)
        guarantee.pay(payment.amount)
        guarantee.save()
        book.decided(case, book.DECIDED_PAID)
        book.paid(payment, guarantee)
        pay_out_if_empty(guarantee, payment.paid_at, person)


class RepeatPayment(PaymentDecision):
    """The payment bounced, and a new one of the same amount was made: nothing more is sent (decisions B7)."""

    name = "repeat_payment"
    label = gettext_lazy("Record the new payment")
    event = EventKind(
        "demand.payment_repeated",
        gettext_lazy("New payment after one that bounced"),
        "sync",
        Tone.WARNING,
        Duty.DEMAND,
    )

    def obstacle(self, case: Demand, person: User) -> str | None:
        if reason := state_obstacle(case, DemandState.PAID):
            return reason
        return None if case.released_payment() else Inapplicable(_("It is released by two people first."))

    def consequence(self, case: Demand) -> str:
        return _("The platform is told nothing more; it knows of the payment.")

    def reason(self, case: Demand, data: Mapping[str, Any]) -> str:
        return str(data["settlement"].reason)

    def follow(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        book.paid(data["payment"], None)
        super().follow(case, person, data)
