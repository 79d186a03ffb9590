"""How a decision is taken that needs two people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models, transaction

from staff.decisions import Decision, NotPossible
from staff.models import User
from staff.proposal_decisions import ConfirmProposal
from staff.proposals import propose


def is_proposed(decision: Decision[Any], case: models.Model, form: forms.BaseForm | None) -> bool:
    """Whether what the form says is confirmed by another person."""
    return form is not None and bool(decision.second_permission(case, form.cleaned_data))


def decide_together(
    decision: Decision[Any],
    case: models.Model,
    who: User,
    form: forms.BaseForm,
    seen: int | None,
    staff: Iterable[User],
) -> None:
    """One proposes and another who may confirms, or nothing happens."""
    with transaction.atomic():
        proposal = propose(decision, case.pk, who, form, seen=seen)
        others = [one for one in staff if ConfirmProposal().is_open_to(proposal, one)]
        if not others:
            raise NotPossible("Nobody may confirm it.")
        ConfirmProposal().take(proposal.pk, others[0])
