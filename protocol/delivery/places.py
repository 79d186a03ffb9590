"""How many speak to one platform at once: each sender takes a place first, whichever process it is in.

A slow platform has one place, the others `DELIVERY_AT_ONCE`. Two senders are kept back: platforms known to be slow
never hold the others together, and no platform gets a second place when that would leave fewer. So what waits for a
quick one leaves, however many are slow. A place is taken by an update that counts, and is free again after the lease if
its holder died.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connections
from django.db.models import Q

from protocol.models import Line, Place

#: Senders that slow platforms never hold together.
KEPT_BACK = 2
#: Any number, the same in every process, that nothing else of this database locks.
LOCK = 7_350_105
_worker: Any = None


class Taken(NamedTuple):
    place: int
    taken_at: datetime


def take(connection: int, now: datetime) -> Taken | None:
    """A place at the platform, or None where as many speak to it as should."""
    _one_after_the_other()
    places = list(Place.objects.filter(connection=connection))
    if len(places) < settings.DELIVERY_AT_ONCE:
        numbers = range(1, settings.DELIVERY_AT_ONCE + 1)
        new = [Place(connection_id=connection, number=number) for number in numbers]
        Place.objects.bulk_create(new, ignore_conflicts=True)
        places = list(Place.objects.filter(connection=connection))
    held = list(Place.objects.filter(until__gt=now))
    here = [place for place in held if place.connection_id == connection]
    if any(_keeps_waiting(place, now) for place in here):
        return None  # it keeps one waiting: no other joins
    slow_ones = set(Line.objects.filter(slow=True).values_list("connection", flat=True))
    slow = connection in slow_ones
    if slow:
        slow_ones.update(place.connection_id for place in held if _keeps_waiting(place, now))
        if sum(place.connection_id in slow_ones for place in held) >= _most_together():
            return None
    elif here and len(held) >= _most_together():
        return None
    for number in range(1, 2 if slow else settings.DELIVERY_AT_ONCE + 1):
        free = Place.objects.filter(Q(until=None) | Q(until__lte=now), connection=connection, number=number)
        if free.update(taken_at=now, until=now + settings.DELIVERY_LEASE):
            return Taken(Place.objects.values_list("pk", flat=True).get(connection=connection, number=number), now)
    return None


def senders() -> int:
    """How many can send at once: as DELIVERY_SENDERS says, else the processes of this Celery worker; so many workers
    have more, and keep back more than they need to."""
    if _worker is None:
        return settings.DELIVERY_SENDERS
    return settings.DELIVERY_SENDERS_IN_ALL or int(_worker.concurrency)


def sends_for(worker: Any) -> None:
    """Told by the Celery worker to whose pool this process belongs."""
    global _worker
    _worker = worker


def _most_together() -> int:
    return max(1, senders() - (KEPT_BACK if senders() > 3 else 1))


def _keeps_waiting(place: Place, now: datetime) -> bool:
    return place.taken_at is not None and place.taken_at < now - settings.DELIVERY_SLOW


def _one_after_the_other() -> None:
    """Until the claim is committed nobody else counts: two would not see each other. SQLite has one writer anyway."""
    database = connections["default"]
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def leave(taken: Taken) -> None:
    """Frees a place, unless it was thought dead and taken by another meanwhile."""
    Place.objects.filter(pk=taken.place, taken_at=taken.taken_at).update(until=None)
