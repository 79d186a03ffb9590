"""Takes what is due from the outbox, sends it, and records what happened (decisions B17, B18).

Only the head of a queue is taken: the first message of an order that is not delivered yet. The next attempt's time is
written before the attempt and doubles as its lease, so a worker that dies is followed by another without anybody
noticing; the lease's number fences what is recorded, so a worker that was thought dead overwrites nothing. No lock is
held while sending.
"""

from __future__ import annotations

import hashlib
import logging
import random
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from protocol import alerts, envelope
from protocol.errors import SUCCESS
from protocol.models import Attempt, Connection, Line, Message, Notification
from protocol.models.journal import Direction
from protocol.models.outbox import NotificationState
from protocol.transport import Address, NotDelivered, Reply
from protocol.transport import Line as Wire

log = logging.getLogger(__name__)

#: Codes by which a platform says that the message is wrong: sending it again would not help (decisions B17).
WRONG = {"103", "201", "202", "203", "204"}
LONGEST_WAIT = timedelta(hours=1)
#: So many failures in a row, and the line is down.
FAILURES_UNTIL_DOWN = 5

_random = random.SystemRandom()
_wires = threading.local()


@dataclass(frozen=True)
class Claimed:
    """A notification that this worker, and no other, may send until its lease ends."""

    notification: Notification
    connection: Connection
    lease: int
    started_at: datetime


@dataclass(frozen=True)
class Result:
    """What one attempt came to: delivered, refused as wrong, or to be tried again."""

    code: str = ""
    message: str = ""
    http_status: int | None = None
    error: str = ""
    sent: bytes = b""
    answer: bytes = b""

    @property
    def delivered(self) -> bool:
        return self.http_status == 200 and self.code == SUCCESS

    @property
    def wrong(self) -> bool:
        return self.http_status == 200 and self.code in WRONG

    @property
    def reached(self) -> bool:
        """Whether the platform itself answered, in the specification's terms and able to work."""
        return self.http_status == 200 and bool(self.code) and not self.code.startswith("3")


def deliver_due(*, limit: int | None = None, stop: threading.Event | None = None) -> int:
    """Sends what is due until nothing is, `limit` attempts are made, or `stop` is set; the number of attempts."""
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("Delivery sends what is committed; it cannot run inside a transaction.")
    made = 0
    while (limit is None or made < limit) and not (stop and stop.is_set()):
        claimed = claim(timezone.now())
        if claimed is None:
            break
        started = monotonic()
        result = send(claimed)
        record(claimed, result, duration_ms=round((monotonic() - started) * 1000))
        made += 1
    return made


def claim(now: datetime) -> Claimed | None:
    """The next notification that may be sent, leased to the caller; None where there is none."""
    with transaction.atomic():
        due = _heads(now)
        if connections["default"].features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        notification = due.first()
        if notification is None or not _take_probe(notification.connection_id, now):
            return None
        notification.lease += 1
        notification.attempts_made += 1
        notification.next_attempt_at = now + settings.DELIVERY_LEASE
        notification.save(update_fields=["lease", "attempts_made", "next_attempt_at"])
        Attempt.objects.create(notification=notification, number=notification.lease, started_at=now)
    return Claimed(notification, notification.connection, notification.lease, now)


def _heads(now: datetime) -> QuerySet[Notification]:
    earlier = Notification.objects.filter(
        connection=OuterRef("connection"),
        queue=OuterRef("queue"),
        id__lt=OuterRef("id"),
        state__in=[NotificationState.WAITING, NotificationState.ATTENTION],
    )
    return (
        Notification.objects.filter(
            ~Exists(earlier),
            Q(connection__line__isnull=True)
            | Q(connection__line__probe_at__isnull=True)
            | Q(connection__line__probe_at__lte=now),
            state=NotificationState.WAITING,
            next_attempt_at__lte=now,
            connection__parked=False,
            connection__suspended=False,
        )
        .select_related("connection")
        .order_by("next_attempt_at", "id")
    )


def _take_probe(connection: int, now: datetime) -> bool:
    """Whether a message may leave by this line; while it is down, the one whose update counts is the probe."""
    line = Line.objects.filter(connection=connection, probe_at__isnull=False)
    if not line.exists():
        return True
    return line.filter(probe_at__lte=now).update(probe_at=now + settings.DELIVERY_LEASE) == 1


def send(claimed: Claimed) -> Result:
    """Seals the message afresh (same msgcode and plaintext, B17), posts it, and reads the answer; never raises."""
    notification, connection = claimed.notification, claimed.connection
    sent = b""
    try:
        party = connection.party()
        sent = envelope.seal_request(
            notification.transcode,
            notification.plaintext.encode(),
            party,
            msgcode=notification.msgcode,
            reqtime=timezone.now(),
        )
        reply = _wire(connection).post(sent)
        return _read(reply, party, sent)
    except NotDelivered as failure:
        return Result(error=str(failure), sent=sent)
    except Exception as failure:
        log.exception("Sending %s failed on our side", notification.msgcode)
        return Result(error=f"{type(failure).__name__}: our own failure, see the log", sent=sent)


def _read(reply: Reply, party: envelope.Party, sent: bytes) -> Result:
    if reply.status != 200:
        return Result(
            http_status=reply.status, error=f"HTTP {reply.status} instead of 200", sent=sent, answer=reply.body
        )
    try:
        answered = envelope.read_answer(reply.body, party)
    except envelope.NotTheSpecification as failure:
        return Result(http_status=reply.status, error=str(failure)[:200], sent=sent, answer=reply.body)
    return Result(answered.code, answered.message[:200], reply.status, sent=sent, answer=reply.body)


def _wire(connection: Connection) -> Wire:
    """This thread's way to the platform, kept open between messages and made anew when its address changes."""
    address = Address(connection.address, connection.ca_certificate, connection.client_certificate)
    kept: dict[int, Wire] = _wires.__dict__.setdefault("kept", {})
    wire = kept.get(connection.pk)
    if wire is None or wire.address != address:
        if wire is not None:
            wire.close()
        wire = kept[connection.pk] = Wire(
            address,
            connect_timeout=settings.DELIVERY_CONNECT_TIMEOUT.total_seconds(),
            deadline=settings.DELIVERY_DEADLINE.total_seconds(),
        )
    return wire


def record(claimed: Claimed, result: Result, *, duration_ms: int) -> None:
    """Writes down what the attempt came to; the notification itself only while the lease is still the caller's."""
    now = timezone.now()
    with transaction.atomic():
        mine = Notification.objects.filter(
            pk=claimed.notification.pk, lease=claimed.lease, state=NotificationState.WAITING
        )
        if result.delivered:
            held = mine.update(
                state=NotificationState.DELIVERED, delivered_at=now, code=result.code, answer=result.message
            )
        elif result.wrong:
            held = mine.update(state=NotificationState.ATTENTION, code=result.code, answer=result.message)
        else:
            held = mine.update(
                next_attempt_at=now + wait_after(claimed.notification.attempts_made),
                code=result.code,
                answer=(result.message or result.error)[:200],
            )
        Attempt.objects.filter(notification=claimed.notification, number=claimed.lease).update(
            duration_ms=duration_ms,
            http_status=result.http_status,
            code=result.code,
            message=result.message,
            error=result.error,
        )
        _journal(claimed, result, duration_ms)
        _note_line(claimed.connection, result, now)
    if held and result.wrong:
        alerts.needs_attention(Notification.objects.select_related("connection").get(pk=claimed.notification.pk))


def wait_after(attempts: int) -> timedelta:
    """10 s after the first failure, doubling up to an hour, each shortened by up to a fifth so that crowds scatter."""
    wait = min(settings.DELIVERY_FIRST_WAIT * (1 << min(attempts - 1, 16)), LONGEST_WAIT)
    return wait * (1 - _random.uniform(0, 0.2))


def _journal(claimed: Claimed, result: Result, duration_ms: int) -> None:
    notification = claimed.notification
    Message.objects.create(
        connection=claimed.connection,
        direction=Direction.OUTBOUND,
        at=claimed.started_at,
        transcode=notification.transcode,
        msgcode=notification.msgcode,
        version=envelope.VERSION,
        size=len(result.sent),
        digest=hashlib.sha256(result.sent).hexdigest(),
        body=result.sent,
        plaintext=notification.plaintext.encode(),
        order_number=notification.queue,
        code=result.code,
        message=(result.message or result.error)[:200],
        answer=result.answer[:65536],
        duration_ms=duration_ms,
    )


def _note_line(connection: Connection, result: Result, now: datetime) -> None:
    """Counts failures in a row; a success opens the line again at once, for everything that waits for it."""
    if result.reached:
        was_down = Line.objects.filter(connection=connection, probe_at__isnull=False).exists()
        if was_down or not Line.objects.filter(connection=connection, failures=0).exists():
            Line.objects.update_or_create(
                connection=connection, defaults={"failures": 0, "probe_at": None, "last_success_at": now}
            )
        if was_down:
            in_flight = Attempt.objects.filter(
                notification=OuterRef("pk"), number=OuterRef("lease"), duration_ms__isnull=True
            )
            Notification.objects.filter(
                ~Exists(in_flight), connection=connection, state=NotificationState.WAITING, next_attempt_at__gt=now
            ).update(next_attempt_at=now)
        return
    line, _new = Line.objects.get_or_create(connection=connection)
    Line.objects.filter(pk=line.pk).update(failures=F("failures") + 1)
    failures = line.failures + 1
    if failures >= FAILURES_UNTIL_DOWN:
        probe_at = now + wait_after(failures - FAILURES_UNTIL_DOWN + 1)
        Line.objects.filter(pk=line.pk).update(probe_at=probe_at)
