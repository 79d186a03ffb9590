"""A handler takes a demand up (PREP106 00), the oldest of its guarantee first (decisions B6, B7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import notifications
from claims.models import Demand
from guarantees.decisions.case import OrderDecision
from guarantees.models import ApplicationState, GuaranteeState
from protocol.vocabulary import DemandOutcome
from staff import clock
from staff.duties import Duty
from staff.events import EventKind
from staff.models import User


class TakeUp(OrderDecision[Demand]):
    name = "take_up"
    label = gettext_lazy("Take up")
    permission = "claims.handle_demand"
    model = Demand
    transition = "take_up"
    outcome = gettext_lazy("Taken up, and the platform is told. Decide on it in time.")
    event = EventKind("demand.taken_up", gettext_lazy("Demand taken up"), "person_search", duty=Duty.DEMAND)

    def obstacle(self, case: Demand, person: User) -> str | None:
        if not case.is_next:
            return _("An older demand on this guarantee is still open; it comes first.")
        being_corrected = case.guarantee.application.state in (ApplicationState.RETURNED, ApplicationState.PAID)
        if case.guarantee.state == GuaranteeState.RETURNED and being_corrected:
            return _("The guarantee is being corrected; the demand goes on when the new letter is issued.")
        return None

    def consequence(self, case: Demand) -> str:
        message = notifications.message(case, DemandOutcome.IN_HAND)
        return _("The platform is told that the demand is being handled (%(message)s).") % {"message": message}

    def perform(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        case.handler, case.taken_up_at = person, clock.now()

    def tell(self, case: Demand, data: Mapping[str, Any]) -> None:
        notifications.taken_up(case)
