"""What staff keep with a case: a document is attached or struck out, a note is added.

A room offers the first and the last on each of its cases, with the lock that its decisions hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import case_files
from staff.case_files import NotAttached
from staff.decisions import Decision, NotPossible, ReasonForm, decisions_on
from staff.desk.case_files_field import CaseFileField
from staff.models import CaseDocument, User
from staff.word_lists import word_list

Case = TypeVar("Case", bound=models.Model)
LONGEST_NOTE = 2000


class DocumentForm(forms.Form):
    """A file, and what it is."""

    kind = forms.ChoiceField(label=gettext_lazy("Type of document"))
    words = forms.CharField(
        label=gettext_lazy("What it is"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Needed for another paper; else where the type alone says too little."),
    )
    file = CaseFileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("PDF, OFD, JPEG or PNG of up to 20 MB, without a password.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["kind"])
        field.choices = [("", _("Choose one")), *_types()]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = word_list(case_files.TYPES).find(data.get("kind", ""))
        if chosen and chosen.needs_words and not data.get("words") and "words" not in self.errors:
            self.add_error("words", _("Say what it is: the type alone does not."))
        return data


class NoteForm(forms.Form):
    """What the others should know."""

    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
        strip=True,
        help_text=gettext_lazy("Whoever may see the case reads it. It cannot be changed or deleted."),
    )


class _Keeping(Decision[Case]):
    """Adds to what is kept with the case, and changes nothing of it: wherever it stands, and whatever happened since
    the form was opened."""

    keeps = True

    def check(self, case: Case, person: User, seen: int | None = None) -> None:
        super().check(case, person)

    def record(self, case: Case, person: User, data: Mapping[str, Any], from_state: str, to_state: str) -> None:
        """`perform` has done so: whoever attaches or notes by another road writes the same entry."""


class AttachDocument(_Keeping[Case]):
    name = "attach_document"
    label = gettext_lazy("Attach a document")
    permission = "staff.add_case_document"
    form_class = DocumentForm
    event = case_files.ATTACHED

    def perform(self, case: Case, person: User, data: dict[str, Any]) -> None:
        try:
            case_files.attach(case, data["file"], data["kind"], person, words=data["words"])
        except NotAttached as refusal:
            raise NotPossible(str(refusal)) from refusal

    def done(self, case: Case) -> str:
        return _("The document is on the case.")


class AddNote(_Keeping[Case]):
    name = "add_note"
    label = gettext_lazy("Add a note")
    permission = "staff.add_case_note"
    form_class = NoteForm
    event = case_files.NOTED

    def perform(self, case: Case, person: User, data: dict[str, Any]) -> None:
        last = next(iter(case_files.notes_on(case)), None)
        if last and last.author_id == person.pk and last.text == data["text"]:
            raise NotPossible(_("You noted this already."))
        case_files.note(case, data["text"], person)

    def done(self, case: Case) -> str:
        return _("The note is on the case.")


class StrikeOut(Decision[CaseDocument]):
    """A document was attached wrongly or counts no more: it stays, and says so."""

    name = "strike_out"
    label = gettext_lazy("Strike out")
    permission = "staff.add_case_document"
    model = CaseDocument
    form_class = ReasonForm
    transition = "strike_out"
    event = case_files.STRUCK_OUT

    def lock(self, pk: int) -> CaseDocument:
        """With the lock of its case, since the entry goes into that one's chain."""
        document = CaseDocument.objects.get(pk=pk)
        attaching(document.case_model).lock(document.subject_id)
        found: CaseDocument = CaseDocument.objects.select_for_update().get(pk=pk)
        return found

    def perform(self, case: CaseDocument, person: User, data: dict[str, Any]) -> None:
        case.struck_out_reason = data["reason"]

    def details(self, case: CaseDocument, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"document": case.pk, "document_type": case.kind, "sha256": case.digest}

    def consequence(self, case: CaseDocument) -> str:
        return _("The document stays on the case, marked as struck out. The platform is told nothing.")

    def done(self, case: CaseDocument) -> str:
        return _("The document is struck out.")


def attaching(model: type[models.Model]) -> Decision[Any]:
    """The decision by which documents come to such a case. LookupError where none do."""
    for decision in decisions_on(model):
        if isinstance(decision, AttachDocument):
            return decision
    raise LookupError(f"No documents are kept with {model._meta.label}.")


def _types() -> list[tuple[str, str]]:
    return [(code, f"{code} {text}") for code, text in word_list(case_files.TYPES).choices()]
