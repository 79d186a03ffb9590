"""The periodic work of this room."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from guarantees.ending import effect_due, expire_due
from staff.schedule import Periodic


def end_guarantees() -> None:
    """Cancellations before expiry: one whose time lies beyond the guarantee's end ends it as cancelled."""
    now = timezone.now()
    effect_due(now)
    expire_due(now)


PERIODIC = [Periodic("guarantees.end_guarantees", timedelta(minutes=1), end_guarantees)]
