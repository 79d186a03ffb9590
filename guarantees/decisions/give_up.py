"""The issuer gives up an approved application: it lapsed unpaid, or cannot be issued (PREP102 04)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit, notifications
from guarantees.decisions.case import OrderDecision, ReasonForm, state_obstacle, withdrawal_obstacle
from guarantees.issuing import numbers
from guarantees.models import Application, ApplicationState
from guarantees.money import refunds
from guarantees.money.receipts import kept
from staff.models import User


class GiveUp(OrderDecision[Application]):
    name = "give_up"
    label = gettext_lazy("Give up")
    permission = "guarantees.give_up_application"
    model = Application
    form_class = ReasonForm
    final = True

    def obstacle(self, case: Application, person: User) -> str | None:
        return state_obstacle(
            case, ApplicationState.APPROVED, ApplicationState.PAID, ApplicationState.RETURNED
        ) or withdrawal_obstacle(case)

    def consequence(self, case: Application) -> str:
        told = _("The platform is told that issuing failed, with this reason (PREP102 04).")
        if kept(case) > 0:
            told += " " + _("The premium received must be paid back.")
        return told

    def perform(self, case: Application, person: User, data: Mapping[str, Any]) -> None:
        from_state = case.state
        case.failure = data["reason"]
        case.give_up()
        audit.application_given_up(case, person=person, from_state=from_state, reason=data["reason"])
        numbers.void(case, person, data["reason"])
        notifications.given_up(case, data["reason"])
        refunds.owe(case, kept(case), person)
