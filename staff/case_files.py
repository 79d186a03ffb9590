"""What is kept with a case: documents, which are examined, stored under their digest and never deleted, and notes.

Whoever attaches or notes holds the lock of what the case's chain belongs to; the entry in the trail is written in the
same transaction. The trail says which type of document it was and its digest, and that something was noted; never a
file's name or what a note says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.audit import record
from staff.contents.examination import NotTaken, examine
from staff.contents.found import Contents, Fault
from staff.events import Detail, EventKind
from staff.files import LARGEST_FILE
from staff.looks import Text, Tone
from staff.models import AuditEntry, CaseDocument, CaseNote, DocumentSource, DocumentState, User
from staff.stored_files import store
from staff.word_lists import word, word_list

#: The list of words that has the types of documents.
TYPES = "documents"
FOLDER = "documents"
#: Characters of a file's name that are kept, and of a note that a timeline shows.
LONGEST_NAME, FIRST_WORDS = 255, 60
#: What the trail calls whoever brought a document and has no account here.
APPLICANT = "applicant"

ATTACHED = EventKind("document.attached", gettext_lazy("Document attached"), "attach_file")
STRUCK_OUT = EventKind("document.struck_out", gettext_lazy("Document struck out"), "scan_delete", Tone.WARNING)
NOTED = EventKind("note.added", gettext_lazy("Note added"), "sticky_note_2")


def type_text(code: str) -> Text:
    """What a type of document is called now."""
    return word(TYPES, code)


DETAILS = {
    "document_type": Detail(gettext_lazy("type of document"), text=type_text),
    "pages": Detail(gettext_lazy("pages")),
    "document": Detail(gettext_lazy("document's number")),
    "note": Detail(gettext_lazy("note's number")),
    "brought_by": Detail(gettext_lazy("brought by"), {str(value): label for value, label in DocumentSource.choices}),
}


class NotAttached(Exception):
    """The case does not take the document; `str()` of it tells the person why."""


@dataclass(frozen=True)
class ExaminedFile:
    """An upload that may be kept, and what it is."""

    upload: UploadedFile[Any]
    contents: Contents
    digest: str
    name: str


def examined(upload: UploadedFile[Any]) -> ExaminedFile:
    """The upload, looked at by a process of its own, which takes about a second: before any lock. Raises NotTaken."""
    size = upload.size or 0
    if size > LARGEST_FILE:
        raise NotTaken(Fault.TOO_LARGE)
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    name = "".join(c for c in str(upload.name) if c.isprintable())[-LONGEST_NAME:]
    return ExaminedFile(upload, examine(content), hashlib.sha256(content).hexdigest(), name)


def twin_on(case: models.Model, digest: str) -> CaseDocument | None:
    """The same file on the same case, not struck out."""
    found: CaseDocument | None = (
        CaseDocument.objects.on(case).filter(digest=digest, state=DocumentState.ON_FILE).first()
    )
    return found


def attach(
    case: models.Model,
    file: ExaminedFile,
    kind: str,
    person: User | None,
    source: DocumentSource = DocumentSource.STAFF,
    *,
    words: str = "",
) -> CaseDocument:
    """Stores the file and writes it down on the case and in the trail. `kind` is a code of the list of types; the
    `person` is None where the applicant brings it. Raises NotAttached where the case has the file already."""
    known = word_list(TYPES).find(kind)
    if known is None:
        raise LookupError(f"The list of types has no {kind!r}.")
    if twin := twin_on(case, file.digest):
        raise NotAttached(
            _("This very file is on the case already, as “%(type)s”. Nothing was kept a second time.")
            % {"type": type_text(twin.kind)}
        )
    kept = store(FOLDER, file.upload, file.contents.kind)
    chain: str = case.audit_chain  # type: ignore[attr-defined]
    document = CaseDocument.objects.create(
        subject_type=case._meta.label_lower,
        subject_id=case.pk,
        chain=chain,
        kind=kind,
        kind_text=str(known.text),
        words=words,
        file=kept.path,
        digest=kept.digest,
        size=file.upload.size or 0,
        pages=file.contents.pages,
        name=file.name,
        source=source,
        uploaded_by=person,
        at=clock.now(),
    )
    record(
        chain=chain,
        event=ATTACHED,
        subject=document,
        actor=person,
        actor_name="" if person else APPLICANT,
        to_state=document.state,
        details={
            "document": document.pk,
            "document_type": kind,
            "pages": document.pages,
            "brought_by": source.value,
            "sha256": document.digest,
        },
    )
    return document


def note(case: models.Model, text: str, person: User) -> CaseNote:
    """Writes a note down on the case; the trail has its digest."""
    chain: str = case.audit_chain  # type: ignore[attr-defined]
    kept = CaseNote.objects.create(
        subject_type=case._meta.label_lower,
        subject_id=case.pk,
        chain=chain,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        author=person,
        at=clock.now(),
    )
    record(chain=chain, event=NOTED, subject=kept, actor=person, details={"note": kept.pk, "sha256": kept.digest})
    return kept


def documents_on(case: models.Model) -> list[CaseDocument]:
    """The newest first, those that were struck out too."""
    return list(CaseDocument.objects.on(case).select_related("uploaded_by"))


def notes_on(case: models.Model) -> list[CaseNote]:
    """The newest first."""
    return list(CaseNote.objects.on(case).select_related("author"))


def history_of(case: models.Model) -> models.QuerySet[AuditEntry]:
    """What happened to a case and to what is kept with it, the oldest first."""
    own = models.Q(subject_type=case._meta.label_lower, subject_id=case.pk)
    for kept in (CaseDocument, CaseNote):
        keys = kept.objects.on(case).order_by().values("pk")
        own |= models.Q(subject_type=kept._meta.label_lower, subject_id__in=keys)
    return AuditEntry.objects.filter(own).order_by("at", "id")


def told(entries: Iterable[AuditEntry], person: User) -> dict[int, str]:
    """What a timeline says of entries about documents and notes, by the entries' keys: which type of document, and how
    a note begins, as far as this person may see the note's case."""
    said: dict[int, str] = {}
    noted: dict[int, int] = {}
    for entry in entries:
        if entry.event in (ATTACHED.code, STRUCK_OUT.code):
            kind = str(type_text(entry.details["document_type"]))
            said[entry.pk] = f"{kind}：{entry.reason}" if entry.reason else kind
        elif entry.event == NOTED.code:
            noted[entry.subject_id] = entry.pk
    for kept in CaseNote.objects.filter(pk__in=noted) if noted else ():
        opts = kept.case_model._meta
        if person.has_perm(f"{opts.app_label}.view_{opts.model_name}"):
            said[noted[kept.pk]] = shortened(kept.text)
    return said


def shortened(text: str) -> str:
    """The beginning of a note, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= FIRST_WORDS else f"{line[:FIRST_WORDS]}…"
