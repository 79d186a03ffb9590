"""The home page: what waits for this person, and what waits for others."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from config.roles import ROOMS
from staff.home import Counter
from staff.models import User


def counters() -> list[Counter]:
    """What every room counts, in the order of the rooms, the business first."""
    rooms = [room for room in reversed(ROOMS) if find_spec(f"{room}.home")]
    return [counter for room in rooms for counter in getattr(import_module(f"{room}.home"), "COUNTERS", [])]


def home(person: User) -> dict[str, Any]:
    """The numbers this person may see: those that are theirs to work on, and the others."""
    shown = [counter for counter in counters() if counter.shown_to(person)]
    return {
        "mine": [_tile(counter) for counter in shown if counter.waits_for(person)],
        "others": [_tile(counter) for counter in shown if not counter.waits_for(person)],
    }


def _tile(counter: Counter) -> dict[str, Any]:
    number = counter.rows().count()
    return {
        "label": counter.label,
        "url": counter.url,
        "number": number,
        "trouble": counter.alert and number > 0,
    }
