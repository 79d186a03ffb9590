"""Premium that must be paid back."""

from __future__ import annotations

from decimal import Decimal

from guarantees import audit
from guarantees.models import Application, Refund
from staff import clock
from staff.models import User


def owe(application: Application, amount: Decimal, person: User) -> Refund | None:
    """Records that `amount` (CNY) of the premium is due back; None where nothing was received."""
    if amount <= 0:
        return None
    refund = Refund.objects.create(application=application, amount=amount, due_at=clock.now())
    audit.refund_due(refund, person=person)
    return refund
