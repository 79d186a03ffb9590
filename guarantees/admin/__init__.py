"""The screens of this room, one file each."""

from guarantees.admin import application, events, guarantee, receipt

__all__ = ["application", "events", "guarantee", "receipt"]
