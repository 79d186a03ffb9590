"""The screens of this room, one file per screen."""

from guarantees.admin import application, cancellation, events, guarantee, paper, receipt, refund, withdrawal, wording

__all__ = ["application", "cancellation", "events", "guarantee", "paper", "receipt", "refund", "withdrawal", "wording"]
