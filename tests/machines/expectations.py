"""What docs/decisions.md lets follow from a decision, and where each kind of case ends."""

from __future__ import annotations

from typing import Any

from django.db import models

from claims.models import Demand
from guarantees.decisions.paper import MakePaper
from guarantees.models import Application, Cancellation, Guarantee, Refund, Withdrawal
from staff.decisions import Decision

#: What the platform may be told of each decision that makes no paper. The money that waited while a withdrawal was open
#: settles the premium when that is refused: there alone two messages follow from one decision.
TELLS: dict[tuple[type[models.Model], str], set[tuple[str, ...]]] = {
    (Application, "approve"): {("PREP102 01",)},
    (Application, "move_unit"): {()},
    (Application, "reject"): {("PREP102 02",)},
    (Application, "ask_for_documents"): {()},
    (Application, "record_documents"): {()},
    (Application, "take_back_request"): {()},
    (Application, "make_link"): {()},
    (Application, "stop_link"): {()},
    (Application, "record_payment"): {(), ("PREP102 05",)},
    (Application, "waive_premium"): {("PREP102 05",)},
    (Application, "take_on_account"): {("PREP102 05",)},
    (Application, "correct"): {()},
    (Application, "issue"): {("PREP102 03",)},
    (Application, "give_up"): {("PREP102 04",)},
    (Guarantee, "deduct"): {()},
    (Guarantee, "release"): {()},
    (Cancellation, "approve"): {(), ("PREP108",)},
    (Cancellation, "refuse"): {()},
    (Cancellation, "purchaser_told"): {()},
    (Withdrawal, "upload_release"): {()},
    (Withdrawal, "check_release"): {()},
    (Withdrawal, "approve"): {("PREP102 07",), ("PREP102 08",)},
    (Withdrawal, "refuse"): {
        ("PREP102 06",),
        ("PREP102 09",),
        ("PREP102 06", "PREP102 05"),
        ("PREP102 09", "PREP102 05"),
    },
    (Refund, "release"): {()},
    (Refund, "pay"): {()},
    (Demand, "take_up"): {("PREP106 00",)},
    (Demand, "pay"): {("PREP106 01",)},
    (Demand, "refuse"): {("PREP106 02",)},
    (Demand, "repeat_payment"): {()},
    (Demand, "settle"): {()},
    (Demand, "settle_again"): {()},
    (Demand, "take_back_release"): {()},
    (Demand, "close"): {()},
}
#: What an open withdrawal blocks (B13).
BLOCKED_BY_WITHDRAWAL = {
    "approve",
    "reject",
    "ask_for_documents",
    "payment_notice",
    "waive_premium",
    "take_on_account",
    "correct",
    "issue",
    "give_up",
}
#: Decisions that are nearly always open, or end what has hardly begun: taken less often than others.
COMMON = {
    "deduct",
    "reject",
    "give_up",
    "repeat_payment",
    "settle_again",
    "take_back_release",
    "purchaser_told",
    "refuse",
    "make_link",
    "stop_link",
}
#: States in which nothing more is decided on an application, a guarantee, a cancellation, a withdrawal or a demand.
FINAL: dict[type[Any], set[str]] = {
    Application: {"rejected", "issued", "failed", "cancelled", "surrendered"},
    Guarantee: {"cancelled", "returned", "surrendered", "expired", "paid_out", "run_down"},
    Cancellation: set(),
    Withdrawal: {"approved", "refused"},
    Demand: {"closed"},
    Refund: set(),
}
#: Every kind of case that has a life, and the state in which that begins.
WITH_LIFE: dict[type[models.Model], str] = {
    Application: "received",
    Guarantee: "in_force",
    Cancellation: "received",
    Withdrawal: "received",
    Demand: "waiting",
}


def may_tell(decision: Decision[Any]) -> set[tuple[str, ...]]:
    """What the platform may be told of it: of a paper, nothing."""
    return {()} if isinstance(decision, MakePaper) else TELLS[decision.model, decision.name]


def is_common(decision: Decision[Any]) -> bool:
    return isinstance(decision, MakePaper) or decision.name in COMMON
