"""A demand is refused (PREP106 02); the message has no field for the reason, which a notice of its own tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import audit, notifications
from claims.models import Demand, DemandState
from guarantees.decisions.case import OrderDecision, ReasonForm, state_obstacle
from staff import clock
from staff.models import User


class Refuse(OrderDecision[Demand]):
    name = "refuse"
    label = gettext_lazy("Refuse")
    permission = "claims.handle_demand"
    model = Demand
    form_class = ReasonForm
    final = True

    def obstacle(self, case: Demand, person: User) -> str | None:
        return state_obstacle(case, DemandState.IN_HAND)

    def consequence(self, case: Demand) -> str:
        return _(
            "The platform is told that the demand is refused (PREP106 02), and not why: the beneficiary reads that in "
            "the notice of refusal, which you can make next."
        )

    def perform(self, case: Demand, person: User, data: Mapping[str, Any]) -> None:
        from_state = case.state
        case.handler, case.decided_at, case.decision_reason = person, clock.now(), data["reason"]
        case.refuse()
        audit.demand_refused(case, person=person, from_state=from_state)
        notifications.refused(case)
