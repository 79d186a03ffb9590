"""What staff decide on demands, one file per decision."""

from __future__ import annotations

from typing import Any

from claims.decisions.close import CloseDuplicate
from claims.decisions.pay import Pay, RepeatPayment
from claims.decisions.refusal_notice import MakeRefusalNotice
from claims.decisions.refuse import Refuse
from claims.decisions.settle import Settle, SettleAgain, TakeBackRelease
from claims.decisions.take_up import TakeUp
from claims.models import Demand
from guarantees.decisions.case_file import kept_with
from staff.decisions import Decision

ALL: list[Decision[Any]] = [
    TakeUp(),
    Settle(),
    Pay(),
    Refuse(),
    MakeRefusalNotice(),
    SettleAgain(),
    RepeatPayment(),
    TakeBackRelease(),
    CloseDuplicate(),
    *kept_with(Demand),
]
