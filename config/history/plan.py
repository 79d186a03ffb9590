"""Draws from a seed which orders come when and how each goes: the same seed and the same end, the same plan."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from config.history import habits, parties, platforms
from config.history.cases import Key
from config.history.course import Course, moment
from config.history.shares import Life, quotas
from staff import calendar
from staff.clock import CHINA, day, midnight

ONE_DAY = timedelta(days=1)
LEAST_YEARS = 2


@dataclass(frozen=True)
class Span:
    """A history's time: from a midnight on, when it is agreed with the platforms, until a later one."""

    begins: datetime
    until: datetime

    @classmethod
    def ending(cls, day: date, years: int) -> Span:
        """Until that day begins."""
        return cls(midnight(day - timedelta(days=365 * years)), midnight(day))

    @classmethod
    def beginning(cls, day: date, years: int) -> Span:
        return cls.ending(day + timedelta(days=365 * years), years)


@dataclass(frozen=True)
class Arrival:
    at: datetime
    life: Life
    place: int
    """Among the orders of its life: the first, 0, is the one that gets to its end."""


def courses(orders: int, seed: int, span: Span) -> list[Course]:
    """Each order's course, in the order of their arrival. ValueError for so few orders or years that not every way in
    which an order goes has one."""
    if span.until - span.begins < timedelta(days=365 * LEAST_YEARS):
        raise ValueError(f"At least {LEAST_YEARS} years are needed: orders take so long.")
    everybody = parties.Parties.invent(_chance(seed, "parties"), orders, span.begins.date())
    found = []
    for index, arrival in enumerate(sorted(_arrivals(orders, seed, span), key=lambda one: one.at)):
        chance = _chance(seed, f"{arrival.life.name}/{arrival.place}")
        quick = arrival.place == 0 or arrival.life.open
        months = min(habits.TERMS) if quick else parties.weighted(chance, habits.TERMS)
        contract = months if arrival.life.outlasts else months - chance.choice((1, 2, 3, 3))
        on = arrival.at.astimezone(CHINA)
        key = Key(parties.weighted(chance, platforms.WEIGHTS), f"SQ{on:%Y%m%d}{index + 1:06}")
        fields = parties.application(chance, everybody, on.date(), months, contract, arrival.life.award)
        course = Course(index, key, arrival.at, span.until, fields, chance, quick, arrival.life.name)
        arrival.life.go(course)
        found.append(course)
    return found


def _arrivals(orders: int, seed: int, span: Span) -> Iterator[Arrival]:
    density = _Density(span)
    for life, number in quotas(orders).items():
        chance = _chance(seed, f"{life.name}/arrivals")
        for place in range(number):
            if life.open:
                at = span.until - life.age * (1 + place / 10)
                yield Arrival(moment(day(at), chance) if life.age > ONE_DAY else at, life, place)
                continue
            latest = span.until - (ONE_DAY if place else max(life.age, ONE_DAY))
            yield Arrival(moment(density.draw(chance, latest), chance), life, place)


class _Density:
    """How many applications come on which day, and draws a day by it."""

    def __init__(self, span: Span) -> None:
        first = span.begins.astimezone(CHINA).date() + ONE_DAY
        number = (span.until.astimezone(CHINA).date() - first).days
        self._days = [first + timedelta(days=one) for one in range(number)]
        self._sums = list(accumulate(self._weight(day, first) for day in self._days))

    def draw(self, chance: Random, latest: datetime) -> date:
        most = bisect(self._days, latest.astimezone(CHINA).date()) - 1
        return self._days[bisect(self._sums, chance.uniform(0, self._sums[most]), 0, most)]

    @staticmethod
    def _weight(day: date, first: date) -> float:
        usual: float = habits.SEASON[day.month - 1] * habits.GROWTH ** ((day - first).days / 365)
        return usual if calendar.is_working_day(day) else usual * habits.ON_DAYS_OFF


def _chance(seed: int, what: str) -> Random:
    return Random(f"{seed}/{what}")  # noqa: S311 (nothing here is secret)
