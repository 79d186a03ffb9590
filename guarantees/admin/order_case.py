"""The page of what belongs to an order: all of them tell the order's whole history."""

from __future__ import annotations

from typing import Any

from guarantees.models import Guarantee, Order
from protocol.admin.exchange import exchange_events
from staff.desk.case import CaseAdmin
from staff.desk.page import Event
from staff.desk.timeline import audit_events
from staff.models import AuditEntry, User


class OrderCaseAdmin(CaseAdmin):
    """What was decided on the order, and what was said of it to the platform and by it."""

    def order_of(self, case: Any) -> Order:
        order: Order = case.order
        return order

    def timeline(self, case: Any, person: User) -> list[Event]:
        order = self.order_of(case)
        numbers = Guarantee.objects.filter(application__order=order).values_list("number", flat=True)
        events = audit_events(AuditEntry.objects.filter(chain=order.audit_chain), person)
        events += exchange_events(order.connection, order.number, person, numbers)
        return sorted(events, key=lambda event: event.at, reverse=True)
