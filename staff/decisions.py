"""The wrapper that every decision of every room passes: lock, permission, obstacles, decision; one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from staff.models import User
from staff.offered import Offered

Case = TypeVar("Case", bound=models.Model)


class DecisionRefused(Exception):
    """A decision that cannot be taken; `str()` of it tells the person why and what to do."""


class NotPermitted(DecisionRefused):
    """The person does not hold the permission."""


class NotPossible(DecisionRefused):
    """The case, or what this person already did on it, does not allow the decision now."""


class Inapplicable(str):
    """An obstacle that lies in where the case stands, or in something done already.

    The page of the case leaves such a decision out; any other obstacle stands there beside its greyed decision, since
    somebody could wait for it or remove it.
    """


class ConfirmForm(forms.Form):
    """Asks for nothing: the decision needs only to be confirmed."""


class Decision(Generic[Case]):
    """One thing that staff decide about one kind of case.

    A subclass says what the decision is called, who may take it, what it asks for (`form_class`, whose cleaned data
    reach `perform`), what stands in its way (`obstacle`) and what it does (`perform`: the transition, its audit
    entry, its outgoing message). Whoever decides calls `take`.
    """

    name: ClassVar[str]
    label: ClassVar[Any]
    permission: ClassVar[str]
    model: type[Case]
    form_class: type[forms.Form] = ConfirmForm
    #: A decision that ends something is shown apart and asks twice.
    final: ClassVar[bool] = False

    def lock(self, pk: int) -> Case:
        """The case as it stands in the database, locked until the transaction ends.

        A fresh read, since django-fsm trusts the state it has in memory; never `refresh_from_db`, which switches the
        state field's protection off for all threads while it runs.
        """
        return self.model._default_manager.select_for_update().get(pk=pk)

    def obstacle(self, case: Case, person: User) -> str | None:
        """Why the case does not allow this now, as a sentence for the person; None where it does.

        Inapplicable where it is not this decision's turn at all.
        """
        return None

    def consequence(self, case: Case) -> str:
        """What the platform will be told, as a sentence shown with the form; empty where nothing."""
        return ""

    def initial(self, case: Case) -> Mapping[str, Any]:
        """What the form starts with."""
        return {}

    def form(self, case: Case, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The form for this case, bound where `data` is given."""
        return self.form_class(data, files, initial=dict(self.initial(case)))

    def perform(self, case: Case, person: User, data: Mapping[str, Any]) -> None:
        """Does it: called with the case locked, inside the transaction."""
        raise NotImplementedError

    def done(self, case: Case) -> str:
        """What the person is told once the decision is committed."""
        return _("%(decision)s: done.") % {"decision": self.label}

    def check(self, case: Case, person: User) -> None:
        """Raises DecisionRefused where the person may not take this decision on the case as it is in memory."""
        if not person.has_perm(self.permission):
            raise NotPermitted(_("Your role does not allow this: %(decision)s.") % {"decision": self.label})
        if reason := self.obstacle(case, person):
            raise NotPossible(reason)

    def is_open_to(self, case: Case, person: User) -> bool:
        """Whether the person may take this decision on the case as it is in memory."""
        return person.has_perm(self.permission) and self.obstacle(case, person) is None

    def take(self, pk: int, person: User, data: Mapping[str, Any] | None = None) -> Case:
        """Takes the decision, or raises DecisionRefused and changes nothing."""
        with transaction.atomic():
            case = self.lock(pk)
            self.check(case, person)
            self.perform(case, person, data or {})
            case.save()
        return case


DECISIONS: Offered[Decision[Any]] = Offered(
    "DECISIONS", Decision, known_by=lambda decision: f"{decision.model._meta.label} {decision.name}"
)


def decisions_on(model: type[models.Model]) -> list[Decision[Any]]:
    """Every decision there is on such a case, of whichever room."""
    return [decision for decision in DECISIONS if decision.model is model]
