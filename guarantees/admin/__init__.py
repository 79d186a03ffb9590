"""The screens of this room, one file per screen."""

from guarantees.admin import (
    application,
    cancellation,
    deduction,
    guarantee,
    movement,
    number,
    paper,
    receipt,
    refund,
    unit_rule,
    withdrawal,
    wording,
)

__all__ = [
    "application",
    "cancellation",
    "deduction",
    "guarantee",
    "movement",
    "number",
    "paper",
    "receipt",
    "refund",
    "unit_rule",
    "withdrawal",
    "wording",
]
