"""What came in for a premium, what of it is held, and what is still due."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet

from guarantees.models import Application, Receipt, Refund


def received(application: Application) -> Decimal:
    """The sum of the receipts, in CNY."""
    return _total(application.receipts.all())


def premium_held(application: Application) -> Decimal:
    """What was received and is not due back already, in CNY."""
    return received(application) - _total(application.refunds.all())


def still_due(application: Application) -> Decimal:
    """The premium less what was received, in CNY; negative where more came in than was due."""
    return application.premium - received(application)


def _total(moved: QuerySet[Receipt] | QuerySet[Refund]) -> Decimal:
    """A case has few of them; SQLite would add them up as fractions of two, to 15 digits."""
    return sum(moved.values_list("amount", flat=True), Decimal("0.00"))
