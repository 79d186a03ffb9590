"""Twelve months of a year as a page shows them: what each day is, in words too, and who says so."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.desk.page import Section
from staff.looks import Text
from staff.working_time import FRIDAY, ONE_DAY, Special

WEEKDAYS = (
    gettext_lazy("Mo"),
    gettext_lazy("Tu"),
    gettext_lazy("We"),
    gettext_lazy("Th"),
    gettext_lazy("Fr"),
    gettext_lazy("Sa"),
    gettext_lazy("Su"),
)


@dataclass(frozen=True)
class PictureDay:
    """`look` is how the CSS knows it: working, weekend, off or made-up; `sign` says the same without colour."""

    number: int
    look: str
    sign: Text
    title: str


@dataclass(frozen=True)
class PictureMonth:
    """Weeks from Monday; None where a day is another month's."""

    name: str
    weeks: list[list[PictureDay | None]]


@dataclass(frozen=True)
class Stretch:
    """Days that follow each other and are of one kind: what a notice says in one sentence."""

    days: str
    kind: Text
    name: Text
    source: Text


def picture(year: int, special: Mapping[date, Special], title: Text, note: Text = "") -> Section:
    """A section with the months and the list of stretches. Days of other years stand in the list alone."""
    months = [
        PictureMonth(_month(year, month), [[_day(day, special) for day in week] for week in _weeks(year, month)])
        for month in range(1, 13)
    ]
    content = {"months": months, "weekdays": WEEKDAYS, "stretches": list(_stretches(special))}
    return Section(title, note=note, template="desk/months.html", content=content)


def _month(year: int, month: int) -> str:
    return _("%(month)d/%(year)d") % {"year": year, "month": month}


def _weeks(year: int, month: int) -> Iterator[list[date | None]]:
    for week in Calendar().monthdatescalendar(year, month):
        yield [day if day.month == month else None for day in week]


def _day(day: date | None, special: Mapping[date, Special]) -> PictureDay | None:
    if day is None:
        return None
    if one := special.get(day):
        look, sign = ("made-up", _("work")) if one.working else ("off", _("off"))
        return PictureDay(day.day, look, sign, f"{day.isoformat()} {_kind(one)}：{one.name}（{one.source}）")
    look = "working" if day.weekday() <= FRIDAY else "weekend"
    return PictureDay(day.day, look, "", "")


def _kind(one: Special) -> str:
    return _("make-up working day") if one.working else _("day off")


def _stretches(special: Mapping[date, Special]) -> Iterator[Stretch]:
    days = sorted(special)
    for _number, group in groupby(enumerate(days), key=lambda pair: (pair[1] - pair[0] * ONE_DAY, special[pair[1]])):
        run = [day for _place, day in group]
        one = special[run[0]]
        shown = run[0].isoformat() if len(run) == 1 else f"{run[0].isoformat()} – {run[-1].isoformat()}"
        yield Stretch(shown, _kind(one), one.name, one.source)
