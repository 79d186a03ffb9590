"""What working time is, as plain values: hours, special days, and clocks over them. It knows no database.

A working day is Monday to Friday without the State Council's holidays, and a make-up day on a weekend. Banks and the
payment system work on the same days, so a banking day is a working day. All moments are aware; days and hours are
China's. `staff.calendar` says which days are special.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from staff.clock import CHINA, day, end_of
from staff.looks import Text

ONE_DAY = timedelta(days=1)
FRIDAY = 4


@dataclass(frozen=True)
class Hours:
    """When people work on a working day: spans of China's time, in their order, none over midnight."""

    spans: tuple[tuple[time, time], ...]

    def on(self, on: date) -> Iterator[tuple[datetime, datetime]]:
        """The spans of that day, as moments."""
        for begins, ends in self.spans:
            yield datetime.combine(on, begins, CHINA), datetime.combine(on, ends, CHINA)

    @property
    def length(self) -> timedelta:
        """Of one working day."""
        return sum((ends - begins for begins, ends in self.on(date(2000, 1, 1))), timedelta())


#: 08:30 to 12:00 and 14:30 to 17:30, six hours and a half: a proposal of ours, no law's.
HOURS = Hours(((time(8, 30), time(12)), (time(14, 30), time(17, 30))))


@dataclass(frozen=True)
class Special:
    """A day that differs from its weekday: a holiday, or a make-up day on a weekend; and who says so."""

    working: bool
    name: Text
    source: Text


@dataclass(frozen=True)
class Deadline:
    """The end of a clock, an aware moment. `estimated`: it runs into a year whose holidays are not known yet, where
    only weekends count as off."""

    at: datetime
    estimated: bool

    @property
    def day(self) -> date:
        """In China."""
        return day(self.at)

    @property
    def text(self) -> str:
        """The moment, and whether it is estimated."""
        return marked(self.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"), self.estimated)

    @property
    def day_text(self) -> str:
        """The same by the day."""
        return marked(self.day.isoformat(), self.estimated)


def marked(text: str, estimated: bool) -> str:
    """Says of a date that it is estimated, where it is."""
    return _("%(time)s (estimated: only weekends count as off)") % {"time": text} if estimated else text


@dataclass(frozen=True)
class WorkingTime:
    """The calendar that clocks run by. `years` are those whose holidays are known; in all others only weekends are
    off. Because holidays that are not known yet count as working days, a clock over them ends earlier than it will,
    by their number; a make-up day among them is the only thing that could move it the other way."""

    special: Mapping[date, Special] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_working_day(self, on: date) -> bool:
        found = self.special.get(on)
        return found.working if found else on.weekday() <= FRIDAY

    def next_working_day(self, on: date) -> date:
        """The first working day after `on`."""
        return self._nearest(on + ONE_DAY, ONE_DAY)

    def last_working_day(self, on: date) -> date:
        """The last working day before `on`."""
        return self._nearest(on - ONE_DAY, -ONE_DAY)

    def days_on(self, on: date, number: int) -> date:
        """The `number`th working day after `on`, which itself does not count (民法典 201); `on` for 0. ValueError for
        less."""
        if number < 0:
            raise ValueError(f"A clock of {number} working days.")
        for _one in range(number):
            on = self.next_working_day(on)
        return on

    def days_before(self, on: date, number: int) -> date:
        """The `number`th working day before `on`; `on` for 0."""
        for _one in range(number):
            on = self.last_working_day(on)
        return on

    def days_between(self, first: date, last: date) -> int:
        """How many working days there are after `first` up to `last`, which counts; 0 where `last` is not later."""
        days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
        return sum(map(self.is_working_day, days))

    def after_days(self, start: date | datetime, number: int) -> Deadline:
        """The last second of the `number`th working day after the day, or the day of the moment."""
        first = day(start) if isinstance(start, datetime) else start
        last = self.days_on(first, number)
        return Deadline(end_of(last), self.is_estimated(first, last))

    def after_hours(self, start: datetime, hours: Decimal, by: Hours = HOURS) -> Deadline:
        """When so many working hours have passed since `start`: for 0, the first working moment from then on."""
        if hours < 0:
            raise ValueError(f"A clock of {hours} working hours.")
        left, today = timedelta(seconds=float(hours * 3600)), day(start)
        on = self._nearest(today, ONE_DAY)
        while True:
            for begins, ends in by.on(on):
                from_here = max(begins, start)
                if from_here < ends:
                    if left <= ends - from_here:
                        return Deadline((from_here + left).astimezone(CHINA), self.is_estimated(today, on))
                    left -= ends - from_here
            on = self.next_working_day(on)

    def hours_between(self, start: datetime, end: datetime, by: Hours = HOURS) -> timedelta:
        """The working time between two moments; none where `end` is not later."""
        passed, on, last = timedelta(), day(start), day(end)
        while on <= last:
            if self.is_working_day(on):
                spans = (min(ends, end) - max(begins, start) for begins, ends in by.on(on))
                passed += sum((span for span in spans if span > timedelta()), timedelta())
            on += ONE_DAY
        return passed

    def is_estimated(self, first: date, last: date) -> bool:
        """Whether a clock over these days runs through a year whose holidays are not known."""
        return any(year not in self.years for year in range(first.year, last.year + 1))

    def _nearest(self, on: date, step: timedelta) -> date:
        while not self.is_working_day(on):
            on += step
        return on
