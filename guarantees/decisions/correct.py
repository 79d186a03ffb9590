"""The particulars of a returned letter are corrected and approved anew (decisions B9): no 01, no second premium."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import corrections, notifications
from guarantees.book import entries
from guarantees.decisions import authority
from guarantees.decisions.case import withdrawal_obstacle
from guarantees.issuing.institution import check_printable
from guarantees.issuing.signing import LetterNotMade
from guarantees.issuing.terms import replaced
from guarantees.letter.typesetting.fonts import MissingGlyph
from guarantees.models import Application, Approval, ApprovalKind, Terms
from guarantees.underwriting.rules import shown
from guarantees.validity import validity
from guarantees.word_lists import CORRECTION
from protocol.vocabulary import ApplicationOutcome
from staff import clock
from staff.desk.form_fields import DayField, MoneyInput
from staff.desk.page import Tone
from staff.duties import Duty
from staff.events import EventKind
from staff.models import User
from staff.reasons import ListedReasonForm


class CorrectForm(ListedReasonForm, forms.ModelForm):  # type: ignore[type-arg]
    """What the letter says; the applicant's personal data is not in it."""

    approved_amount = MoneyInput(label=gettext_lazy("Guaranteed amount (CNY)"))
    approved_start = DayField(label=gettext_lazy("Valid from"), required=False)
    approved_end = DayField(label=gettext_lazy("Valid until"), required=False)
    word_list = CORRECTION
    reason_code = forms.ChoiceField(label=gettext_lazy("What was wrong"))

    class Meta:
        model = Application
        fields = corrections.CORRECTABLE
        field_classes = {"award_date": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, column in corrections.TERMS.items():
            self.initial[name] = getattr(self.instance.approval, column, None)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in corrections.PRINTED:
            try:
                check_printable(data.get(name) or "")
            except (MissingGlyph, LetterNotMade) as error:
                self.add_error(name, str(error))
        old = replaced(self.instance)
        amount = data.get("approved_amount")
        asked = self.instance.advance_amount
        if amount is not None and amount > asked:
            self.add_error("approved_amount", _("More than the advance asked for (%(asked)s).") % {"asked": asked})
        elif amount is not None and old and amount < old.used:
            self.add_error("approved_amount", _("Less than what was paid and deducted already."))
        if not self.errors:
            term = validity(
                start=data["approved_start"],
                end=data["approved_end"],
                months=self.instance.guarantee_months,
                issued_at=clock.now(),
            )
            if term.ends <= max(term.begins, clock.now()):
                self.add_error("approved_end", _("The guarantee would end before it begins, or is over already."))
        return data


class CorrectParticulars(authority.ApprovalDecision):
    name = "correct"
    label = gettext_lazy("Correct and approve anew")
    transition = "correct"
    event = EventKind(
        "application.corrected",
        gettext_lazy("Particulars corrected and approved anew"),
        "edit",
        Tone.GOOD,
        Duty.APPROVAL,
    )

    def obstacle(self, case: Application, person: User) -> str | None:
        return withdrawal_obstacle(case)

    def consequence(self, case: Application) -> str:
        message = notifications.message(case, ApplicationOutcome.ISSUED)
        text = _("The letter can then be issued again under a new number (%(message)s).") % {"message": message}
        return f"{text} {authority.told(case, _amount(case))}".strip()

    def initial(self, case: Application) -> Mapping[str, Any]:
        return {"approved_amount": _amount(case)}

    def form(self, case: Application, data: Any = None, files: Any = None) -> forms.BaseForm:
        # A copy, since a bound model form writes into its instance, and only `perform` may change the case.
        return CorrectForm(data, files, instance=Application.objects.get(pk=case.pk))

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        data["changes"] = corrections.differences(case, data, corrections.APPROVED)
        corrections.write(case, data["changes"])
        now = clock.now()
        data["approval"] = Approval.give(
            case,
            kind=ApprovalKind.CORRECTION,
            terms=Terms(data["approved_amount"], data["approved_start"], data["approved_end"], case.premium),
            person=person,
            at=now,
            reason=data["reason"],
            reason_code=data.get("reason_code", ""),
            findings=shown(case, now),
            confirmed_by=data.get("confirmed_by"),
        )

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"corrected": corrections.as_texts(data["changes"]), "amount": str(data["approval"].amount)}

    def follow(self, case: Application, person: User, data: dict[str, Any]) -> None:
        entries.corrected(data["approval"], replaced(case))
        super().follow(case, person, data)


def _amount(case: Application) -> Decimal:
    """What stands approved."""
    return case.approval.amount if case.approval else case.advance_amount
