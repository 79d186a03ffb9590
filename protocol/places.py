"""How many speak to one platform at once: each sender takes a place first, whichever process it is in.

A slow platform has one place, the others `DELIVERY_AT_ONCE`: so none ever holds all senders, and what waits for the
others leaves. A place is taken by an update that counts, and is free again after the lease if its holder died.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q

from protocol.models import Line, Place


class Taken(NamedTuple):
    place: int
    taken_at: datetime


def take(connection: int, now: datetime) -> Taken | None:
    """A place at the platform, or None where as many speak to it as should."""
    places = list(Place.objects.filter(connection=connection))
    if len(places) < settings.DELIVERY_AT_ONCE:
        numbers = range(1, settings.DELIVERY_AT_ONCE + 1)
        new = [Place(connection_id=connection, number=number) for number in numbers]
        Place.objects.bulk_create(new, ignore_conflicts=True)
        places = list(Place.objects.filter(connection=connection))
    held = [place for place in places if place.until is not None and place.until > now]
    if any(place.taken_at is not None and place.taken_at < now - settings.DELIVERY_SLOW for place in held):
        return None  # it keeps one waiting: no other joins
    slow = Line.objects.filter(connection=connection, slow=True).exists()
    for number in range(1, 2 if slow else settings.DELIVERY_AT_ONCE + 1):
        free = Place.objects.filter(Q(until=None) | Q(until__lte=now), connection=connection, number=number)
        if free.update(taken_at=now, until=now + settings.DELIVERY_LEASE):
            return Taken(Place.objects.values_list("pk", flat=True).get(connection=connection, number=number), now)
    return None


def leave(taken: Taken) -> None:
    """Frees a place, unless it was thought dead and taken by another meanwhile."""
    Place.objects.filter(pk=taken.place, taken_at=taken.taken_at).update(until=None)
