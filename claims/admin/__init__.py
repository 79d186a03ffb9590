"""The screens of this room."""

from claims.admin import demand, payment

__all__ = ["demand", "payment"]
