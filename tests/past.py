"""The demonstration's past on a small stage, for tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db.models import Model

from claims.models import Demand
from config.history import plan, play, shares
from config.history.cases import Key
from config.history.course import Course
from config.history.plan import Span
from guarantees.decisions import authority
from guarantees.issuing import institution as issuing
from guarantees.models import (
    Application,
    Cancellation,
    Correction,
    Guarantee,
    SupplementRequest,
    Withdrawal,
)
from staff import clock
from tests import institution as world

TODAY = date(2026, 6, 16)
SPAN = Span.ending(TODAY, 2)
#: From each kind of case to its order.
CASES: dict[type[Model], str] = {
    Application: "order",
    Guarantee: "application__order",
    Cancellation: "order",
    Withdrawal: "order",
    Demand: "order",
    SupplementRequest: "application__order",
    Correction: "application__order",
}


@contextmanager
def stage(institution: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An institution's empty house, in which letters are neither set nor signed, on a day that stands still."""
    institution.DEMONSTRATION = True
    monkeypatch.setattr("guarantees.issuing.institution.draw", world.plain_page)
    # Two people approve large sums, as by default and in no other test.
    monkeypatch.setattr(authority, "ALONE", replace(authority.ALONE, code="nobody changed it"))

    def unsigned(paper: Any, words: Any, *, mark: str = "", **_: Any) -> issuing.Letter:
        return issuing.Letter(issuing.draw(paper, words, mark=mark).content, words.reference)

    monkeypatch.setattr(issuing, "make", unsigned)
    monkeypatch.setattr(play, "periodic_work", list)  # what is due to the moment has its own steps
    with clock.running(lambda: clock.midnight(TODAY)):
        yield


def few(lives: Sequence[str]) -> list[Course]:
    """The first order of each of these lives."""
    found = {}
    for course in plan.courses(len(shares.LIVES), 1, SPAN):
        found.setdefault(course.life, course)
    return [found[life] for life in lives]


def states(key: Key) -> set[str]:
    """In which states its cases stand."""
    return {
        state
        for model, path in CASES.items()
        for state in model._default_manager.filter(
            **{f"{path}__number": key.number, f"{path}__connection__appid": key.appid}
        ).values_list("state", flat=True)
    }
