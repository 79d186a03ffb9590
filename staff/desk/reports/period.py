"""From which day to which a report counts, and with which days it is compared. Days are China's, both included."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Named(TextChoices):
    """The periods that have a name; where they lie follows from today."""

    THIS_MONTH = "this_month", gettext_lazy("this month")
    LAST_MONTH = "last_month", gettext_lazy("last month")
    THIS_QUARTER = "this_quarter", gettext_lazy("this quarter")
    LAST_QUARTER = "last_quarter", gettext_lazy("last quarter")
    THIS_YEAR = "this_year", gettext_lazy("this year")
    LAST_YEAR = "last_year", gettext_lazy("last year")
    FREE = "free", gettext_lazy("from … to …")


MONTHS = {Named.THIS_MONTH: 1, Named.LAST_MONTH: 1, Named.THIS_QUARTER: 3, Named.LAST_QUARTER: 3}


@dataclass(frozen=True)
class Period:
    """`first` is not after `last`: ValueError otherwise."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("It ends before it begins.")

    def __str__(self) -> str:
        if self.is_months and self.months_long == 1:
            return _("%(year)s-%(month)s") % {"year": self.first.year, "month": f"{self.first.month:02d}"}
        if self.is_months and self.months_long == 12 and self.first.month == 1:
            return _("the year %(year)d") % {"year": self.first.year}
        if self.first == self.last:
            return self.first.isoformat()
        return _("%(first)s to %(last)s") % {"first": self.first.isoformat(), "last": self.last.isoformat()}

    @classmethod
    def named(cls, name: Named, today: date) -> Period:
        """One of those that have a name, as it lies on that day: what runs still ends today."""
        length = MONTHS.get(name, 12)
        begins = date(today.year, (today.month - 1) // length * length + 1, 1)
        if name in (Named.THIS_MONTH, Named.THIS_QUARTER, Named.THIS_YEAR):
            return cls(begins, today)
        if name in (Named.LAST_MONTH, Named.LAST_QUARTER, Named.LAST_YEAR):
            return cls(shifted(begins, -length), begins - timedelta(days=1))
        raise ValueError(f"{name} has no days of its own.")

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
        """The one before: as many months, up to the same day of the month where it begins with one; else as many days.

        So 1 to 12 November is compared with 1 to 12 October, and February with January.
        """
        if self.first.day == 1:
            return self._shifted(-self.months_long)
        return Period(self.first - timedelta(days=self.days_long), self.first - timedelta(days=1))

    def same_last_year(self) -> Period:
        return self._shifted(-12)

    def _shifted(self, months: int) -> Period:
        last = shifted(self.last, months)
        return Period(shifted(self.first, months), end_of_month(last) if self.is_months else last)

    def months(self) -> Iterator[Period]:
        """Its calendar months, the first and the last perhaps not whole."""
        begins = self.first
        while begins <= self.last:
            ends = min(end_of_month(begins), self.last)
            yield Period(begins, ends)
            begins = ends + timedelta(days=1)


def end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def shifted(day: date, months: int) -> date:
    """So many months later, or earlier; the last day of a shorter month where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_until(day: date, number: int) -> list[Period]:
    """So many calendar months, the last one that of the day, up to it."""
    first = shifted(day.replace(day=1), 1 - number)
    return list(Period(first, day).months())
