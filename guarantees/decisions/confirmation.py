"""Beneficiary and applicant are given a confirmation that a guarantee is cancelled, or returned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.decisions.paper import MakePaper, made_obstacle, of_guarantee, paper_event
from guarantees.issuing import institution
from guarantees.letter.wording import kinds
from guarantees.letter.wording.papers import Confirmation
from guarantees.models import Application, ApplicationState, Cancellation, CancellationState, Guarantee, PaperKind
from staff.decisions import state_obstacle
from staff.events import EventKind
from staff.models import User


class MakeConfirmation(MakePaper[Cancellation, Confirmation]):
    name = "confirmation"
    label = gettext_lazy("Make the confirmation")
    permission = "guarantees.decide_cancellation"
    model = Cancellation
    event = paper_event(PaperKind.CANCELLATION, gettext_lazy("Confirmation of cancellation made"))
    other_events = (paper_event(PaperKind.RETURN, gettext_lazy("Confirmation of return made")),)

    def event_of(self, case: Cancellation) -> EventKind:
        return self.other_events[0] if case.is_return else self.event

    def obstacle(self, case: Cancellation, person: User) -> str | None:
        return state_obstacle(case, CancellationState.EFFECTIVE) or made_obstacle(case)

    def consequence(self, case: Cancellation) -> str:
        return _(
            "The platform knows of the end already and is told nothing more: download the confirmation and hand it to "
            "beneficiary and applicant."
        )

    def kind(self, case: Cancellation) -> PaperKind:
        return PaperKind.RETURN if case.is_return else PaperKind.CANCELLATION

    def wording(self, case: Cancellation) -> str:
        return kinds.RETURN if case.is_return else kinds.CANCELLATION

    def concerns(self, case: Cancellation) -> tuple[Application, Guarantee | None]:
        return case.guarantee.application, case.guarantee

    def say(self, case: Cancellation, data: Mapping[str, Any], number: str, code: str, now: datetime) -> Confirmation:
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
