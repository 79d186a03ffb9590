"""The issuer gives up an approved application: it lapsed unpaid, or cannot be issued (PREP102 04)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import notifications
from guarantees.book import entries
from guarantees.decisions.case import OrderDecision, withdrawal_obstacle
from guarantees.issuing import numbers
from guarantees.models import Application
from guarantees.money import refunds
from guarantees.money.receipts import premium_held
from guarantees.word_lists import GIVING_UP
from protocol.vocabulary import ApplicationOutcome
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User
from staff.reasons import ListedReasonForm


class GiveUpForm(ListedReasonForm):
    word_list = GIVING_UP


class GiveUp(OrderDecision[Application]):
    name = "give_up"
    label = gettext_lazy("Abandon (the platform is told: issue failed)")
    permission = "guarantees.give_up_application"
    model = Application
    form_class = GiveUpForm
    final = True
    transition = "give_up"
    event = EventKind("application.given_up", gettext_lazy("Abandoned"), "cancel", Tone.BAD)

    def obstacle(self, case: Application, person: User) -> str | None:
        return withdrawal_obstacle(case)

    def consequence(self, case: Application) -> str:
        message = notifications.message(case, ApplicationOutcome.FAILED)
        sentences = _("The platform is told that issuing failed, with this reason (%(message)s).") % {
            "message": message
        }
        if premium_held(case) > 0:
            sentences += " " + _("The premium received must be paid back.")
        return sentences

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        case.failure, case.reason_code = data["reason"], data.get("reason_code", "")

    def tell(self, case: Application, data: Mapping[str, Any]) -> None:
        notifications.given_up(case, data["reason"])

    def follow(self, case: Application, person: User, data: dict[str, Any]) -> None:
        numbers.void(case, person, data["reason"])
        super().follow(case, person, data)
        entries.given_up(case, person)
        refunds.owe(case, premium_held(case), person)
