"""All periodic work, collected from the rooms."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from staff.schedule import Periodic


def periodic_work() -> list[Periodic]:
    rooms = [room for room in settings.ROOMS if find_spec(f"{room}.schedule") and room != "staff"]
    return [work for room in rooms for work in import_module(f"{room}.schedule").PERIODIC]
