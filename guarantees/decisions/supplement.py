"""The underwriter asks the applicant for documents, takes that back, or records what came otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.applicants import links, requests
from guarantees.decisions.case import OrderDecision, withdrawal_obstacle
from guarantees.document_types import DOCUMENTS
from guarantees.models import Application, ApplicationState, SupplementRequest
from staff import calendar, clock
from staff.audit import record
from staff.decisions import Inapplicable, ReasonForm, state_obstacle
from staff.desk.form_fields import DayField
from staff.desk.page import Tone
from staff.events import Detail, EventKind
from staff.models import User

#: Nobody waits longer for a document.
LATEST = timedelta(days=90)
#: What other parties make, or we ourselves: no applicant is asked for these.
NOT_THE_APPLICANTS = frozenset(
    {"020", "107", "717", "718", "719", "808", "810", "811", "813", "814", "815", "816", "819"}
)


class AskForm(forms.Form):
    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Documents"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        choices=lambda: [(word.code, word.text) for word in DOCUMENTS.offered() if word.code not in NOT_THE_APPLICANTS],
    )
    words = forms.CharField(
        label=gettext_lazy("What the applicant should know"),
        required=False,
        max_length=500,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The applicant reads it as it stands: which pages, whose seal, what was unclear."),
    )
    deadline = DayField(
        label=gettext_lazy("Deadline"), help_text=gettext_lazy("The last day; it counts until 24 o'clock.")
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = [word for word in DOCUMENTS.offered() if word.code in data.get("documents", [])]
        if any(word.needs_words for word in chosen) and not data.get("words"):
            self.add_error("words", _("Say which paper is meant."))
        return data

    def clean_deadline(self) -> date:
        deadline: date = self.cleaned_data["deadline"]
        if deadline <= clock.today():
            raise forms.ValidationError(_("Leave the applicant a day at least."))
        if deadline > clock.today() + LATEST:
            raise forms.ValidationError(_("Give a day within %(number)d days.") % {"number": LATEST.days})
        return deadline


class AskForDocuments(OrderDecision[Application]):
    name = "ask_for_documents"
    label = gettext_lazy("Ask for documents")
    permission = "guarantees.approve_application"
    model = Application
    form_class = AskForm
    event = EventKind("supplement.asked", gettext_lazy("Documents asked for"), "upload_file", Tone.WAITS)
    detail_names = {
        "documents": Detail(gettext_lazy("documents asked for")),
        "deadline": Detail(gettext_lazy("deadline")),
        "supplement": Detail(gettext_lazy("number of the request")),
        "wrong_codes": Detail(gettext_lazy("wrong codes")),
    }

    def obstacle(self, case: Application, person: User) -> str | None:
        if reason := state_obstacle(case, ApplicationState.RECEIVED) or withdrawal_obstacle(case):
            return reason
        if case.pending_request():
            return Inapplicable(_("The applicant was asked already, and has not answered."))
        return None

    def consequence(self, case: Application) -> str:
        sentence = _(
            "The clock of this application rests until the applicant answers. The platform has no message for it and "
            "is told nothing: copy the message on the page of the case and send it to the applicant."
        )
        if not links.code_of(case.order):
            sentence += " " + _no_telephone()
        return sentence

    def initial(self, case: Application) -> Mapping[str, Any]:
        return {"deadline": calendar.add_working_days(clock.now(), requests.DAYS.value()).day}

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        data["asked"] = requests.ask(case, data["documents"], data["words"], data["deadline"], person)
        if links.code_of(case.order):
            links.make_valid(case, person)

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        asked: SupplementRequest = data["asked"]
        return {"supplement": asked.number, "documents": requests.names(asked), "deadline": asked.deadline.isoformat()}


class _EndRequest(OrderDecision[Application]):
    """Ends what is asked for; the application's clock goes on."""

    permission = "guarantees.approve_application"
    model = Application
    form_class = ReasonForm
    #: Of the request, a method's name.
    ending: str

    def obstacle(self, case: Application, person: User) -> str | None:
        if reason := state_obstacle(case, ApplicationState.RECEIVED):
            return reason
        return None if case.pending_request() else Inapplicable(_("Nothing is asked for."))

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        asked = case.supplements.pending().get()  # under the lock, whatever was seen before
        data["asked"], data["was"] = asked, asked.state
        getattr(asked, self.ending)()
        asked.save()
        case.go_on()

    def record(self, case: Application, person: User, data: Mapping[str, Any], from_state: str, to_state: str) -> None:
        """Of the request, whose states these are."""
        asked: SupplementRequest = data["asked"]
        record(
            chain=case.audit_chain,
            event=self.event,
            subject=asked,
            actor=person,
            from_state=data["was"],
            to_state=asked.state,
            reason=self.reason(case, data),
            details={"supplement": asked.number},
        )


class TakeBackRequest(_EndRequest):
    name = "take_back_request"
    label = gettext_lazy("Take the request back")
    event = EventKind("supplement.taken_back", gettext_lazy("Request for documents taken back"), "undo", Tone.OVER)
    ending = "take_back"

    def consequence(self, case: Application) -> str:
        return _("The applicant's page asks for nothing any more, and the application's clock goes on.")


class RecordDocuments(_EndRequest):
    name = "record_documents"
    label = gettext_lazy("Record that the documents came")
    event = EventKind(
        "supplement.recorded", gettext_lazy("Documents recorded that came otherwise"), "task_alt", Tone.GOOD
    )
    ending = "receive_answer"

    def consequence(self, case: Application) -> str:
        return _("For what came by another way than the applicant's page. The application's clock goes on.")


def _no_telephone() -> str:
    return _("The application gives no telephone of four digits, so there is no link: ask by another way.")
