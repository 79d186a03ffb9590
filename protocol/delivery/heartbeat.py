"""Signs of life of whoever delivers, and who has not given any."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings

from protocol.models import Heartbeat, Part
from staff import clock

#: A part that gives no sign for so long is silent, or for three of its turns where they are longer.
SILENCE = timedelta(minutes=3)
EVERY = timedelta(seconds=10)


class SignsOfLife:
    """Those of one sender, however often it asks."""

    def __init__(self, part: str) -> None:
        self.part = part
        self._due = monotonic()

    def give(self) -> None:
        if monotonic() >= self._due:
            self._due = monotonic() + EVERY.total_seconds()
            beat(self.part, clock.now())


def beat(part: str, now: datetime) -> None:
    """`part` is at work; written at most every ten seconds."""
    fresh = Heartbeat.objects.filter(part=part, at__gt=now - EVERY)
    if not fresh.exists():
        Heartbeat.objects.update_or_create(part=part, defaults={"at": now})


def silent_parts(now: datetime) -> list[tuple[Part, datetime | None]]:
    """The parts not heard of for too long, and since when; a part never heard of is one of them."""
    silence = max(SILENCE, 3 * settings.DELIVERY_SWEEP, 3 * settings.DELIVERY_DEADLINE)
    heard = dict(Heartbeat.objects.values_list("part", "at"))
    return [(part, heard.get(part)) for part in Part if part not in heard or heard[part] < now - silence]
