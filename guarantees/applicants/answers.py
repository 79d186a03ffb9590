"""What an applicant sends: documents of the types it was asked for, and that all is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from guarantees.applicants import requests
from guarantees.models import Application, Order, SupplementRequest, SupplementState
from staff import case_files
from staff.case_files import ExaminedFile, NotAttached
from staff.contents.examination import NotTaken
from staff.models import CaseDocument, DocumentSource, DocumentState

#: A request for documents is answered with so many files at most.
MOST_FILES = 100


class NotOpen(Exception):
    """Nothing is asked for now; `str()` of it tells the applicant so."""

    def __init__(self) -> None:
        super().__init__(_("Nothing is asked for any more. Open the page again to see how your application stands."))


@dataclass
class Sent:
    """What came of several files: how many are kept, and of each other one a sentence."""

    kept: int = 0
    refused: list[str] = field(default_factory=list)


def send(application: Application, kind: str, uploads: Iterable[UploadedFile[Any]]) -> Sent:
    """Keeps each file that can be kept, as a document of this type on the application. Raises NotOpen."""
    sent, examined = Sent(), []
    for upload in uploads:
        try:
            examined.append(case_files.examined(upload))
        except NotTaken as refusal:
            sent.refused.append(f"{_short(upload.name or '')}：{refusal}")
    for file in examined:
        with transaction.atomic():
            _keep(_asked(application, kind), kind, file, sent)
    return sent


def _asked(application: Application, kind: str) -> SupplementRequest:
    """What is asked for, under the order's lock."""
    Order.lock(application.order_id)
    asked = application.supplements.pending().first()
    if asked is None or kind not in _kinds(asked):
        raise NotOpen()
    return asked


def _keep(asked: SupplementRequest, kind: str, file: ExaminedFile, sent: Sent) -> None:
    if sum(map(len, documents_of(asked).values())) >= MOST_FILES:
        sent.refused.append(
            f"{_short(file.name)}：" + _("%(number)d files are kept already; call us.") % {"number": MOST_FILES}
        )
        return
    try:
        case_files.attach(asked.application, file, kind, None, DocumentSource.APPLICANT)
    except NotAttached as refusal:
        sent.refused.append(f"{_short(file.name)}：{refusal}")
    else:
        sent.kept += 1


def documents_of(asked: SupplementRequest) -> Mapping[str, list[CaseDocument]]:
    """What the applicant sent for this request, by the types asked for, the first one first."""
    came: dict[str, list[CaseDocument]] = {kind: [] for kind in _kinds(asked)}
    on_file = CaseDocument.objects.on(asked.application).filter(
        source=DocumentSource.APPLICANT, state=DocumentState.ON_FILE, kind__in=came, at__gte=asked.asked_at
    )
    if asked.ended_at:
        on_file = on_file.filter(at__lte=asked.ended_at)
    for document in on_file.order_by("at", "pk"):
        came[document.kind].append(document)
    return came


def answer(application: Application, words: str) -> str:
    """Says that all is there; "" where that is taken, else why not. Raises NotOpen."""
    with transaction.atomic():
        Order.lock(application.order_id)
        asked = application.supplements.pending().select_related("application").first()
        if asked is None:
            raise NotOpen()
        came = documents_of(asked)
        missing = [
            name for one, name in zip(asked.documents, requests.names(asked), strict=True) if not came[one["code"]]
        ]
        if missing and not words:
            return _("Still missing: %(documents)s. Send them, or say in the remark why you cannot.") % {
                "documents": "、".join(missing)
            }
        requests.receive_answer(asked, words)
    return ""


def is_answered(application: Application, words: str) -> bool:
    """Whether the last request has this very answer: somebody pressed the button twice."""
    last = application.supplements.first()
    return last is not None and last.state == SupplementState.ANSWERED and last.answer == words


def _kinds(asked: SupplementRequest) -> list[str]:
    return [one["code"] for one in asked.documents]


def _short(name: str) -> str:
    """As much of a file's name as a sentence bears."""
    return name if len(name) <= 40 else f"{name[:24]}…{name[-12:]}"
