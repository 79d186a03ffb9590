"""The underwriter rejects an application, with a reason that the platform is told (PREP102 02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit, notifications
from guarantees.decisions.case import OrderDecision, ReasonForm, state_obstacle, withdrawal_obstacle
from guarantees.models import Application, ApplicationState
from staff.models import User


class Reject(OrderDecision[Application]):
    name = "reject"
    label = gettext_lazy("Reject")
    permission = "guarantees.approve_application"
    model = Application
    form_class = ReasonForm
    final = True

    def obstacle(self, case: Application, person: User) -> str | None:
        return state_obstacle(case, ApplicationState.RECEIVED) or withdrawal_obstacle(case)

    def consequence(self, case: Application) -> str:
        return _("The platform is told that the application is rejected, with this reason (PREP102 02).")

    def perform(self, case: Application, person: User, data: Mapping[str, Any]) -> None:
        from_state = case.state
        case.failure = data["reason"]
        case.reject()
        audit.application_rejected(case, person=person, from_state=from_state, reason=data["reason"])
        notifications.rejected(case, data["reason"])
