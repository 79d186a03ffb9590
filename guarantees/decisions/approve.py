"""The underwriter approves an application, on terms, and above a sum another person confirms it (PREP102 01)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import notifications
from guarantees.applicants import requests
from guarantees.book import entries
from guarantees.corrections import PRINTED
from guarantees.decisions import authority
from guarantees.decisions.case import readiness_obstacle, withdrawal_obstacle
from guarantees.decisions.correction import correction_obstacle
from guarantees.issuing import preview, terms
from guarantees.issuing.institution import check_printable
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.typesetting.fonts import MissingGlyph
from guarantees.models import Application, Approval, ApprovalKind, Terms
from guarantees.underwriting.rules import shown
from guarantees.validity import validity
from protocol.vocabulary import ApplicationOutcome
from staff import clock
from staff.decisions import NotPossible
from staff.desk.form_fields import DayField, MoneyInput
from staff.desk.page import Tone, moment
from staff.duties import Duty
from staff.events import Detail, EventKind
from staff.models import User


class ApproveForm(forms.Form):
    """The terms. The application gives what they start from; less than asked for needs a reason (decisions B2)."""

    approved_amount = MoneyInput(label=gettext_lazy("Guaranteed amount (CNY)"))
    approved_start = DayField(
        label=gettext_lazy("Valid from"),
        required=False,
        help_text=gettext_lazy("Empty: from the moment of issue."),
    )
    approved_end = DayField(
        label=gettext_lazy("Valid until"),
        required=False,
        help_text=gettext_lazy(
            "Empty: as many months as the applicant asked for. The last day counts until 24 o'clock."
        ),
    )
    premium = MoneyInput(label=gettext_lazy("Premium (CNY)"))
    reason = forms.CharField(
        label=gettext_lazy("Reason or note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Required where less is approved than was asked for. The platform does not see it."),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        self.fields["approved_amount"].help_text = _("Asked for: %(amount)s") % {
            "amount": f"{application.advance_amount:,.2f}"
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        amount, asked = data.get("approved_amount"), self.application.advance_amount
        if amount is not None and amount > asked:
            text = _("More than the advance asked for (%(asked)s).") % {"asked": f"{asked:,.2f}"}
            self.add_error("approved_amount", text)
        if amount is not None and amount < asked and not data.get("reason"):
            self.add_error("reason", _("Say why less is approved than was asked for."))
        if not self.errors:
            term = validity(
                start=data["approved_start"],
                end=data["approved_end"],
                months=self.application.guarantee_months,
                issued_at=clock.now(),
            )
            if term.ends <= max(term.begins, clock.now()):
                self.add_error("approved_end", _("The guarantee would end before it begins, or is over already."))
        return data


class Approve(authority.ApprovalDecision):
    name = "approve"
    label = gettext_lazy("Approve")
    transition = "approve"
    outcome = gettext_lazy("Approved, and the platform is told. The cashier records the premium next.")
    event = EventKind("application.approved", gettext_lazy("Approved"), "check_circle", Tone.GOOD, Duty.APPROVAL)
    detail_names = {"start": Detail(gettext_lazy("from")), "end": Detail(gettext_lazy("until"))}

    def obstacle(self, case: Application, person: User) -> str | None:
        return withdrawal_obstacle(case) or correction_obstacle(case) or _print_obstacle(case) or readiness_obstacle()

    def consequence(self, case: Application) -> str:
        message = notifications.message(case, ApplicationOutcome.APPROVED)
        sentences = _("The platform is told that the application is approved (%(message)s).") % {"message": message}
        term = terms.term(case, clock.now())
        if term.ends > term.begins:
            text = _("With the dates asked for, a letter issued today is valid from %(begins)s until %(ends)s.")
            sentences += " " + text % {"begins": moment(term.begins), "ends": moment(term.ends)}
        sentences += requests.closing_sentence(case)
        return f"{sentences} {authority.told(case, case.advance_amount)}".strip()

    def initial(self, case: Application) -> Mapping[str, Any]:
        return {
            "approved_amount": case.advance_amount,
            "approved_start": case.start_date,
            "approved_end": case.end_date,
        }

    def form(self, case: Application, data: Any = None, files: Any = None) -> forms.Form:
        return ApproveForm(data, files, initial=dict(self.initial(case)), application=case)

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        now = clock.now()
        data["approval"] = Approval.give(
            case,
            kind=ApprovalKind.APPLICATION,
            terms=Terms(data["approved_amount"], data["approved_start"], data["approved_end"], data["premium"]),
            person=person,
            at=now,
            reason=data["reason"],
            findings=shown(case, now),
            confirmed_by=data.get("confirmed_by"),
        )

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        approval: Approval = data["approval"]
        return {
            "amount": str(approval.amount),
            "premium": str(approval.premium),
            "start": approval.start.isoformat() if approval.start else None,
            "end": approval.end.isoformat() if approval.end else None,
        }

    def tell(self, case: Application, data: Mapping[str, Any]) -> None:
        notifications.approved(case)

    def follow(self, case: Application, person: User, data: dict[str, Any]) -> None:
        try:
            preview.of_application(case, data["approval"].approved_at)
        except LetterNotMade as error:
            raise NotPossible(_("The letter could not be made: %(reason)s") % {"reason": error}) from error
        entries.approved(data["approval"])
        super().follow(case, person, data)
        requests.close(case, person)


def _print_obstacle(case: Application) -> str | None:
    """A letter that could not be printed is not promised; what it says can be corrected first."""
    for name in PRINTED:
        try:
            check_printable(getattr(case, name))
        except (MissingGlyph, LetterNotMade) as error:
            return _("The letter could not be printed; propose a correction, or reject. %(reason)s") % {"reason": error}
    return None
