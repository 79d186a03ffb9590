"""The working calendar of the house: which days are worked, and every clock that counts working days or hours.

Days are `date`s of China, moments aware `datetime`s; what comes out is in China's time. A year's special days are those
of its notice as entered and confirmed here; without them those of the package chinesecalendar, which ends with the year
of its release; without these either, only weekends are off, and a Deadline says that it is estimated.

Banks work on the same days: a banking day is a working day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache as kept

from chinese_calendar import constants
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staff import clock
from staff.holiday_notice import NoticeDay
from staff.models import CalendarDay, CalendarYear, User
from staff.working_time import HOURS, Deadline, Hours, Special, WorkingTime

TABLE = _("kept table (chinesecalendar)")
#: From this day of a year on, managers are asked for the next year's notice: it comes in the last weeks of autumn.
ASKED_FROM = (11, 1)
#: Whoever reads a row that another process is just changing keeps it so many seconds at most.
KEPT_SECONDS = 60
_ROWS = "staff.calendar.confirmed"
_NAMES = {
    "new_years_day": _("New Year's Day"),
    "spring_festival": _("Spring Festival"),
    "tomb_sweeping_day": _("Tomb-Sweeping Day"),
    "labour_day": _("Labour Day"),
    "dragon_boat_festival": _("Dragon Boat Festival"),
    "national_day": _("National Day"),
    "mid_autumn_festival": _("Mid-Autumn Festival"),
    "anti_fascist_70th_day": _("70th anniversary of victory in the war"),
}

Rows = Mapping[int, Mapping[date, Special]]


# --- Reading ----------------------------------------------------------------------------------------------------------


def is_working_day(day: date) -> bool:
    return working_time().is_working_day(day)


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    return working_time().next_working_day(day)


def working_days_before(day: date, number: int) -> date:
    """The `number`th working day before `day`; `day` for 0."""
    return working_time().days_before(day, number)


def add_working_days(start: date | datetime, number: int) -> Deadline:
    """The last second (23:59:59) of the `number`th working day after the day, or the day of the moment, which itself
    does not count. ValueError below 0."""
    return working_time().after_days(start, number)


def working_days(first: date, last: date) -> int:
    """How many working days there are after `first` up to and with `last`; 0 where it is not later."""
    return working_time().days_between(first, last)


def add_working_hours(start: datetime, hours: Decimal, by: Hours = HOURS) -> Deadline:
    """When so many working hours have passed since `start`. ValueError below 0."""
    return working_time().after_hours(start, hours, by)


def working_hours(start: datetime, end: datetime, by: Hours = HOURS) -> timedelta:
    """The working time between two moments; none where `end` is not later."""
    return working_time().hours_between(start, end, by)


def is_known(year: int) -> bool:
    """Whether the holidays of that year are known."""
    return year in working_time().years


def days(year: int) -> Mapping[date, Special]:
    """The special days of a year's notice by which clocks run: confirmed rows, else the kept table; none where neither
    has it."""
    return _confirmed().get(year) or _table().get(year, {})


def working_time() -> WorkingTime:
    """All of it as one value, for whoever counts much at once."""
    return _joined(_confirmed())


def missing_year(now: datetime) -> int | None:
    """The year whose notice managers are asked for: this one, or from November on the next, where its holidays are not
    known."""
    today = clock.day(now)
    if not is_known(today.year):
        return today.year
    return today.year + 1 if (today.month, today.day) >= ASKED_FROM and not is_known(today.year + 1) else None


def _confirmed() -> Rows:
    """The confirmed rows by the notice's year, from the cache that processes share or that each has of its own."""
    rows: Rows | None = cache.get(_ROWS)
    if rows is None:
        found: dict[int, dict[date, Special]] = {}
        for row in CalendarDay.objects.confirmed().select_related("year"):
            found.setdefault(row.year.year, {})[row.day] = Special(row.working, row.name, row.source)
        cache.set(_ROWS, found, KEPT_SECONDS)
        rows = found
    return rows


def _joined(rows: Rows) -> WorkingTime:
    """The confirmed rows over the table; the notice of a later year tells more of its December before."""
    if not rows:
        return _of_table()
    years = {**_table(), **rows}
    special = {day: one for year in sorted(years) for day, one in years[year].items()}
    return WorkingTime(special, frozenset(years))


@kept
def _of_table() -> WorkingTime:
    table = _table()
    return WorkingTime({day: one for days in table.values() for day, one in days.items()}, frozenset(table))


@kept
def _table() -> Rows:
    """What the package knows, by the notice's year."""
    found: dict[int, dict[date, Special]] = {}
    for given, working in ((constants.holidays, False), (constants.workdays, True)):
        for day, name in given.items():
            holiday = constants.Holiday(name).name
            year = day.year + (day.month == 12 and holiday == "new_years_day")
            found.setdefault(year, {})[day] = Special(working, _NAMES.get(holiday, name), TABLE)
    return found


# --- Writing ----------------------------------------------------------------------------------------------------------
# Called under the year's lock, in the transaction of the decision that records it.


def set_days(year: CalendarYear, days: Iterable[NoticeDay], source: str, person: User) -> list[CalendarDay]:
    """Writes the days of a notice down; clocks run by them once they are confirmed."""
    now = clock.now()
    return CalendarDay.objects.bulk_create(
        CalendarDay(
            year=year,
            day=one.day,
            working=one.working,
            name=one.name,
            source=source,
            entered_by=person,
            entered_at=now,
        )
        for one in days
    )


def confirm_days(year: CalendarYear, person: User) -> int:
    """Lets clocks run by what was entered for the year, in place of what was confirmed before; how many days."""
    for former in year.days.confirmed():
        former.replace()
        former.save()
    rows = _entered(year, person)
    for row in rows:
        row.confirm()
        row.save()
    transaction.on_commit(lambda: cache.delete(_ROWS), robust=True)
    return len(rows)


def return_days(year: CalendarYear, person: User) -> int:
    """What was entered for the year never counts; how many days."""
    rows = _entered(year, person)
    for row in rows:
        row.send_back()
        row.save()
    return len(rows)


def _entered(year: CalendarYear, person: User) -> list[CalendarDay]:
    """What is to be decided on, with whoever does."""
    rows = list(year.days.waiting())
    for row in rows:
        row.decided_by, row.decided_at = person, clock.now()
    return rows


def open_years() -> None:
    """A row for this year and the next one: what their notices are entered on."""
    this = clock.today().year
    for year in (this, this + 1):
        CalendarYear.objects.get_or_create(year=year)
