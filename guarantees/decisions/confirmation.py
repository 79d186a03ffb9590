"""Beneficiary and applicant are given a confirmation that a guarantee is cancelled, or returned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.audit import paper_made
from guarantees.decisions.paper import MakePaper, made_obstacle, of_guarantee
from guarantees.issuing import institution
from guarantees.letter.wording.kinds import PaperKind
from guarantees.letter.wording.papers.confirmation import CANCELLATION, RETURN, Confirmation
from guarantees.models import Application, ApplicationState, Cancellation, CancellationState, Guarantee
from staff.decisions import state_obstacle
from staff.models import User


class MakeConfirmation(MakePaper[Cancellation, Confirmation]):
    name = "confirmation"
    label = gettext_lazy("Make the confirmation")
    permission = "guarantees.decide_cancellation"
    model = Cancellation
    event = paper_made(CANCELLATION)
    other_events = (paper_made(RETURN),)

    def obstacle(self, case: Cancellation, person: User) -> str | None:
        return state_obstacle(case, CancellationState.EFFECTIVE) or made_obstacle(case)

    def consequence(self, case: Cancellation) -> str:
        return _(
            "The platform knows of the end already and is told nothing more: download the confirmation and hand it to "
            "beneficiary and applicant."
        )

    def kind_for(self, case: Cancellation) -> PaperKind:
        return RETURN if case.is_return else CANCELLATION

    def concerns(self, case: Cancellation) -> tuple[Application, Guarantee | None]:
        return case.guarantee.application, case.guarantee

    def particulars(
        self, case: Cancellation, data: Mapping[str, Any], number: str, code: str, now: datetime
    ) -> Confirmation:
        if case.effective_at is None:
            raise ValueError(f"The cancellation of {case} has not taken effect.")
        guarantee = case.guarantee
        return Confirmation(
            number=number,
            verification_code=code,
            issued_at=now,
            **institution.institution_values(number, code),
            **of_guarantee(guarantee),
            requested_at=case.received_at,
            ended_at=case.effective_at,
            paid=guarantee.paid,
            reissued=case.is_return and guarantee.application.state != ApplicationState.FAILED,
        )
