"""What the decisions that make a signed file have in common: made outside the lock, then committed, or nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext as _

from guarantees.decisions.case import OrderDecision
from guarantees.issuing import institution
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.wording.particulars import Issued
from staff import clock
from staff.decisions import NotPossible
from staff.models import User
from staff.parameters import read_together

Case = TypeVar("Case", bound=models.Model)
ParticularsT = TypeVar("ParticularsT", bound=Issued)

#: Without 0, 1, I, L, O and U: a person reads the code from paper.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Draft(Generic[ParticularsT]):
    """A file that is signed and stored, and not yet issued."""

    particulars: ParticularsT
    made_at: datetime
    wording: str
    digest: str
    path: str


class SignedDecision(OrderDecision[Case], Generic[Case, ParticularsT]):
    """Makes a file of what is decided.

    Making and signing take a while and may ask a service elsewhere, so they happen before the lock is taken. Under
    the lock the particulars are compared: a file that no longer says what was decided is thrown away.
    """

    #: The model whose `file` it becomes.
    file_of: type[models.Model]

    def new_number(self, case: Case, now: datetime) -> str:
        raise NotImplementedError

    def particulars(self, case: Case, data: Mapping[str, Any], number: str, code: str, now: datetime) -> ParticularsT:
        """What the file made now says."""
        raise NotImplementedError

    def make(self, case: Case, particulars: ParticularsT, now: datetime) -> institution.Letter:
        raise NotImplementedError

    def path(self, now: datetime, number: str) -> str:
        """Where the file is stored."""
        raise NotImplementedError

    def commit(self, case: Case, person: User, draft: Draft[ParticularsT], data: dict[str, Any]) -> None:
        """What `perform` is to other decisions, with the file at hand."""
        raise NotImplementedError

    def failed(self, pk: int, person: User, error: str) -> str:
        """What the person is told where nothing could be made."""
        return _("It could not be made: %(error)s Nothing has changed; mend this and try again.") % {"error": error}

    def take(self, pk: int, person: User, data: Mapping[str, Any] | None = None, *, seen: int | None = None) -> Case:
        """Makes the file and takes the decision, or raises DecisionRefused and leaves everything as it was."""
        given = dict(data or {})
        case = self.model._default_manager.get(pk=pk)
        with read_together():
            self.check(case, person, seen)
            try:
                draft = self._draft(case, given, clock.now())
            except (LetterNotMade, OSError) as error:
                raise NotPossible(self.failed(pk, person, str(error))) from error
        try:
            return super().take(pk, person, {**given, "draft": draft}, seen=seen)
        except BaseException:
            # A commit whose answer was lost may have held: only a file that no record names is thrown away.
            if not self.file_of._default_manager.filter(file=draft.path).exists():
                default_storage.delete(draft.path)
            raise

    def perform(self, case: Case, person: User, data: dict[str, Any]) -> None:
        draft: Draft[ParticularsT] = data["draft"]
        try:
            number, code = draft.particulars.number, draft.particulars.verification_code
            present = self.particulars(case, data, number, code, draft.made_at)
        except LetterNotMade as error:
            raise NotPossible(str(error)) from error
        if present != draft.particulars:
            raise NotPossible(_("The case was changed while its paper was made. Look at it again."))
        self.commit(case, person, draft, data)

    def _draft(self, case: Case, data: Mapping[str, Any], now: datetime) -> Draft[ParticularsT]:
        code = "".join(secrets.choice(CODE_LETTERS) for _position in range(8))
        particulars = self.particulars(case, data, self.new_number(case, now), code, now)
        made = self.make(case, particulars, now)
        path = default_storage.save(self.path(now, particulars.number), ContentFile(made.content))
        return Draft(particulars, now, made.wording, hashlib.sha256(made.content).hexdigest(), path)
