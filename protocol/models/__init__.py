"""What the platforms and we know of each other, and every message that passed."""

from protocol.models.accepted import AcceptedMessage, AcceptedSignature
from protocol.models.connection import Connection
from protocol.models.journal import Message
from protocol.models.outbox import Attempt, Notification

__all__ = ["AcceptedMessage", "AcceptedSignature", "Attempt", "Connection", "Message", "Notification"]
