"""Records what attempts came to: in the outbox, on the attempts, in the journal, and in the platform's health."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Exists, F, OuterRef

from protocol import alerts, envelope
from protocol.delivery.claiming import Claimed
from protocol.errors import SUCCESS
from protocol.failures import Failure
from protocol.models import Attempt, Message, Notification, PlatformHealth
from protocol.models.journal import Direction
from protocol.models.outbox import NotificationState
from staff import clock

#: Codes by which a platform says that the message is wrong: sending it again would not help (decisions B17).
WRONG = {"103", "201", "202", "203", "204"}
LONGEST_WAIT = timedelta(hours=1)
#: So many failures in a row, and the platform is down.
FAILURES_UNTIL_DOWN = 5
# The lease is the fence: whoever was thought dead meanwhile changes nothing.
SETTLE = """
    UPDATE protocol_notification
    SET state = %s, delivered_at = %s, next_attempt_at = COALESCE(%s, next_attempt_at), code = %s, answer = %s,
        failure = %s
    WHERE id = %s AND lease = %s AND state = 'waiting'
"""
END = """
    UPDATE protocol_attempt SET duration_ms = %s, http_status = %s, code = %s, message = %s, error = %s,
        failure = %s
    WHERE notification_id = %s AND number = %s
"""

_random = random.SystemRandom()


@dataclass(frozen=True)
class Result:
    """What one attempt came to: delivered, refused as wrong, or to be tried again."""

    code: str = ""
    message: str = ""
    http_status: int | None = None
    failure: Failure | None = None
    error: str = ""
    """The failure's particulars."""
    sent: bytes = b""
    answer: bytes = b""

    @property
    def delivered(self) -> bool:
        return self.http_status == 200 and self.code == SUCCESS

    @property
    def wrong(self) -> bool:
        return self.http_status == 200 and self.code in WRONG

    @property
    def text(self) -> str:
        """What the platform said, or the failure's particulars."""
        return (self.message or self.error)[:200]

    @property
    def reached(self) -> bool:
        """Whether the platform itself answered, in the specification's terms and able to work."""
        return self.http_status == 200 and bool(self.code) and not self.code.startswith("3")


@dataclass(frozen=True)
class Ended:
    """An attempt that was made."""

    claimed: Claimed
    result: Result
    duration_ms: int


def record(ended: Sequence[Ended]) -> None:
    """Writes down what attempts at one platform came to, in their order; the notifications themselves only where the
    lease is still the caller's."""
    now = clock.now()
    with transaction.atomic(savepoint=False):
        with connections["default"].cursor() as cursor:
            cursor.executemany(SETTLE, [_settled(attempt, now) for attempt in ended])
            cursor.executemany(END, [_end(attempt) for attempt in ended])
        Message.objects.bulk_create(_journalled(attempt) for attempt in ended)
        _note_health(ended, now)
    for attempt in ended:
        if attempt.result.wrong:
            _alert(attempt.claimed)


def wait_after(attempts: int) -> timedelta:
    """10 s after the first failure, doubling up to an hour, each shortened by up to a fifth so that crowds scatter."""
    wait = min(settings.DELIVERY_FIRST_WAIT * (1 << min(attempts - 1, 16)), LONGEST_WAIT)
    return wait * (1 - _random.uniform(0, 0.2))


def _settled(attempt: Ended, now: datetime) -> tuple[Any, ...]:
    claimed, result = attempt.claimed, attempt.result
    adapt = connections["default"].ops.adapt_datetimefield_value
    state, delivered_at, again_at = NotificationState.WAITING, None, None
    if result.delivered:
        state, delivered_at = NotificationState.DELIVERED, adapt(now)
    elif result.wrong:
        state = NotificationState.ATTENTION
    else:
        again_at = adapt(now + wait_after(claimed.attempts_made))
    answer = result.code, result.text, result.failure
    return state.value, delivered_at, again_at, *answer, claimed.notification, claimed.lease


def _end(attempt: Ended) -> tuple[Any, ...]:
    result = attempt.result
    answer = (result.http_status, result.code, result.message, result.error, result.failure)
    return attempt.duration_ms, *answer, attempt.claimed.notification, attempt.claimed.lease


def _journalled(attempt: Ended) -> Message:
    claimed, result = attempt.claimed, attempt.result
    return Message(
        connection_id=claimed.connection,
        direction=Direction.OUTBOUND,
        at=claimed.started_at,
        transcode=claimed.transcode,
        msgcode=claimed.msgcode,
        version=envelope.VERSION,
        size=len(result.sent),
        digest=hashlib.sha256(result.sent).hexdigest(),
        body=result.sent,
        plaintext=claimed.plaintext.encode(),
        order_number=claimed.queue,
        code=result.code,
        message=result.text,
        failure=result.failure,
        answer=result.answer[:65536],
        duration_ms=attempt.duration_ms,
    )


def _alert(claimed: Claimed) -> None:
    mine = Notification.objects.filter(pk=claimed.notification, lease=claimed.lease, state=NotificationState.ATTENTION)
    for notification in mine.select_related("connection"):
        alerts.needs_attention(notification)


def _note_health(ended: Sequence[Ended], now: datetime) -> None:
    """Counts failures in a row; a success has the platform up again at once, for everything that waits for it."""
    connection = ended[0].claimed.connection
    if any(attempt.result.reached and attempt.claimed.failures != 0 for attempt in ended):
        _mark_up(connection, now)
    if not ended[-1].result.reached:
        _count_failure(connection, now)
    slow = ended[-1].duration_ms > settings.DELIVERY_SLOW.total_seconds() * 1000
    PlatformHealth.objects.filter(connection=connection).exclude(slow=slow).update(slow=slow)


def _mark_up(connection: int, now: datetime) -> None:
    was_down = PlatformHealth.objects.filter(connection=connection, probe_at__isnull=False).exists()
    opened = {"failures": 0, "probe_at": None, "last_success_at": now}
    PlatformHealth.objects.update_or_create(connection_id=connection, defaults=opened)
    if was_down:
        in_flight = Attempt.objects.filter(
            notification=OuterRef("pk"), number=OuterRef("lease"), duration_ms__isnull=True
        )
        Notification.objects.filter(
            ~Exists(in_flight), connection=connection, state=NotificationState.WAITING, next_attempt_at__gt=now
        ).update(next_attempt_at=now)


def _count_failure(connection: int, now: datetime) -> None:
    health, _new = PlatformHealth.objects.get_or_create(connection_id=connection)
    failures = health.failures + 1
    PlatformHealth.objects.filter(pk=health.pk).update(failures=F("failures") + 1)
    if failures >= FAILURES_UNTIL_DOWN:
        probe_at = now + wait_after(failures - FAILURES_UNTIL_DOWN + 1)
        PlatformHealth.objects.filter(pk=health.pk).update(probe_at=probe_at)
