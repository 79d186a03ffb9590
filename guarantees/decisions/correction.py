"""Before the approval, one person proposes a correction of what the application says and another confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import corrections
from guarantees.book import entries
from guarantees.decisions.case import OrderDecision, withdrawal_obstacle
from guarantees.issuing.institution import check_printable
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.typesetting.fonts import MissingGlyph
from guarantees.models import Application, ApplicationState, Correction
from guarantees.word_lists import CORRECTION
from staff import clock
from staff.decisions import Inapplicable, state_obstacle
from staff.desk.form_fields import DayField, MoneyInput
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User
from staff.proposal_decisions import ReturnForm
from staff.reasons import ListedReasonForm

SUMS = {"award_amount": MoneyInput}


class ProposalForm(ListedReasonForm, forms.ModelForm):  # type: ignore[type-arg]
    """What the letter says and the term asked for; the amount and the applicant's personal data are not in it."""

    word_list = CORRECTION
    reason_code = forms.ChoiceField(label=gettext_lazy("What was wrong"))

    class Meta:
        model = Application
        fields = corrections.ASKED_FOR
        field_classes = {
            **dict.fromkeys(("award_date", "start_date", "end_date"), DayField),
            "award_amount": MoneyInput,
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in corrections.PRINTED:
            try:
                check_printable(data.get(name) or "")
            except (MissingGlyph, LetterNotMade) as error:
                self.add_error(name, str(error))
        stands = Application.objects.get(pk=self.instance.pk)
        if not self.errors and not corrections.differences(stands, data, corrections.ASKED_FOR):
            raise forms.ValidationError(_("Nothing is different."))
        return data


def open_correction(case: Application) -> Correction | None:
    return case.corrections.waiting().select_related("proposed_by").first()


def correction_obstacle(case: Application) -> str | None:
    """What is to be corrected is not decided on."""
    return _("A correction waits to be confirmed or returned.") if open_correction(case) else None


class ProposeCorrection(OrderDecision[Application]):
    name = "propose_correction"
    label = gettext_lazy("Propose a correction")
    permission = "guarantees.approve_application"
    model = Application
    event = EventKind("application.correction_proposed", gettext_lazy("Correction proposed"), "edit_note", Tone.WAITS)

    def obstacle(self, case: Application, person: User) -> str | None:
        return state_obstacle(case, ApplicationState.RECEIVED) or withdrawal_obstacle(case) or correction_obstacle(case)

    def consequence(self, case: Application) -> str:
        return _("Nothing changes until another person confirms it. The message as received stays as it is.")

    def form(self, case: Application, data: Any = None, files: Any = None) -> forms.BaseForm:
        # A copy, since a bound model form writes into its instance, and only a confirmation may change the case.
        return ProposalForm(data, files, instance=Application.objects.get(pk=case.pk))

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        data["correction"] = Correction.objects.create(
            application=case,
            changes=corrections.differences(case, data, corrections.ASKED_FOR),
            reason=data["reason"],
            reason_code=data.get("reason_code", ""),
            proposed_by=person,
            proposed_at=clock.now(),
        )

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return _details(data)


class ConfirmCorrection(OrderDecision[Application]):
    name = "confirm_correction"
    never_by = gettext_lazy("whoever proposed the correction")
    label = gettext_lazy("Confirm the correction")
    permission = "guarantees.confirm_correction"
    model = Application
    event = EventKind("application.correction_confirmed", gettext_lazy("Correction confirmed"), "edit", Tone.GOOD)

    def obstacle(self, case: Application, person: User) -> str | None:
        return _not_open(case) or withdrawal_obstacle(case) or _own_proposal(case, person)

    def consequence(self, case: Application) -> str:
        proposed = open_correction(case)
        changes = "；".join(f"{label}：{text}" for label, text in correction_texts(proposed)) if proposed else ""
        return _("The application then says: %(changes)s") % {"changes": changes}

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        data["correction"] = proposed = _decided(case, person)
        corrections.write(case, proposed.changes)
        entries.arrived(case)
        proposed.confirm()
        proposed.save()

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return _details(data)


class ReturnCorrection(OrderDecision[Application]):
    """By another person, or taken back by whoever proposed it."""

    name = "return_correction"
    label = gettext_lazy("Return the correction")
    permission = "guarantees.confirm_correction"
    model = Application
    form_class = ReturnForm
    final = True
    event = EventKind("application.correction_returned", gettext_lazy("Correction returned"), "undo", Tone.WARNING)

    def obstacle(self, case: Application, person: User) -> str | None:
        return _not_open(case)

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        data["correction"] = proposed = _decided(case, person)
        proposed.note = data["reason"]
        proposed.send_back()
        proposed.save()

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return _details(data)


def _details(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"corrected": corrections.as_texts(data["correction"].changes)}


def correction_texts(proposed: Correction) -> list[tuple[str, str]]:
    """Each field's name, and before and after in one line."""
    return [(str(corrections.label(name)), text) for name, text in corrections.as_texts(proposed.changes).items()]


def _decided(case: Application, person: User) -> Correction:
    proposed = case.corrections.waiting().get()
    proposed.decided_by, proposed.decided_at = person, clock.now()
    return proposed


def _not_open(case: Application) -> str | None:
    return None if open_correction(case) else Inapplicable(_("No correction is proposed."))


def _own_proposal(case: Application, person: User) -> str | None:
    proposed = open_correction(case)
    if proposed and proposed.proposed_by_id == person.pk:
        return _("You proposed this correction; another person must confirm it.")
    return None
