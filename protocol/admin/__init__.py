"""The screens of this room, one file each; `exchange` gives a timeline what was said about an order."""

from protocol.admin import connection, message, notification

__all__ = ["connection", "message", "notification"]
