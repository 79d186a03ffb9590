"""The screens of this room."""

from claims.admin import demand, events, payment

__all__ = ["demand", "events", "payment"]
