"""What staff decide on demands, one file per decision, and who may decide what now."""

from __future__ import annotations

from claims.decisions.close import CloseDuplicate
from claims.decisions.pay import Pay, RepeatPayment
from claims.decisions.refusal_notice import MakeRefusalNotice
from claims.decisions.refuse import Refuse
from claims.decisions.take_up import TakeUp
from claims.models import Demand
from staff.decisions import Decision
from staff.models import User

ALL: list[Decision[Demand]] = [
    TakeUp(),
    Pay(),
    Refuse(),
    MakeRefusalNotice(),
    RepeatPayment(),
    CloseDuplicate(),
]


def available(case: Demand, person: User) -> list[Decision[Demand]]:
    """The decisions open to this person on this demand now, in the order in which they are shown."""
    return [decision for decision in ALL if decision.is_open_to(case, person)]
