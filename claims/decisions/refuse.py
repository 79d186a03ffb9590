"""A demand is refused (PREP106 02); the message has no field for the reason, which a notice of its own tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import book, notifications
from claims.models import Demand
from claims.word_lists import REFUSAL_OF_DEMANDS
from guarantees.decisions.case import OrderDecision
from protocol.vocabulary import DemandOutcome
from staff import clock
from staff.desk.page import Tone
from staff.duties import Duty
from staff.events import EventKind
from staff.models import User
from staff.reasons import ListedReasonForm


class RefuseForm(ListedReasonForm):
    word_list = REFUSAL_OF_DEMANDS


class Refuse(OrderDecision[Demand]):
    name = "refuse"
    label = gettext_lazy("Refuse payment")
    permission = "claims.handle_demand"
    model = Demand
    form_class = RefuseForm
    transition = "refuse"
    outcome = gettext_lazy("Payment refused, and the platform is told. Make the notice of refusal next.")
    final = True
    event = EventKind("demand.refused", gettext_lazy("Demand refused"), "cancel", Tone.BAD, Duty.DEMAND)

    def obstacle(self, case: Demand, person: User) -> str | None:
        return _("A payment is released; it is taken back first.") if case.released_payment() else None

    def consequence(self, case: Demand) -> str:
        return _(
            "The platform is told that the demand is refused (%(message)s), and not why: the beneficiary reads that in "
            "the notice of refusal, which you can make next."
        ) % {"message": notifications.message(case, DemandOutcome.REFUSED)}

    def perform(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        case.handler, case.decided_at = person, clock.now()
        case.decision_reason, case.reason_code = data["reason"], data.get("reason_code", "")

    def tell(self, case: Demand, data: Mapping[str, Any]) -> None:
        notifications.refused(case)

    def follow(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        book.decided(case, book.REFUSED)
        super().follow(case, person, data)
