"""What time it is, and which day in China: the one clock of the house. No Django.

Everything asks here, so that a test, a history or the demonstration can set the time (`running`); ruff refuses other
clocks. What is measured (a deadline, a duration) is measured with `time.monotonic` and not with this.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

#: China Standard Time: the time of the platform, of letters and of the desk.
CHINA = ZoneInfo("Asia/Shanghai")
#: A year outside these is a typing error; years near 1 and 9999 also break time zones and terms (decisions F4).
PLAUSIBLE_YEARS = range(1990, 2151)


def system() -> datetime:
    """What the machine says."""
    return datetime.now(UTC)  # noqa: TID251 (this is the place)


_source: Callable[[], datetime] = system


def now() -> datetime:
    """The present moment, aware, in UTC, wherever the source tells it: the trail's digests hold it as it is written."""
    return _source().astimezone(UTC)


def day(moment: datetime) -> date:
    """The day that it is in China at `moment`, which is aware."""
    return moment.astimezone(CHINA).date()


def today() -> date:
    """The day that it is in China now."""
    return day(now())


def midnight(day: date) -> datetime:
    """The moment at which a day begins in China."""
    return datetime.combine(day, time.min, CHINA)


def end_of(day: date) -> datetime:
    """The last second of a day in China, as letters say 24 o'clock."""
    return datetime.combine(day, time(23, 59, 59), CHINA)


def end_of_month(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def shifted(day: date, months: int) -> date:
    """So many months later, or earlier; the last day of a shorter month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@contextmanager
def running(source: Callable[[], datetime]) -> Iterator[None]:
    """For this process, all its threads: the time is what `source` says."""
    global _source
    former, _source = _source, source
    try:
        yield
    finally:
        _source = former
