"""What staff decide on a wording of the institution's own: it comes in, another person puts it into use, it goes."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit
from guarantees.decisions.case import ReasonForm, state_obstacle
from guarantees.models import UploadedWording, WordingState
from staff import clock
from staff.decisions import Decision, NotPermitted, NotPossible
from staff.models import User

UPLOAD = "guarantees.upload_wording"


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
            audit.wording_uploaded(wording, person=person)
    except IntegrityError as error:
        raise NotPossible(_("Another wording of this kind came in at the same moment. Try again.")) from error
    return wording


class WordingDecision(Decision[UploadedWording]):
    """A decision on which wording of a kind is in use: it holds the lock of all of them."""

    permission = "guarantees.decide_wording"
    model = UploadedWording

    def lock(self, pk: int) -> UploadedWording:
        UploadedWording.lock_kind(UploadedWording.objects.values_list("kind", flat=True).get(pk=pk))
        return super().lock(pk)


class PutIntoUse(WordingDecision):
    name = "put_into_use"
    label = gettext_lazy("Put into use")

    def obstacle(self, case: UploadedWording, person: User) -> str | None:
        return state_obstacle(case, WordingState.DRAFT) or another_person(case, person) or case.trouble()

    def consequence(self, case: UploadedWording) -> str:
        before = UploadedWording.used(case.kind) or _("the shipped file")
        told = _("Letters issued from now on say this, and no longer %(before)s. Issued letters stay as they are.")
        return told % {"before": before}

    def perform(self, case: UploadedWording, person: User, data: Mapping[str, Any]) -> None:
        if former := UploadedWording.used(case.kind):
            _withdraw(former, person, successor=case)
            former.save()
        from_state = case.state
        case.put_into_use_by, case.put_into_use_at = person, clock.now()
        case.put_into_use()
        audit.wording_put_into_use(case, person=person, from_state=from_state)


class WithdrawWording(WordingDecision):
    name = "withdraw"
    label = gettext_lazy("Withdraw")
    form_class = ReasonForm
    final = True

    def obstacle(self, case: UploadedWording, person: User) -> str | None:
        return state_obstacle(case, WordingState.DRAFT, WordingState.IN_USE)

    def consequence(self, case: UploadedWording) -> str:
        if case.state == WordingState.IN_USE:
            return _("Letters issued from now on say the shipped file again. Issued letters stay as they are.")
        return _("It can then no longer be put into use; a corrected text is uploaded as another version.")

    def perform(self, case: UploadedWording, person: User, data: Mapping[str, Any]) -> None:
        _withdraw(case, person, reason=data["reason"])


def another_person(wording: UploadedWording, person: User) -> str | None:
    """Why this person may not put it into use: four eyes read what letters say."""
    if settings.SEPARATE_DUTIES and wording.uploaded_by_id == person.pk:
        return _("You uploaded this wording; another person must put it into use.")
    return None


def _withdraw(
    wording: UploadedWording, person: User, *, reason: str = "", successor: UploadedWording | None = None
) -> None:
    from_state = wording.state
    wording.withdrawn_by, wording.withdrawn_at = person, clock.now()
    wording.withdraw()
    audit.wording_withdrawn(wording, person=person, from_state=from_state, reason=reason, successor=successor)
