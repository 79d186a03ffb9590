"""The underwriter rejects an application, with a reason that the platform is told (PREP102 02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import notifications
from guarantees.applicants import requests
from guarantees.decisions.case import OrderDecision, withdrawal_obstacle
from guarantees.models import Application
from guarantees.word_lists import REJECTION
from protocol.vocabulary import ApplicationOutcome
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User
from staff.reasons import ListedReasonForm


class RejectForm(ListedReasonForm):
    word_list = REJECTION


class Reject(OrderDecision[Application]):
    name = "reject"
    label = gettext_lazy("Reject")
    permission = "guarantees.approve_application"
    model = Application
    form_class = RejectForm
    final = True
    transition = "reject"
    outcome = gettext_lazy("Rejected, and the platform is told why.")
    event = EventKind("application.rejected", gettext_lazy("Rejected"), "cancel", Tone.BAD)

    def obstacle(self, case: Application, person: User) -> str | None:
        return withdrawal_obstacle(case)

    def consequence(self, case: Application) -> str:
        message = notifications.message(case, ApplicationOutcome.REJECTED)
        told = _("The platform is told that the application is rejected, with this reason (%(message)s).")
        return told % {"message": message} + requests.closing_sentence(case)

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        case.failure, case.reason_code = data["reason"], data.get("reason_code", "")

    def tell(self, case: Application, data: Mapping[str, Any]) -> None:
        notifications.rejected(case, data["reason"])

    def follow(self, case: Application, person: User, data: dict[str, Any]) -> None:
        super().follow(case, person, data)
        requests.close(case, person)
