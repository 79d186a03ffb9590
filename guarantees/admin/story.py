"""The story of an order, the same on the page of everything that belongs to it."""

from __future__ import annotations

from guarantees.models import Guarantee, Order
from protocol.admin.exchange import exchange_events
from staff.desk.page import Event
from staff.desk.timeline import audit_events
from staff.models import AuditEntry, User


def story(order: Order, person: User) -> list[Event]:
    """What was decided and what was said, the latest first."""
    numbers = Guarantee.objects.filter(application__order=order).values_list("number", flat=True)
    events = audit_events(AuditEntry.objects.filter(chain=order.audit_chain))
    events += exchange_events(order.connection, order.number, person, numbers)
    return sorted(events, key=lambda event: event.at, reverse=True)
