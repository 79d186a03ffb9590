"""Staff at their desk: a decision's form is filled in as it is offered, and taken or proposed, as the page does it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone
from reportlab.pdfgen.canvas import Canvas

from config.history.people import People
from staff import proposals
from staff.decisions import DECISIONS, Decision, DecisionRefused, NotPermitted
from staff.models import Proposal, User
from staff.proposal_decisions import ConfirmProposal, WithdrawProposal


class Stuck(Exception):
    """Production refuses what the history wants: one of them is wrong. `str()` says what and why."""


def decide(case: Model, name: str, given: Mapping[str, Any], people: People, chance: random.Random) -> None:
    """Somebody who may takes the decision of that name, or proposes it; `given` replaces what the form begins with.
    Raises DecisionRefused where nobody may."""
    decision = _decision(case, name)
    form = _filled(decision, case, given)
    if not form.is_valid():
        raise Stuck(f"{name} on {case}: {form.errors.as_json()}")
    _first_who_may(
        people.who(decision.permission, chance), lambda person: proposals.decide(decision, case.pk, person, form)
    )


def confirm(case: Model, people: People, chance: random.Random) -> None:
    """Another person confirms what waits on the case, if anything does. Where by now somebody of another role would
    have to, since the applicant's total is another, it is proposed anew first."""
    for proposal in proposals.waiting_on(case):
        try:
            _confirmed(proposal, people, chance)
        except DecisionRefused:
            _propose_anew(proposal)
            for anew in proposals.waiting_on(case):
                _confirmed(anew, people, chance)


def _confirmed(proposal: Proposal, people: People, chance: random.Random) -> None:
    _first_who_may(people.who(proposal.permission, chance), lambda person: ConfirmProposal().take(proposal.pk, person))


def _first_who_may(candidates: Iterable[User], act: Callable[[User], object]) -> None:
    """Whoever may not is refused, as at the desk, and the next one tries."""
    refusal: DecisionRefused = NotPermitted("Nobody holds the permission.")
    for person in candidates:
        try:
            act(person)
        except DecisionRefused as refused:
            refusal = refused
        else:
            return
    raise refusal


def _propose_anew(proposal: Proposal) -> None:
    decision, form = proposals.decision_of(proposal), proposals.form_of(proposal)
    WithdrawProposal().take(proposal.pk, proposal.proposed_by)
    if not form.is_valid():
        raise Stuck(f"{proposal.decision} on {proposal.case}: {form.errors.as_json()}")
    proposals.decide(decision, proposal.subject_id, proposal.proposed_by, form)


def _decision(case: Model, name: str) -> Decision[Any]:
    for decision in DECISIONS:
        if decision.name == name and isinstance(case, decision.model):
            return decision
    raise Stuck(f"No decision on {case._meta.label} is called {name}.")


def _filled(decision: Decision[Any], case: Model, given: Mapping[str, Any]) -> forms.BaseForm:
    """The decision's form as a browser would send it."""
    form = decision.form(case)
    data: dict[str, Any] = {}
    files: dict[str, Any] = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):
            files[name] = SimpleUploadedFile("scan.pdf", paper(), "application/pdf")
        else:
            value = given.get(name, form.get_initial_for_field(field, name))
            if value is not None:
                data[name] = _shown(value)
    return decision.form(case, data, files)


def _shown(value: Any) -> Any:
    return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M:%S") if isinstance(value, datetime) else value


@cache
def paper() -> bytes:
    """What stands for each sealed paper and each voucher: a page that says what it is."""
    output = BytesIO()
    canvas = Canvas(output, invariant=1)
    canvas.drawString(72, 760, "DEMONSTRATION - this page stands for a scanned paper.")
    canvas.save()
    return output.getvalue()
