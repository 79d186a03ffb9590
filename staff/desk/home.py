"""The home page: what waits for this person, what waits for others, and how things stand."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings

from staff import clock
from staff.home import Counter, Notice
from staff.models import User


def counters() -> list[Counter]:
    """What every room counts, in the order of the rooms, the business first."""
    return _told("COUNTERS")


def notices() -> list[Notice]:
    """How every room says that things stand."""
    return _told("NOTICES")


def home(person: User) -> dict[str, Any]:
    """The numbers this person may see: those that are theirs to work on, and the others; then what is amiss, and
    what is well."""
    shown = [counter for counter in counters() if counter.shown_to(person)]
    now = clock.now()
    flags = [flag for notice in notices() if notice.shown_to(person) and (flag := notice.flag(now))]
    return {
        "mine": [_tile(counter) for counter in shown if counter.waits_for(person)],
        "others": [_tile(counter) for counter in shown if not counter.waits_for(person)],
        "flags": [flag for flag in flags if not flag.is_quiet],
        "remarks": [flag.text for flag in flags if flag.is_quiet],
    }


def _told(name: str) -> list[Any]:
    rooms = [room for room in reversed(settings.ROOMS) if find_spec(f"{room}.home")]
    return [told for room in rooms for told in getattr(import_module(f"{room}.home"), name, [])]


def _tile(counter: Counter) -> dict[str, Any]:
    number = counter.rows().count()
    return {
        "label": counter.label,
        "url": counter.url,
        "number": number,
        "trouble": counter.alert and number > 0,
    }
