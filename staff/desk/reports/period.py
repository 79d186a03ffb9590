"""From which day to which a report counts, and with which days it is compared. Days are China's, both included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.clock import end_of_month, shifted


class Named(TextChoices):
    """The periods that have a name; where they lie follows from today."""

    THIS_MONTH = "this_month", gettext_lazy("this month")
    LAST_MONTH = "last_month", gettext_lazy("last month")
    THIS_QUARTER = "this_quarter", gettext_lazy("this quarter")
    LAST_QUARTER = "last_quarter", gettext_lazy("last quarter")
    THIS_YEAR = "this_year", gettext_lazy("this year")
    LAST_YEAR = "last_year", gettext_lazy("last year")
    FREE = "free", gettext_lazy("from … to …")


class Comparison(TextChoices):
    """With what the figures of a period are compared."""

    BEFORE = "before", gettext_lazy("the period before")
    LAST_YEAR = "last_year", gettext_lazy("the same period last year")


#: How many months a named period has once it is over.
MONTHS = {
    Named.THIS_MONTH: 1,
    Named.LAST_MONTH: 1,
    Named.THIS_QUARTER: 3,
    Named.LAST_QUARTER: 3,
    Named.THIS_YEAR: 12,
    Named.LAST_YEAR: 12,
}


@dataclass(frozen=True)
class Period:
    """`first` is not after `last`: ValueError otherwise. `step` is by how many months the one before lies earlier,
    where that does not follow from the days: a year that still runs is compared with as much of the year before."""

    first: date
    last: date
    step: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("It ends before it begins.")

    def __str__(self) -> str:
        """ "2026年11月", "2026年第4季度", "2026年", "2026年11月1日至2026年11月27日"."""
        month, year = self.first.month, self.first.year
        if self.is_months and self.months_long == 1:
            return _("%(month)d/%(year)d") % {"year": year, "month": month}
        if self.is_months and self.months_long == 3 and month % 3 == 1:
            return _("quarter %(quarter)d of %(year)d") % {"year": year, "quarter": (month + 2) // 3}
        if self.is_months and self.months_long == 12 and month == 1:
            return _("the year %(year)d") % {"year": year}
        if self.first == self.last:
            return day_text(self.first)
        return _("%(first)s to %(last)s") % {"first": day_text(self.first), "last": day_text(self.last)}

    @classmethod
    def named(cls, name: Named, today: date) -> Period:
        """One of those that have a name, as it lies on that day: what runs still ends today."""
        if name not in MONTHS:
            raise ValueError(f"{name} has no days of its own.")
        length = MONTHS[name]
        begins = _begin(today, length)
        if name in (Named.THIS_MONTH, Named.THIS_QUARTER, Named.THIS_YEAR):
            return cls(begins, today, length)
        return cls(shifted(begins, -length), begins - timedelta(days=1), length)

    @classmethod
    def between(cls, first: date, last: date, name: Named | None = None) -> Period:
        """From a day to another, as people mean it: a month, a quarter or a year that begins with the first day, over
        or still running, is compared with the one before. `name` tells which where several begin with it."""
        steps = [MONTHS[name], 1, 3, 12] if name in MONTHS else [1, 3, 12]
        fitting = (step for step in steps if first == _begin(first, step) and last < shifted(first, step))
        return cls(first, last, next(fitting, None))

    @property
    def is_months(self) -> bool:
        """Whether it is made of whole months."""
        return self.first.day == 1 and self.last == end_of_month(self.last)

    @property
    def months_long(self) -> int:
        """In how many calendar months it has days."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def days_long(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """The one before (上期): of a month, a quarter or a year, over or still running, the same of the one before; of
        other whole months as many months; else as many days.

        So 1 to 12 November is compared with 1 to 12 October, February with January, and a year up to today with the
        year before up to the same day.
        """
        if self.step or self.is_months:
            return self._shifted(-(self.step or self.months_long))
        return Period(self.first - timedelta(days=self.days_long), self.first - timedelta(days=1))

    def same_last_year(self) -> Period:
        """The same days of the year before (去年同期)."""
        return self._shifted(-12)

    def compared(self, comparison: Comparison) -> Period:
        return self.before() if comparison is Comparison.BEFORE else self.same_last_year()

    def name(self, today: date) -> Named | None:
        """By what name people ask for it on that day."""
        return next((name for name in MONTHS if Period.named(name, today) == self and MONTHS[name] == self.step), None)

    def _shifted(self, months: int) -> Period:
        last = shifted(self.last, months)
        return Period(shifted(self.first, months), end_of_month(last) if self.is_months else last, self.step)

    def months(self) -> Iterator[Period]:
        """Its calendar months, the first and the last perhaps not whole."""
        begins = self.first
        while begins <= self.last:
            ends = min(end_of_month(begins), self.last)
            yield Period(begins, ends)
            begins = ends + timedelta(days=1)


def day_text(day: date) -> str:
    """ "2026年11月27日"."""
    return _("%(year)d/%(month)d/%(day)d") % {"year": day.year, "month": day.month, "day": day.day}


def _begin(day: date, months: int) -> date:
    """The first day of the month, quarter or year in which a day lies."""
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def months_until(day: date, number: int) -> list[Period]:
    """So many calendar months, the last one that of the day, up to it."""
    first = shifted(day.replace(day=1), 1 - number)
    return list(Period(first, day).months())
