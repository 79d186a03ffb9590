"""What staff decide on applications, one file per decision, and who may decide what now."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from guarantees.decisions.approve import Approve
from guarantees.decisions.give_up import GiveUp
from guarantees.decisions.issue import Issue
from guarantees.decisions.reject import Reject
from guarantees.decisions.settle_premium import RecordPayment, TakeOnAccount, WaivePremium
from staff.decisions import Decision
from staff.models import User

ALL: list[Decision[Any]] = [
    Approve(),
    Reject(),
    RecordPayment(),
    WaivePremium(),
    TakeOnAccount(),
    Issue(),
    GiveUp(),
]


def available(case: Model, person: User) -> list[Decision[Any]]:
    """The decisions open to this person on this case now, in the order in which they are shown."""
    return [decision for decision in ALL if isinstance(case, decision.model) and decision.is_open_to(case, person)]
