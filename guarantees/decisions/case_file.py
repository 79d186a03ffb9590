"""What staff keep with a case that belongs to an order, under the order's lock."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from guarantees.decisions.case import OrderDecision
from guarantees.models import Application, Cancellation, Guarantee, Refund, Withdrawal
from staff.case_file_decisions import AddNote, AttachDocument
from staff.decisions import Decision

Case = TypeVar("Case", bound=models.Model)


class AttachToOrder(AttachDocument[Case], OrderDecision[Case]):
    def __init__(self, model: type[Case], order_path: str = "order") -> None:
        self.model, self.order_path = model, order_path


class NoteOnOrder(AddNote[Case], OrderDecision[Case]):
    def __init__(self, model: type[Case], order_path: str = "order") -> None:
        self.model, self.order_path = model, order_path


def kept_with(model: type[models.Model], order_path: str = "order") -> list[Decision[Any]]:
    """What can be kept with such a case; `order_path` leads from it to its order."""
    return [AttachToOrder(model, order_path), NoteOnOrder(model, order_path)]


KEPT: list[Decision[Any]] = [
    *kept_with(Application),
    *kept_with(Guarantee, "application__order"),
    *kept_with(Cancellation),
    *kept_with(Withdrawal),
    *kept_with(Refund, "application__order"),
]
