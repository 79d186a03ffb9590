"""The home page: what waits for this person, what waits for others, and how things stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.urls import reverse

from staff import clock
from staff.accounts import roles_that_may
from staff.desk.dashboard import dashboard
from staff.desk.filters import ChoiceFilter
from staff.desk.page import Flag, Text
from staff.desk.reports.own_files import own_files_flag
from staff.models import User
from staff.offered import Offered
from staff.roles import Role
from staff.units import within


@dataclass(frozen=True)
class Counter:
    """One number, which opens the list that it counts.

    It counts the rows of `model` whose columns have the values of `filters` (None: are empty) and which `choice`
    leaves, a filter of the list with the value chosen in it; the list's address says the same. Whoever holds
    `permission` sees the number; for whoever holds `duty` it is work that waits for them. An `alert` is shown as
    trouble unless it is zero; `unless_zero` leaves it out then. What is `on_data` waits for a second person as a change
    request does, and is confirmed on a page of its own, to which the list of those leads.
    """

    label: Text
    model: type[Model]
    permission: str
    filters: Mapping[str, Any] = field(default_factory=dict)
    choice: tuple[type[ChoiceFilter], str] | None = None
    duty: str = ""
    alert: bool = False
    unless_zero: bool = False
    on_data: bool = False

    def rows(self, person: User) -> QuerySet[Any]:
        """What it counts for this person."""
        found = within(self.model._default_manager.filter(**self.filters), person)
        if self.choice:
            listed_by, value = self.choice
            return listed_by.chosen(value, found)
        return found

    @property
    def query(self) -> dict[str, str]:
        """The same as the list's address says it."""
        asked = {
            f"{name}__isempty" if value is None else f"{name}__exact": "1" if value is None else str(value)
            for name, value in self.filters.items()
        }
        if self.choice:
            listed_by, value = self.choice
            asked[str(listed_by.parameter_name)] = value
        return asked

    @property
    def page(self) -> str:
        """The URL name of the list."""
        return f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist"

    @property
    def address(self) -> str:
        """What tells it from every other number."""
        return f"{self.page}?{urlencode(self.query)}"

    @property
    def url(self) -> str:
        return reverse(self.page) + (f"?{urlencode(self.query)}" if self.query else "")

    def shown_to(self, person: User) -> bool:
        return person.has_perm(self.permission)

    def waits_for(self, person: User) -> bool:
        return bool(self.duty) and person.has_perm(self.duty)

    def holds(self, case: Model) -> bool:
        """Whether it counts this one, which may have changed in memory since."""
        if self.choice or not isinstance(case, self.model):
            return False
        return all(getattr(case, name) == value for name, value in self.filters.items())


@dataclass(frozen=True)
class Notice:
    """How something stands on which everybody's work depends; whoever holds one of the permissions is told.
    None: there is nothing to say."""

    flag: Callable[[datetime], Flag | None]
    permissions: tuple[str, ...]

    def shown_to(self, person: User) -> bool:
        return any(person.has_perm(permission) for permission in self.permissions)


COUNTERS: Offered[Counter] = Offered("COUNTERS", Counter, known_by=lambda counter: counter.address)
NOTICES: Offered[Notice] = Offered("NOTICES", Notice, known_by=lambda notice: notice.flag.__name__)


def home(person: User) -> dict[str, Any]:
    """The dashboard of whoever sees reports; the numbers this person may see: those that are theirs to work on, and
    the others; then what is amiss, and what is well."""
    shown = [counter for counter in COUNTERS.from_the_highest_room() if counter.shown_to(person)]
    now = clock.now()
    notices = [notice for notice in NOTICES.from_the_highest_room() if notice.shown_to(person)]
    flags = [flag for notice in notices if (flag := notice.flag(now))]
    if own := own_files_flag(person):
        flags.insert(0, own)
    return {
        "figures": dashboard(person, now),
        "mine": _tiles([counter for counter in shown if counter.waits_for(person)], person),
        "others": _tiles([counter for counter in shown if not counter.waits_for(person)], person),
        "flags": [flag for flag in flags if not flag.is_quiet],
        "remarks": [flag.text for flag in flags if flag.is_quiet],
    }


def is_turn_of(person: User, case: Model) -> bool:
    """Whether a number that counts the case counts it as this person's work."""
    return any(counter.waits_for(person) for counter in _counting(case))


def others_turn(case: Model, person: User) -> list[Role]:
    """Whose work the case is now, by the numbers that count it; empty where it is nobody's, or this person's too."""
    return [] if is_turn_of(person, case) else roles_that_may({counter.duty for counter in _counting(case)})


def _counting(case: Model) -> list[Counter]:
    return [counter for counter in COUNTERS if counter.duty and counter.holds(case)]


def _tiles(counters: list[Counter], person: User) -> list[dict[str, Any]]:
    tiles = [(counter, _tile(counter, person)) for counter in counters]
    return [tile for counter, tile in tiles if tile["number"] or not counter.unless_zero]


def _tile(counter: Counter, person: User) -> dict[str, Any]:
    number = counter.rows(person).count()
    return {
        "label": counter.label,
        "url": counter.url,
        "number": number,
        "trouble": counter.alert and number > 0,
    }
