"""The screens of this room, one file each."""

from protocol.admin import alert, connection, message, notification, tally

__all__ = ["alert", "connection", "message", "notification", "tally"]
