"""A calendar that is set by hand, and the lines of the book as one reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from guarantees.models import Application, Movement
from staff import clock

FIRST = date(2026, 11, 2)
#: Kind, measure, CNY in fen, how many, and how many days after the first it counts from.
Line = tuple[str, str, int, int, int]


class Calendar:
    """Each day begins at nine in China; `day(3)` is the third after the first."""

    def __init__(self) -> None:
        self.day(0)

    def day(self, number: int) -> None:
        # By so much each reading is later, as moments are.
        self.moment = datetime.combine(FIRST + timedelta(days=number), time(1), UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


@contextmanager
def calendar() -> Iterator[Calendar]:
    days = Calendar()
    with clock.running(days):
        yield days


def written(case: Application | None = None, after: int = 0) -> list[Line]:
    """All lines behind that key, of one application or of all."""
    lines = Movement.objects.filter(pk__gt=after)
    if case:
        lines = lines.filter(application=case)
    return [(one.kind, one.measure, one.fen, one.count, (one.counts_on - FIRST).days) for one in lines.order_by("id")]


def last() -> int:
    """The key of the last line."""
    return Movement.objects.order_by("id").values_list("pk", flat=True).last() or 0
