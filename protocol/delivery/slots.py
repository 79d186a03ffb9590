"""How many speak to one platform at once: each sender takes a slot first, whichever process it is in.

A slow platform has one slot, the others `DELIVERY_AT_ONCE`. Two senders are reserved: platforms known to be slow
never hold the others together, and no platform gets a second slot when that would leave fewer. So what waits for a
quick one leaves, however many are slow. A slot is taken by an update that counts, and is free again after the lease if
its holder died.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connections
from django.db.models import Q

from protocol.models import PlatformHealth, SendingSlot

#: Senders that slow platforms never hold together.
RESERVED = 2
#: Any number, the same in every process, that nothing else of this database locks.
LOCK = 7_350_105
_worker: Any = None


class Taken(NamedTuple):
    slot: int
    taken_at: datetime


def take(connection: int, now: datetime) -> Taken | None:
    """A slot at the platform, or None where as many speak to it as should."""
    _one_after_the_other()
    slots = list(SendingSlot.objects.filter(connection=connection))
    if len(slots) < settings.DELIVERY_AT_ONCE:
        numbers = range(1, settings.DELIVERY_AT_ONCE + 1)
        new = [SendingSlot(connection_id=connection, number=number) for number in numbers]
        SendingSlot.objects.bulk_create(new, ignore_conflicts=True)
        slots = list(SendingSlot.objects.filter(connection=connection))
    held = list(SendingSlot.objects.filter(until__gt=now))
    here = [slot for slot in held if slot.connection_id == connection]
    if any(_keeps_waiting(slot, now) for slot in here):
        return None  # it keeps one waiting: no other joins
    slow_ones = set(PlatformHealth.objects.filter(slow=True).values_list("connection", flat=True))
    slow = connection in slow_ones
    if slow:
        slow_ones.update(slot.connection_id for slot in held if _keeps_waiting(slot, now))
        if sum(slot.connection_id in slow_ones for slot in held) >= _most_together():
            return None
    elif here and len(held) >= _most_together():
        return None
    for number in range(1, 2 if slow else settings.DELIVERY_AT_ONCE + 1):
        own = SendingSlot.objects.filter(connection=connection, number=number)
        if own.filter(Q(until=None) | Q(until__lte=now)).update(taken_at=now, until=now + settings.DELIVERY_LEASE):
            return Taken(own.values_list("pk", flat=True).get(), now)
    return None


def senders() -> int:
    """How many can send at once: as DELIVERY_SENDERS says, else the processes of this Celery worker; so many workers
    have more, and reserve more than they need to."""
    if _worker is None:
        return settings.DELIVERY_SENDERS
    return settings.DELIVERY_SENDERS_IN_ALL or int(_worker.concurrency)


def sends_for(worker: Any) -> None:
    """Told by the Celery worker to whose pool this process belongs."""
    global _worker
    _worker = worker


def _most_together() -> int:
    return max(1, senders() - (RESERVED if senders() > 3 else 1))


def _keeps_waiting(slot: SendingSlot, now: datetime) -> bool:
    return slot.taken_at is not None and slot.taken_at < now - settings.DELIVERY_SLOW


def _one_after_the_other() -> None:
    """Until the claim is committed nobody else counts: two would not see each other. SQLite has one writer anyway."""
    database = connections["default"]
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def leave(taken: Taken) -> None:
    """Frees a slot, unless it was thought dead and taken by another meanwhile."""
    SendingSlot.objects.filter(pk=taken.slot, taken_at=taken.taken_at).update(until=None)
