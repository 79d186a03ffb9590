"""What every decision on an order has in common: its lock, and the separation of duties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.issuing import readiness
from guarantees.models import Application, Approval, Guarantee, Order
from guarantees.models.guarantee import MoreThanIsLeft
from staff import clock
from staff.decisions import Decision, NotPossible
from staff.models import User

Case = TypeVar("Case", bound=models.Model)


class OrderDecision(Decision[Case]):
    """A decision on something that belongs to an order; it holds the order's lock, the only one (see Order)."""

    #: From the case to its order, as a query path.
    order_path = "order"

    def lock(self, pk: int) -> Case:
        Order.lock(self.model._default_manager.values_list(self.order_path, flat=True).get(pk=pk))
        return self.model._default_manager.get(pk=pk)

    def take(self, pk: int, person: User, data: Mapping[str, Any] | None = None, *, seen: int | None = None) -> Case:
        try:
            return super().take(pk, person, data, seen=seen)
        except MoreThanIsLeft as refusal:
            raise NotPossible(str(refusal)) from refusal

    def tell(self, case: Case, data: Mapping[str, Any]) -> None:
        """Puts what the platform is told into the outbox; nothing, where the specification has no message for it."""

    def follow(self, case: Case, person: User, data: dict[str, Any]) -> None:
        self.tell(case, data)


class ReasonForm(forms.Form):
    """Asks why. 255 characters are what failReason of PREP102 holds."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )


class Duty(Enum):
    """Approving, taking the money and issuing are never one person's on one case."""

    APPROVAL = "approval"
    PREMIUM = "premium"
    ISSUE = "issue"


def duty_obstacle(application: Application, person: User, wanted: Duty) -> str | None:
    """Why `person` may not take this duty on this case; None where separation is off or they hold no other."""
    if not settings.SEPARATE_DUTIES:
        return None
    for duty, sentence in (
        (Duty.APPROVAL, _("You approved this order, or an earlier letter of it; another person must do this.")),
        (Duty.PREMIUM, _("You took the premium of this application; another person must do this.")),
        (Duty.ISSUE, _("You issued the letter of this application; another person must do this.")),
    ):
        if duty is not wanted and person.pk in _holders(application, duty):
            return sentence
    return None


def _holders(application: Application, duty: Duty) -> Iterable[int | None]:
    match duty:
        case Duty.APPROVAL:
            # All of the order's: whoever agreed to a first letter knows the terms of the corrected one too.
            return Approval.objects.filter(application__order=application.order_id).values_list(
                "approved_by", flat=True
            )
        case Duty.PREMIUM:
            return [application.settled_by_id, *application.receipts.values_list("recorded_by", flat=True)]
        case Duty.ISSUE:
            return Guarantee.objects.filter(application=application).values_list("issued_by", flat=True)


def withdrawal_obstacle(application: Application) -> str | None:
    """An open withdrawal blocks every other decision on the order (decisions B13)."""
    if application.order.withdrawals.waiting().exists():
        return _("The applicant asks to withdraw this order; decide on that first.")
    return None


def readiness_obstacle() -> str | None:
    """Nothing is promised, and no premium taken, for a letter that cannot be issued."""
    if trouble := readiness.trouble(clock.now()):
        return _("No letter could be issued now, so nothing is approved: %(reason)s") % {"reason": trouble}
    return None
