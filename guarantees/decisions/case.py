"""What every decision on an order has in common: its lock, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from guarantees.issuing import readiness
from guarantees.models import Application, Order
from guarantees.models.guarantee import MoreThanIsLeft
from staff import clock
from staff.decisions import Decision, NotPossible
from staff.models import User

Case = TypeVar("Case", bound=models.Model)


class OrderDecision(Decision[Case]):
    """A decision on something that belongs to an order; it holds the order's lock, the only one (see Order)."""

    #: From the case to its order, as a query path.
    order_path = "order"

    def lock(self, pk: int) -> Case:
        Order.lock(self.model._default_manager.values_list(self.order_path, flat=True).get(pk=pk))
        return self.model._default_manager.get(pk=pk)

    def carry_out(self, case: Case, person: User, data: dict[str, Any], proposer: User | None = None) -> None:
        try:
            super().carry_out(case, person, data, proposer)
        except MoreThanIsLeft as refusal:
            raise NotPossible(str(refusal)) from refusal

    def tell(self, case: Case, data: Mapping[str, Any]) -> None:
        """Puts what the platform is told into the outbox; nothing, where the specification has no message for it."""

    def follow(self, case: Case, person: User, data: dict[str, Any]) -> None:
        self.tell(case, data)


def withdrawal_obstacle(application: Application) -> str | None:
    """An open withdrawal blocks every other decision on the order (decisions B13)."""
    if application.order.withdrawals.waiting().exists():
        return _("The applicant asks to withdraw this order; decide on that first.")
    return None


def readiness_obstacle() -> str | None:
    """Nothing is promised, and no premium taken, for a letter that cannot be issued."""
    if trouble := readiness.trouble(clock.now()):
        return _("No letter could be issued now, so nothing is approved: %(reason)s") % {"reason": trouble}
    return None
