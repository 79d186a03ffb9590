"""Premium that must be paid back."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from guarantees.book import entries
from guarantees.models import Application, Refund
from guarantees.targets import Work
from staff import clock
from staff.audit import record
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User
from staff.parameters import Parameter, ParameterGroup

#: Up to this the accountant releases a refund, above it a manager.
SMALL: Parameter[Decimal] = Parameter(
    code="money.small_refund",
    label=_("Refunds that the accountant releases, up to (CNY)"),
    group=ParameterGroup.MONEY,
    field=lambda: forms.DecimalField(max_digits=15, decimal_places=2, min_value=Decimal(0)),
    default=Decimal("5000.00"),
    source=_("Our proposal; confirm it with the institution."),
    help=_("Above it a manager releases a refund."),
)
DUE = EventKind("refund.due", _("Refund due"), "payments", Tone.WARNING)


def owe(application: Application, amount: Decimal, person: User) -> Refund | None:
    """Records that `amount` (CNY) of the premium is due back; None where nothing was received."""
    if amount <= 0:
        return None
    refund = Refund(application=application, amount=amount, due_at=clock.now())
    refund.begin(Work.REFUND, refund.due_at)
    refund.save()
    entries.refund_due(refund, person)
    record(chain=refund.audit_chain, event=DUE, subject=application, actor=person, details=details(refund))
    return refund


def details(refund: Refund) -> dict[str, str]:
    """What the trail tells of a refund."""
    return {"amount": str(refund.amount), "reference": refund.reference}
