"""Signs of life of whoever delivers, and who has not given any."""

from __future__ import annotations

from datetime import datetime, timedelta

from protocol.models import Heartbeat

#: A part that gives no sign for so long is silent; the clock ticks every ten seconds.
SILENCE = timedelta(minutes=3)
PARTS = ("worker", "clock")


def beat(part: str, now: datetime) -> None:
    """`part` is at work; written at most every ten seconds."""
    fresh = Heartbeat.objects.filter(part=part, at__gt=now - timedelta(seconds=10))
    if not fresh.exists():
        Heartbeat.objects.update_or_create(part=part, defaults={"at": now})


def silent_parts(now: datetime) -> list[tuple[str, datetime | None]]:
    """The parts not heard of for too long, and since when; a part never heard of is one of them."""
    heard = dict(Heartbeat.objects.values_list("part", "at"))
    return [(part, heard.get(part)) for part in PARTS if part not in heard or heard[part] < now - SILENCE]
