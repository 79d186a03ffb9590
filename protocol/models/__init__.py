"""What the platforms and we know of each other, and every message that passed."""

from protocol.models.accepted import AcceptedMessage, AcceptedSignature
from protocol.models.alert import Alert
from protocol.models.connection import Connection
from protocol.models.health import Heartbeat, Part, PlatformHealth, SendingSlot
from protocol.models.journal import Message
from protocol.models.outbox import Attempt, Notification
from protocol.models.tally import RefusalTally

__all__ = [
    "AcceptedMessage",
    "AcceptedSignature",
    "Alert",
    "Attempt",
    "Connection",
    "Heartbeat",
    "Message",
    "Notification",
    "Part",
    "PlatformHealth",
    "RefusalTally",
    "SendingSlot",
]
