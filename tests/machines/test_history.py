"""Each life of the demonstration's past, played through production's decisions, leaves its cases as it says."""

from __future__ import annotations

from typing import Any

import pytest

from config.history import shares
from config.history.play import History
from guarantees.models import Order
from staff.audit import broken_links
from tests import past


def test_every_life_comes_to_its_end(db: None, institution: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(History, "_deliver", lambda *_: None)  # its own test tries it on a few
    courses = past.few([life.name for life in shares.LIVES])
    with past.stage(institution, monkeypatch):
        history = History(past.SPAN, courses, 1, "")
        history.play(past.SPAN.begins, lambda _day: None)
    assert history.refused == []
    for life, course in zip(shares.LIVES, courses, strict=True):
        stand = past.states(course.key)
        assert {end.value for end in life.ends} <= stand, f"{life.name} {course.key.number}: {stand}"
    for order in Order.objects.all():
        assert list(broken_links(order.audit_chain)) == []
