"""A handler takes a demand up (PREP106 00), the oldest of its guarantee first (decisions B6, B7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import audit, notifications
from claims.models import Demand, DemandState
from guarantees.decisions.case import OrderDecision, state_obstacle
from guarantees.models import ApplicationState, GuaranteeState
from staff import clock
from staff.models import User


class TakeUp(OrderDecision[Demand]):
    name = "take_up"
    label = gettext_lazy("Take up")
    permission = "claims.handle_demand"
    model = Demand

    def obstacle(self, case: Demand, person: User) -> str | None:
        if reason := state_obstacle(case, DemandState.WAITING):
            return reason
        if not case.is_next:
            return _("An older demand on this guarantee is still open; it comes first.")
        being_corrected = case.guarantee.application.state in (ApplicationState.RETURNED, ApplicationState.PAID)
        if case.guarantee.state == GuaranteeState.RETURNED and being_corrected:
            return _("The guarantee is being corrected; the demand goes on when the new letter is issued.")
        return None

    def consequence(self, case: Demand) -> str:
        return _("The platform is told that the demand is being handled (PREP106 00).")

    def perform(self, case: Demand, person: User, data: Mapping[str, Any]) -> None:
        from_state = case.state
        case.handler, case.taken_up_at = person, clock.now()
        case.take_up()
        audit.demand_taken_up(case, person=person, from_state=from_state)
        notifications.taken_up(case)
