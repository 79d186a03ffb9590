"""The screens of this room, one file per screen."""

from guarantees.admin import (
    application,
    cancellation,
    events,
    guarantee,
    number,
    paper,
    receipt,
    refund,
    withdrawal,
    wording,
)

__all__ = [
    "application",
    "cancellation",
    "events",
    "guarantee",
    "number",
    "paper",
    "receipt",
    "refund",
    "withdrawal",
    "wording",
]
