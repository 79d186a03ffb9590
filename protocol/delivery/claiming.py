"""Claims what may be sent next: heads of queues, due, to a platform that is up or may be probed; and gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F

from protocol.delivery import slots
from protocol.models import Attempt, Notification, PlatformHealth
from staff.encryption import decrypt

# In both databases' SQL: the ORM would need three statements for a claim, and longer to write them than the database
# to execute them. The heads are looked up many at a time, and claimed by their numbers under the same conditions: so a
# claim stays quick however many wait and whatever the planner believes of them.
HEADS = """
    SELECT head.id, head.connection_id
    FROM protocol_notification AS head
    JOIN protocol_connection AS platform ON platform.id = head.connection_id
    LEFT JOIN protocol_line AS health ON health.connection_id = head.connection_id
    WHERE {only} head.state = 'waiting' AND head.next_attempt_at <= %(now)s
        AND NOT platform.parked AND NOT platform.suspended
        AND (health.probe_at IS NULL OR health.probe_at <= %(now)s)
        AND NOT EXISTS (
            SELECT 1 FROM protocol_notification AS earlier
            WHERE earlier.connection_id = head.connection_id AND earlier.queue = head.queue
                AND earlier.id < head.id AND earlier.state IN ('waiting', 'attention')
        )
    ORDER BY head.next_attempt_at, head.id
    LIMIT {limit}
"""
CLAIM = """
    WITH head AS MATERIALIZED ({heads})
    UPDATE protocol_notification
    SET lease = lease + 1, attempts_made = attempts_made + 1, next_attempt_at = %(until)s
    WHERE id IN (SELECT id FROM head)
    RETURNING id, connection_id, queue, transcode, msgcode, plaintext, lease, attempts_made,
        (SELECT failures FROM protocol_line WHERE connection_id = protocol_notification.connection_id),
        (SELECT probe_at FROM protocol_line WHERE connection_id = protocol_notification.connection_id)
"""
LOOKED_UP = 400
#: At least so many are tried, since other workers may have taken the first.
TRIED = 10


@dataclass(frozen=True)
class Claimed:
    """A notification that this worker, and no other, may send until its lease ends."""

    notification: int
    connection: int
    queue: str
    transcode: str
    msgcode: str
    plaintext: str
    lease: int
    attempts_made: int
    failures: int | None
    """How often in a row attempts at this platform had failed; None: none was ever made."""
    platform_down: bool
    started_at: datetime
    began: float
    """The same moment on the clock that nobody sets: an attempt's deadline counts from it."""


class Heads:
    """The heads of the queues as one worker goes through them; others may be quicker, which each claim finds out."""

    def __init__(self) -> None:
        self._heads: list[tuple[int, int]] = []
        self._busy: set[int] = set()
        self._slot: slots.Taken | None = None
        self._claimed_for = 0

    @property
    def others_wait(self) -> bool:
        """Whether platforms besides the one claimed for have something to be sent."""
        return any(connection != self._claimed_for for _head, connection in self._heads)

    def claim(self, now: datetime, most: int = 1) -> list[Claimed]:
        """The next notifications that may be sent, all to one platform, leased to the caller; none where there is
        none. To one that is down it is a single one, the probe. Whoever got some calls `leave` when they are sent.
        """
        with transaction.atomic(savepoint=False):
            while self._heads or self._look(now):
                connection = self._claimed_for = self._heads[0][1]
                self._slot = slots.take(connection, now)
                if self._slot is None:
                    self._busy.add(connection)
                    self._heads = [head for head in self._heads if head[1] != connection]
                    continue
                tried = [pk for pk, platform in self._heads[: max(most, TRIED)] if platform == connection]
                taken = _take(tried, most, now)
                gone = {claimed.notification for claimed in taken} or set(tried)
                self._heads = [head for head in self._heads if head[0] not in gone]
                if taken and taken[0].platform_down:
                    may_probe = _take_probe(connection, now)
                    _return(taken[may_probe:], now)
                    taken = taken[:may_probe]
                if taken:
                    Attempt.objects.bulk_create(
                        Attempt(notification_id=claimed.notification, number=claimed.lease, started_at=now)
                        for claimed in taken
                    )
                    return taken
                self.leave()
        return []

    def leave(self) -> None:
        """Frees the slot at the platform, inside the caller's transaction."""
        if self._slot is not None:
            slots.leave(self._slot)
            self._slot = None

    def _look(self, now: datetime) -> bool:
        """Looks up what is due at the platforms at which there was a slot."""
        busy = ", ".join(map(str, sorted(self._busy)))
        only = f"head.connection_id NOT IN ({busy}) AND" if busy else ""
        with _database().cursor() as cursor:
            cursor.execute(HEADS.format(only=only, limit=LOOKED_UP), _times(now))
            self._heads = list(cursor.fetchall())
        return bool(self._heads)


def claim(now: datetime) -> Claimed | None:
    """As `Heads.claim`, for a single one."""
    return next(iter(Heads().claim(now)), None)


def give_back(unsent: Sequence[Claimed], now: datetime) -> None:
    """Lets others send at once what was claimed and not begun; no attempt was made."""
    for claimed in unsent:
        Attempt.objects.filter(notification=claimed.notification, number=claimed.lease).delete()
    _return(unsent, now)


def _return(unsent: Sequence[Claimed], now: datetime) -> None:
    for claimed in unsent:
        mine = Notification.objects.filter(pk=claimed.notification, lease=claimed.lease)
        mine.update(next_attempt_at=now, attempts_made=F("attempts_made") - 1)


def _take(tried: list[int], most: int, now: datetime) -> list[Claimed]:
    """The first of them that are still to be had."""
    began = monotonic()
    lock = " FOR UPDATE OF head SKIP LOCKED" if _database().features.has_select_for_update_skip_locked else ""
    only = f"head.id IN ({', '.join(map(str, tried))}) AND"
    with _database().cursor() as cursor:
        cursor.execute(CLAIM.format(heads=HEADS.format(only=only, limit=f"{most}{lock}")), _times(now))
        rows = sorted(cursor.fetchall(), key=lambda row: tried.index(row[0]))
    return [
        Claimed(pk, platform, queue, kind, code, _plain(text), lease, made, failed, down is not None, now, began)
        for pk, platform, queue, kind, code, text, lease, made, failed, down in rows
    ]


def _plain(token: str) -> str:
    return decrypt(token.encode()).decode()


def _database() -> BaseDatabaseWrapper:
    return connections["default"]


def _times(now: datetime) -> dict[str, Any]:
    adapt = _database().ops.adapt_datetimefield_value
    return {"now": adapt(now), "until": adapt(now + settings.DELIVERY_LEASE)}


def _take_probe(connection: int, now: datetime) -> bool:
    """To a platform that is down one message at a time may leave: the one whose update counts is the probe."""
    health = PlatformHealth.objects.filter(connection=connection, probe_at__lte=now)
    return health.update(probe_at=now + settings.DELIVERY_LEASE) == 1
