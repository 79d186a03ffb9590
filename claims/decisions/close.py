"""A waiting duplicate is closed without being taken up; nothing is sent (decisions B7)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import book
from claims.models import Demand
from guarantees.decisions.case import OrderDecision
from staff import clock
from staff.decisions import ReasonForm
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User


class CloseDuplicate(OrderDecision[Demand]):
    name = "close"
    label = gettext_lazy("Close as a duplicate")
    permission = "claims.handle_demand"
    model = Demand
    form_class = ReasonForm
    final = True
    transition = "close"
    event = EventKind("demand.closed", gettext_lazy("Demand closed as a duplicate"), "content_copy", Tone.OVER)

    def obstacle(self, case: Demand, person: User) -> str | None:
        if not Demand.objects.filter(guarantee__application=case.guarantee.application_id, id__lt=case.pk).exists():
            return _("There is no earlier demand on this guarantee that this could repeat.")
        return None

    def consequence(self, case: Demand) -> str:
        return _("The platform is told nothing.")

    def perform(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        case.handler, case.decided_at, case.decision_reason = person, clock.now(), data["reason"]

    def follow(self, case: Demand, person: User, data: dict[str, Any]) -> None:
        book.decided(case, book.CLOSED)
        super().follow(case, person, data)
