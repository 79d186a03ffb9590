"""What came in for a premium, what of it is kept, and what is still due."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from guarantees.models import Application


def received(application: Application) -> Decimal:
    """The sum of the receipts, in CNY."""
    total: Decimal | None = application.receipts.aggregate(total=Sum("amount"))["total"]
    return total or Decimal("0.00")


def kept(application: Application) -> Decimal:
    """What was received and is not due back already, in CNY."""
    total: Decimal | None = application.refunds.aggregate(total=Sum("amount"))["total"]
    return received(application) - (total or Decimal("0.00"))


def still_due(application: Application) -> Decimal:
    """The premium less what was received, in CNY; negative where more came in than was due."""
    return (application.premium or Decimal("0.00")) - received(application)
