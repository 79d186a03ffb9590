"""The issuer issues the letter (PREP102 03): made and signed outside the lock, then committed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit, blockers, institution, notifications, terms
from guarantees.decisions.case import Duty, OrderDecision, duty_obstacle, state_obstacle, withdrawal_obstacle
from guarantees.letter.particulars import Particulars
from guarantees.models import Application, ApplicationState, Guarantee
from guarantees.models.guarantee import letter_path
from guarantees.models.numbering import new_guarantee_number
from guarantees.validity import Validity
from staff.decisions import NotPossible
from staff.models import User

#: Without 0, 1, I, L, O and U: a person reads the code from paper.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Draft:
    """A letter that is signed and stored, and not yet issued."""

    particulars: Particulars
    validity: Validity
    issued_at: datetime
    wording: str
    digest: str
    path: str


class Issue(OrderDecision[Application]):
    name = "issue"
    label = gettext_lazy("Issue the letter")
    permission = "guarantees.issue_guarantee"
    model = Application

    def obstacle(self, case: Application, person: User) -> str | None:
        return (
            state_obstacle(case, ApplicationState.PAID)
            or _term_obstacle(case)
            or withdrawal_obstacle(case)
            or duty_obstacle(case, person, Duty.ISSUE)
        )

    def consequence(self, case: Application) -> str:
        return _("The letter is signed, and the platform is told of it (PREP102 03) and may fetch it.")

    def take(self, pk: int, person: User, data: Mapping[str, Any] | None = None) -> Application:
        """Issues, or raises DecisionRefused and leaves the application paid, with the reason on it.

        Making and signing a letter takes a while and may ask a service elsewhere, so it happens before the lock is
        taken. Under the lock particulars and wording are compared: a letter that no longer says what was decided is
        thrown away.
        """
        application = Application.objects.select_related("order__connection").get(pk=pk)
        self.check(application, person)
        now = timezone.now()
        try:
            draft = self._draft(application, now)
        except (institution.LetterNotMade, OSError) as error:
            self._record_failure(pk, person, str(error))
            raise NotPossible(
                _("The letter could not be issued: %(error)s The application stays paid; mend this and try again.")
                % {"error": error}
            ) from error
        try:
            return super().take(pk, person, {"draft": draft})
        except BaseException:
            # A commit whose answer was lost may have held: only a file that no letter names is thrown away.
            if not Guarantee.objects.filter(file=draft.path).exists():
                default_storage.delete(draft.path)
            raise

    def perform(self, case: Application, person: User, data: Mapping[str, Any]) -> None:
        draft: Draft = data["draft"]
        present = _particulars(case, draft.particulars.number, draft.particulars.verification_code, draft.issued_at)
        if present != draft.particulars:
            raise NotPossible(_("The application was changed while its letter was made. Look at it again."))
        if reason := _wording_obstacle(draft):
            raise NotPossible(reason)
        from_state = case.state
        case.last_issue_error = ""
        case.issue()
        old = terms.replaced(case)
        guarantee = Guarantee.objects.create(
            application=case,
            number=draft.particulars.number,
            amount=draft.particulars.amount,
            valid_from=draft.validity.begins,
            valid_until=draft.validity.ends,
            issued_at=draft.issued_at,
            issued_by=person,
            verification_code=draft.particulars.verification_code,
            wording=draft.wording,
            particulars=draft.particulars.as_mapping(),
            file=draft.path,
            file_digest=draft.digest,
            supersedes=old,
            paid=old.paid if old else Decimal(0),
            deducted=old.deducted if old else Decimal(0),
        )
        if old:
            blockers.succeed(old, guarantee)
        audit.guarantee_issued(guarantee, person=person, from_state=from_state)
        notifications.issued(guarantee)

    def _draft(self, application: Application, now: datetime) -> Draft:
        code = "".join(secrets.choice(CODE_LETTERS) for _position in range(8))
        particulars = _particulars(application, new_guarantee_number(now), code, now)
        letter = institution.make_letter(particulars, signed_at=now)
        path = default_storage.save(letter_path(now, particulars.number), ContentFile(letter.content))
        return Draft(
            particulars=particulars,
            validity=terms.term(application, now),
            issued_at=now,
            wording=letter.wording,
            digest=hashlib.sha256(letter.content).hexdigest(),
            path=path,
        )

    def _record_failure(self, pk: int, person: User, error: str) -> None:
        with transaction.atomic():
            case = self.lock(pk)
            case.last_issue_error = error[:255]
            case.save()
            audit.issue_failed(case, person=person, reason=case.last_issue_error)


def _particulars(application: Application, number: str, code: str, issued_at: datetime) -> Particulars:
    """What the letter says, from what was approved."""
    if application.approved_amount is None:
        raise ValueError(f"Application {application} has no approved terms.")
    return institution.particulars(number=number, verification_code=code, **terms.said(application, issued_at))


def _wording_obstacle(draft: Draft) -> str | None:
    """A letter in words that were withdrawn while it was made, which takes seconds where a service signs it."""
    try:
        if institution.letter_wording().reference == draft.wording:
            return None
    except institution.LetterNotMade as error:
        return str(error)
    return _("Another wording was put into use while the letter was made. Look at the preview, then issue again.")


def _term_obstacle(application: Application) -> str | None:
    """A term that ended while the premium was awaited cannot be printed."""
    term = terms.term(application, timezone.now())
    if term.ends <= term.begins:
        return _("The approved term is over. Give the application up; the premium goes back.")
    return None
