"""A demand is to be paid: the handler proposes sum and payee, another person releases the payment (decisions B6, B7).

Nothing moves and nobody is told before the release; what was released is then paid at the bank and recorded with its
voucher (`claims.decisions.pay`).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import book
from claims.models import Demand, DemandState, Settlement
from guarantees.decisions.case import OrderDecision
from protocol.folding import same_number
from staff import clock
from staff.decisions import Inapplicable, NotPossible, ReasonForm, state_obstacle
from staff.desk.form_fields import MoneyInput
from staff.desk.page import Tone
from staff.duties import Duty
from staff.events import EventKind
from staff.models import User

RELEASE = "claims.release_payment"


class SettlementForm(forms.Form):
    """How much, and to whom."""

    amount = MoneyInput(label=gettext_lazy("To pay (CNY)"))
    bank = forms.CharField(label=gettext_lazy("To the bank"), max_length=255)
    account = forms.CharField(label=gettext_lazy("To the account"), max_length=255)
    reason = forms.CharField(
        label=gettext_lazy("Reason or note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Required where less is paid than was demanded, or to another account. The platform does not see it."
        ),
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
        amount, account = data.get("amount"), data.get("account")
        if amount is not None and amount > self.most:
            self.add_error("amount", _("More than %(most)s.") % {"most": f"{self.most:,.2f}"})
        if amount is not None and amount < self.demand.amount and not data.get("reason"):
            self.add_error("reason", _("Say why less is paid than was demanded."))
        elif account and not same_number(account, self.demand.account) and not data.get("reason"):
            self.add_error("reason", _("This is not the demand's account; say why it is paid there."))
        return data


class SettlementDecision(OrderDecision[Demand]):
    """Proposed by the handler; whoever handled the demand does not release its payment."""

    permission = "claims.handle_demand"
    confirm_permission = RELEASE
    confirm_duty = Duty.PAYMENT_RELEASE
    personal_fields = frozenset({"account"})
    model = Demand

    def perform(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        data["settlement"] = Settlement(
            demand=case,
            amount=data["amount"],
            bank=data["bank"],
            account=data["account"],
            reason=data["reason"],
            proposed_by=person,
        )

    def details(self, case: Demand, data: Mapping[str, Any]) -> Mapping[str, Any]:
        settlement: Settlement = data["settlement"]
        return {"amount": str(settlement.amount), "other_account": settlement.is_elsewhere}

    def follow(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        settlement: Settlement = data["settlement"]
        settlement.released_by, settlement.released_at = person, clock.now()
        settlement.save()


class Settle(SettlementDecision):
    name = "settle"
    label = gettext_lazy("Release the payment")
    event = EventKind("demand.payment_released", gettext_lazy("Payment released"), "lock_open", Tone.GOOD, Duty.DEMAND)

    def obstacle(self, case: Demand, person: User) -> str | None:
        if reason := state_obstacle(case, DemandState.IN_HAND):
            return reason
        if case.released_payment():
            return Inapplicable(_("The payment is released already; it is recorded once it was made."))
        return _("Nothing is left of the guarantee; the demand can only be refused.") if most(case) <= 0 else None

    def consequence(self, case: Demand) -> str:
        return _("The platform is told nothing yet: only once the payment was made, with amount and time.")

    def initial(self, case: Demand) -> Mapping[str, Any]:
        return {"amount": most(case), "bank": case.bank, "account": case.account}

    def form(self, case: Demand, data: Any = None, files: Any = None) -> forms.Form:
        return SettlementForm(data, files, initial=dict(self.initial(case)), demand=case, most=most(case))


class SettleAgainForm(SettlementForm):
    """After a payment that bounced: the same amount, elsewhere perhaps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["amount"]
        self.fields["reason"].required = True
        self.fields["reason"].help_text = _("Why the former payment bounced.")


class SettleAgain(SettlementDecision):
    """The payment bounced: a new one of the same amount is proposed and released (decisions B7)."""

    name = "settle_again"
    label = gettext_lazy("Release a new payment after one that bounced")
    event = EventKind(
        "demand.payment_released_anew",
        gettext_lazy("New payment released after one that bounced"),
        "lock_reset",
        Tone.WARNING,
        Duty.DEMAND,
    )

    def obstacle(self, case: Demand, person: User) -> str | None:
        if reason := state_obstacle(case, DemandState.PAID):
            return reason
        if case.released_payment():
            return Inapplicable(_("The payment is released already; it is recorded once it was made."))
        return None

    def consequence(self, case: Demand) -> str:
        return _("The platform is told nothing more; it knows of the payment.")

    def initial(self, case: Demand) -> Mapping[str, Any]:
        return {"bank": case.bank, "account": case.account}

    def form(self, case: Demand, data: Any = None, files: Any = None) -> forms.Form:
        return SettleAgainForm(data, files, initial=dict(self.initial(case)), demand=case, most=most(case))

    def perform(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        former = case.payments.order_by("id").last()
        if former is None:
            raise NotPossible(_("No payment was recorded that could have bounced."))
        if former.bounced_at is None:  # else it was recorded with a release that was taken back
            former.bounced_at = clock.now()
            former.save()
            book.bounced(former)
        data["amount"] = former.amount
        super().perform(case, person, data)


class TakeBackRelease(OrderDecision[Demand]):
    """What was released is not paid after all: one person who may release takes it back."""

    name = "take_back_release"
    label = gettext_lazy("Take the release back")
    permission = RELEASE
    model = Demand
    form_class = ReasonForm
    final = True
    event = EventKind("demand.release_taken_back", gettext_lazy("Release taken back"), "lock", Tone.WARNING)

    def obstacle(self, case: Demand, person: User) -> str | None:
        return None if case.released_payment() else Inapplicable(_("No payment is released."))

    def consequence(self, case: Demand) -> str:
        return _("Make sure that nothing was paid at the bank. The demand can then be decided anew.")

    def perform(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        data["settlement"] = released = case.settlements.to_be_paid().get()
        released.taken_back_at = clock.now()
        released.save()

    def details(self, case: Demand, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"amount": str(data["settlement"].amount)}


def most(demand: Demand) -> Decimal:
    """What can be paid on a demand: no more than it demands, and than is left of the guaranteed amount."""
    return min(demand.amount, demand.guarantee.remaining)
