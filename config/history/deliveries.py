"""The delivery in the history: claims and records as ever, and asks no network what came of an attempt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Min

from config.history import habits
from protocol import envelope
from protocol.delivery.claiming import Claimed, Heads, give_back
from protocol.delivery.recording import Ended, Result, record
from protocol.errors import SUCCESS, TEXTS
from protocol.failures import Failure
from protocol.models import Connection, Notification, PlatformHealth
from protocol.models.outbox import NotificationState

WRONG = "203"
MOST = 32
#: From a decision to the attempt that tells of it.
SECONDS = timedelta(seconds=2)


@dataclass(frozen=True)
class Outage:
    """A platform cannot be reached."""

    connection: int
    begins: datetime
    ends: datetime


class Deliveries:
    """Sends what waits for the history's platforms; what comes of each attempt follows from the seed."""

    def __init__(self, seed: int, connections: Sequence[Connection], begins: datetime, ends: datetime) -> None:
        self._seed, self._awake = seed, True
        self._platforms = [connection.pk for connection in connections]
        self._outages = list(_outages(Random(f"{seed}/outages"), self._platforms, begins, ends))  # noqa: S311

    def wake(self) -> None:
        """Something may be to be sent: until then nobody looks, where nothing waited."""
        self._awake = True

    def turns(self, now: datetime, until: datetime) -> Iterator[datetime]:
        """The moments between two at which something is sent; whoever iterates sets the clock to each."""
        made = 1
        while self._awake and (following := self._next(now, idle=made == 0)) is not None and following < until:
            now = following
            yield now
            made = self._send_due(now)

    def _next(self, now: datetime, *, idle: bool) -> datetime | None:
        """When something is to be sent next: what is due a few seconds later, unless it was just found to wait for
        something else; then whatever becomes due next."""
        waiting = Notification.objects.filter(connection__in=self._platforms, state=NotificationState.WAITING)
        self._awake = waiting.exists()
        if not idle and waiting.filter(next_attempt_at__lte=now).exists():
            return now + SECONDS
        attempt = waiting.filter(next_attempt_at__gt=now).aggregate(first=Min("next_attempt_at"))["first"]
        down = PlatformHealth.objects.filter(connection__in=self._platforms, probe_at__gt=now)
        probe = down.aggregate(first=Min("probe_at"))["first"] if self._awake else None
        return min((moment + SECONDS for moment in (attempt, probe) if moment), default=None)

    def _send_due(self, now: datetime) -> int:
        """Every attempt that is due; how many were made."""
        heads, made = Heads(), 0
        with transaction.atomic():
            while held := heads.claim(now, MOST):
                ended = []
                for claimed in held:
                    ended.append(Ended(claimed, *self._attempt(claimed, now)))
                    if not ended[-1].result.reached:
                        break
                give_back(held[len(ended) :], now)
                record(ended)
                heads.leave()
                made += len(ended)
        return made

    def _attempt(self, claimed: Claimed, now: datetime) -> tuple[Result, int]:
        """What comes of it, and how many milliseconds that takes."""
        what = (claimed.queue, claimed.transcode, claimed.plaintext, claimed.attempts_made)
        chance = Random(f"{self._seed}/{what}")  # noqa: S311 (nothing here is secret)
        took = round(chance.lognormvariate(5.3, 0.5))
        if any(out.connection == claimed.connection and out.begins <= now < out.ends for out in self._outages):
            return Result(failure=Failure.TIMED_OUT, error="30"), 30_000
        drawn = chance.random()
        if drawn < habits.MESSAGE_WRONG and claimed.attempts_made == 1:
            return Result(WRONG, TEXTS[WRONG], 200, answer=envelope.answer(WRONG, TEXTS[WRONG])), took
        if drawn < habits.MESSAGE_WRONG + habits.ATTEMPT_FAILS:
            return Result(http_status=502, failure=Failure.HTTP, error="502"), took
        return Result(SUCCESS, TEXTS[SUCCESS], 200, answer=envelope.answer(SUCCESS, TEXTS[SUCCESS])), took


def _outages(chance: Random, platforms: Sequence[int], begins: datetime, ends: datetime) -> list[Outage]:
    """About twice a year a platform is away for some hours, none in the last days."""
    found = []
    for platform in platforms:
        moment = begins
        while (moment := moment + timedelta(days=chance.expovariate(1 / 180))) < ends - timedelta(days=7):
            found.append(Outage(platform, moment, moment + timedelta(hours=chance.uniform(0.5, 7))))
    return found
