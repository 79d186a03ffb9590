"""The issuer issues the letter (PREP102 03): made and signed outside the lock, then committed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit, blockers, notifications
from guarantees.book import entries
from guarantees.decisions.case import withdrawal_obstacle
from guarantees.decisions.signed import Draft, SignedDecision
from guarantees.issuing import institution, numbers, readiness, terms
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.wording.particulars import Particulars
from guarantees.models import Application, ApplicationState, Guarantee
from guarantees.models.guarantee import letter_path
from protocol.vocabulary import ApplicationOutcome
from staff import clock
from staff.audit import record
from staff.decisions import NotPossible, where_it_stands
from staff.desk.page import Tone
from staff.duties import Duty
from staff.events import Detail, EventKind
from staff.models import User

FAILED = EventKind("guarantee.issue_failed", gettext_lazy("Issuing failed"), "error", Tone.BAD)


class Issue(SignedDecision[Application, Particulars]):
    name = "issue"
    label = gettext_lazy("Issue the letter")
    permission = "guarantees.issue_guarantee"
    model = Application
    file_of = Guarantee
    transition = "issue"
    outcome = gettext_lazy("Issued, and the platform is told.")
    event = EventKind("guarantee.issued", gettext_lazy("Letter issued"), "verified", Tone.GOOD, Duty.ISSUE)
    other_events = (FAILED,)
    detail_names = {
        "valid_from": Detail(gettext_lazy("valid from")),
        "valid_until": Detail(gettext_lazy("valid until")),
    }

    def obstacle(self, case: Application, person: User) -> str | None:
        return _term_obstacle(case) or withdrawal_obstacle(case)

    def consequence(self, case: Application) -> str:
        message = notifications.message(case, ApplicationOutcome.ISSUED)
        return _("The letter is signed, and the platform is told of it (%(message)s) and may fetch it.") % {
            "message": message
        }

    def new_number(self, case: Application, now: datetime) -> str:
        """Taken in a transaction of its own, and the next attempt's as well if this one fails."""
        with transaction.atomic():
            present = self.lock(case.pk)
            if present.state != ApplicationState.PAID:
                raise NotPossible(where_it_stands(present))
            return numbers.take(present, now)

    def particulars(
        self, case: Application, data: Mapping[str, Any], number: str, code: str, now: datetime
    ) -> Particulars:
        if case.approval is None:
            raise ValueError(f"Application {case} has no approved terms.")
        return institution.particulars(number=number, verification_code=code, **terms.particulars(case, now))

    def make(self, case: Application, particulars: Particulars, now: datetime) -> institution.Letter:
        letter = institution.make_letter(particulars, signed_at=now)
        readiness.succeeded(now)
        return letter

    def path(self, now: datetime, number: str) -> str:
        return letter_path(now, number)

    def failed(self, pk: int, person: User, error: str) -> str:
        """The reason stands on the application as well, which stays paid."""
        with transaction.atomic():
            case = self.lock(pk)
            case.last_issue_error = error[:255]
            case.save()
            record(
                chain=case.audit_chain,
                event=FAILED,
                subject=case,
                actor=person,
                from_state=case.state,
                to_state=case.state,
                reason=case.last_issue_error,
            )
        return _("The letter could not be issued: %(error)s The application stays paid; mend this and try again.") % {
            "error": error
        }

    def commit(self, case: Application, person: User, draft: Draft[Particulars], data: dict[str, Any]) -> None:
        if reason := _wording_obstacle(draft):
            raise NotPossible(reason)
        case.last_issue_error = ""
        old, particulars = terms.replaced(case), draft.particulars
        data["guarantee"] = guarantee = Guarantee(
            application=case,
            number=particulars.number,
            amount=particulars.amount,
            valid_from=particulars.valid_from,
            valid_until=particulars.valid_until,
            issued_at=draft.made_at,
            issued_by=person,
            verification_code=particulars.verification_code,
            wording=draft.wording,
            particulars=particulars.as_mapping(),
            file=draft.path,
            file_digest=draft.digest,
        )
        if old:
            guarantee.replace(old)
        guarantee.save()
        numbers.use(guarantee)
        entries.issued(guarantee)
        if old:
            blockers.succeed(old, guarantee)

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        guarantee: Guarantee = data["guarantee"]
        return {
            "guarantee": guarantee.number,
            "amount": str(guarantee.amount),
            "valid_from": guarantee.valid_from.isoformat(),
            "valid_until": guarantee.valid_until.isoformat(),
            "sha256": guarantee.file_digest,
            "particulars": audit.particulars_digest(guarantee.particulars),
        }

    def tell(self, case: Application, data: Mapping[str, Any]) -> None:
        notifications.issued(data["guarantee"])


def _wording_obstacle(draft: Draft[Particulars]) -> str | None:
    """A letter in words that were withdrawn while it was made, which takes seconds where a service signs it."""
    try:
        if institution.letter_wording().reference == draft.wording:
            return None
    except LetterNotMade as error:
        return str(error)
    return _("Another wording was put into use while the letter was made. Look at the preview, then issue again.")


def _term_obstacle(application: Application) -> str | None:
    """A term that ended while the premium was awaited cannot be printed."""
    term = terms.term(application, clock.now())
    if term.ends <= term.begins:
        return _("The approved term is over. Give the application up; the premium goes back.")
    return None
