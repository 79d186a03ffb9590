"""What staff decide on a wording of the institution's own: it comes in, another person puts it into use, it goes."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.letter.wording.wordings import in_words
from guarantees.models import UploadedWording, WordingState
from staff import clock
from staff.audit import move, record
from staff.decisions import Decision, NotPermitted, NotPossible, ReasonForm
from staff.desk.page import Tone
from staff.duties import Duty
from staff.events import Detail, EventKind
from staff.models import User

UPLOAD = "guarantees.upload_wording"
UPLOADED = EventKind(
    "wording.uploaded", gettext_lazy("Wording uploaded"), "upload_file", Tone.WAITS, Duty.WORDING_UPLOAD, UPLOAD
)
#: By itself, with a reason, or because another one of its kind was put into use.
WITHDRAWN = EventKind("wording.withdrawn", gettext_lazy("Wording withdrawn"), "cancel", Tone.OVER)


def upload(person: User, *, kind: str, version: str, text: str) -> UploadedWording:
    """A checked text comes in as a draft; raises DecisionRefused and changes nothing where it may not."""
    if not person.has_perm(UPLOAD):
        raise NotPermitted(_("Your role does not allow this: %(decision)s.") % {"decision": _("Upload a wording")})
    wording = UploadedWording(
        kind=kind,
        version=version,
        text=text,
        digest=sha256(text.encode()).hexdigest(),
        uploaded_by=person,
        uploaded_at=clock.now(),
    )
    try:
        with transaction.atomic():
            UploadedWording.lock_kind(kind)
            wording.save()
            record(
                chain=wording.audit_chain,
                event=UPLOADED,
                subject=wording,
                actor=person,
                to_state=wording.state,
                details=_details(wording),
            )
    except IntegrityError as error:
        raise NotPossible(_("Another wording of this kind came in at the same moment. Try again.")) from error
    return wording


class WordingDecision(Decision[UploadedWording]):
    """A decision on which wording of a kind is in use: it holds the lock of all of them."""

    permission = "guarantees.decide_wording"
    model = UploadedWording
    detail_names = {
        "wording": Detail(gettext_lazy("wording"), text=in_words),
        "successor": Detail(gettext_lazy("replaced by"), text=in_words),
    }

    def lock(self, pk: int) -> UploadedWording:
        UploadedWording.lock_kind(UploadedWording.objects.values_list("kind", flat=True).get(pk=pk))
        return super().lock(pk)

    def details(self, case: UploadedWording, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return _details(case)


class PutIntoUse(WordingDecision):
    name = "put_into_use"
    label = gettext_lazy("Put into use")
    transition = "put_into_use"
    event = EventKind(
        "wording.put_into_use", gettext_lazy("Wording put into use"), "check_circle", Tone.GOOD, Duty.WORDING_USE
    )

    def obstacle(self, case: UploadedWording, person: User) -> str | None:
        return case.trouble()

    def consequence(self, case: UploadedWording) -> str:
        before = UploadedWording.used(case.kind) or _("the shipped file")
        text = _("Letters issued from now on say this, and no longer %(before)s. Issued letters stay as they are.")
        return text % {"before": before}

    def perform(self, case: UploadedWording, person: User, data: dict[str, Any]) -> None:
        if former := UploadedWording.used(case.kind):
            former.withdrawn_by, former.withdrawn_at = person, clock.now()
            move(former, former.withdraw, WITHDRAWN, actor=person, details=_details(former, successor=case))
        case.put_into_use_by, case.put_into_use_at = person, clock.now()


class WithdrawWording(WordingDecision):
    name = "withdraw"
    label = gettext_lazy("Withdraw")
    form_class = ReasonForm
    final = True
    transition = "withdraw"
    event = WITHDRAWN

    def consequence(self, case: UploadedWording) -> str:
        if case.state == WordingState.IN_USE:
            return _("Letters issued from now on say the shipped file again. Issued letters stay as they are.")
        return _("It can then no longer be put into use; a corrected text is uploaded as another version.")

    def perform(self, case: UploadedWording, person: User, data: dict[str, Any]) -> None:
        case.withdrawn_by, case.withdrawn_at = person, clock.now()


def _details(wording: UploadedWording, successor: UploadedWording | None = None) -> dict[str, str]:
    return {"wording": wording.code, "sha256": wording.digest, "successor": successor.code if successor else ""}
