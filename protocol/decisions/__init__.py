"""What staff decide on notifications that stopped, and on alerts."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from protocol.decisions.alert import SettleAlert
from protocol.decisions.notification import SendAgain, SendNow, SettleNotification
from staff.decisions import Decision
from staff.models import User

ALL: list[Decision[Any]] = [SendAgain(), SendNow(), SettleNotification(), SettleAlert()]


def of(model: type[Model]) -> list[Decision[Any]]:
    """Every decision there is on such a case."""
    return [decision for decision in ALL if decision.model is model]


def available(case: Model, person: User) -> list[Decision[Any]]:
    """The decisions open to this person on this case now, in the order in which they are shown."""
    return [decision for decision in ALL if isinstance(case, decision.model) and decision.is_open_to(case, person)]
