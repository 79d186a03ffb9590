"""What staff record on a guarantee in its life: the purchaser's deductions, and a release after its end."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit
from guarantees.blockers import what_blocks_the_end
from guarantees.book import entries
from guarantees.decisions.case import OrderDecision
from guarantees.ending import run_down_if_empty
from guarantees.models import Deduction, Guarantee, GuaranteeState
from guarantees.models.guarantee import EXPOSED
from staff import clock
from staff.decisions import ReasonForm, state_obstacle
from staff.desk.form_fields import DocumentField, MoneyInput
from staff.events import EventKind
from staff.models import User
from staff.stored_files import store


class DeductionForm(forms.Form):
    """What the purchaser deducted from a progress payment, and the paper that says so."""

    amount = MoneyInput(label=gettext_lazy("Deducted (CNY)"))
    reason = forms.CharField(
        label=gettext_lazy("Document"), max_length=255, help_text=gettext_lazy("Its name, number and date.")
    )
    paper = DocumentField(
        label=gettext_lazy("Purchaser's paper"), help_text=gettext_lazy("Sealed by the purchaser. PDF or image.")
    )

    def __init__(self, *args: Any, left: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = left
        self.fields["amount"].help_text = _("Balance: %(amount)s") % {"amount": f"{left:,.2f}"}

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount > self.left:
            raise forms.ValidationError(_("More than is left of the guarantee."))
        return amount


class RecordDeduction(OrderDecision[Guarantee]):
    """The guaranteed amount falls by what the purchaser deducted, on a paper that says so."""

    name = "deduct"
    label = gettext_lazy("Record a deduction")
    permission = "guarantees.record_deduction"
    confirm_permission = "guarantees.confirm_deduction"
    model = Guarantee
    order_path = "application__order"
    event = EventKind("guarantee.deduction_recorded", gettext_lazy("Deduction recorded"), "remove_circle")

    def obstacle(self, case: Guarantee, person: User) -> str | None:
        return state_obstacle(case, *EXPOSED) or what_blocks_the_end(case)

    def form(self, case: Guarantee, data: Any = None, files: Any = None) -> forms.Form:
        return DeductionForm(data, files, left=case.remaining)

    def perform(self, case: Guarantee, person: User, data: dict[str, Any]) -> None:
        case.deduct(data["amount"])
        paper = store("deductions", data["paper"])
        data["deduction"] = Deduction(
            guarantee=case,
            amount=data["amount"],
            document=data["reason"],
            paper=paper.path,
            paper_digest=paper.digest,
            recorded_by=person,
        )

    def details(self, case: Guarantee, data: Mapping[str, Any]) -> Mapping[str, Any]:
        deduction: Deduction = data["deduction"]
        return {
            "guarantee": case.number,
            "amount": str(deduction.amount),
            "left": str(case.remaining),
            "sha256": deduction.paper_digest,
        }

    def follow(self, case: Guarantee, person: User, data: dict[str, Any]) -> None:
        deduction: Deduction = data["deduction"]
        deduction.confirmed_by = person
        deduction.save()
        entries.deducted(deduction)
        run_down_if_empty(case, clock.now(), person)


class Release(OrderDecision[Guarantee]):
    """An expired suretyship's period is over beyond doubt; its exposure ends."""

    name = "release"
    label = gettext_lazy("Release")
    permission = "guarantees.release_guarantee"
    confirm_permission = "guarantees.confirm_release"
    model = Guarantee
    order_path = "application__order"
    form_class = ReasonForm
    final = True
    transition = "release"
    event = audit.ENDED[GuaranteeState.EXPIRED]

    def obstacle(self, case: Guarantee, person: User) -> str | None:
        return what_blocks_the_end(case)

    def perform(self, case: Guarantee, person: User, data: dict[str, Any]) -> None:
        case.ended_at = clock.now()

    def details(self, case: Guarantee, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return audit.end_details(case)

    def follow(self, case: Guarantee, person: User, data: dict[str, Any]) -> None:
        entries.ended(case, person)
        super().follow(case, person, data)
