"""What was taken once is given again where all is the same, and taken anew where anything is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from staff.models import Unit
from staff.models.unit import HEAD_OFFICE
from tests import replay
from tests.institution import plain_page

pytestmark = pytest.mark.django_db
#: Elsewhere a database's numbers go on, and every step is taken.
GIVEN_AGAIN = connection.vendor == "sqlite"


def opened(code: str) -> int:
    return Unit.objects.create(code=code, name=code, parent=Unit.objects.get(pk=HEAD_OFFICE)).pk


def step(taken: list[str], code: str = "X1") -> int:
    def take() -> int:
        taken.append(code)
        transaction.on_commit(lambda: taken.append("committed"))
        return opened(code)

    def again(pk: int) -> int:
        return Unit.objects.get(pk=pk, code=code).pk

    return replay.taken(("opened", code), take, again)


def in_a_test(monkeypatch: pytest.MonkeyPatch, what: Any) -> Any:
    """`what`, in a transaction that is undone, as a test's is."""
    try:
        with transaction.atomic():
            replay.begin(monkeypatch)
            found = what()
            raise InterruptedError
    except InterruptedError:
        return found


def test_it_is_taken_once_and_given_again_with_its_rows_and_hooks(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    taken: list[str] = []
    first = in_a_test(monkeypatch, lambda: step(taken))
    assert not Unit.objects.filter(code="X1").exists()
    second = in_a_test(monkeypatch, lambda: step(taken))
    assert (second == first) is GIVEN_AGAIN
    replay.begin(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        step(taken)
    assert taken == [*["X1"] * (1 if GIVEN_AGAIN else 3), "committed"]


def test_it_is_taken_anew_after_anything_else_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    in_a_test(monkeypatch, lambda: step(taken, "X2"))
    in_a_test(monkeypatch, lambda: (opened("Y"), step(taken, "X2")))
    in_a_test(monkeypatch, lambda: (Unit.objects.update(name="another"), step(taken, "X2")))
    in_a_test(monkeypatch, lambda: (step(taken, "X3"), step(taken, "X2")))
    assert taken == ["X2", "X2", "X2", "X3", "X2"]


def test_it_is_taken_anew_in_another_world(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    taken: list[str] = []
    in_a_test(monkeypatch, lambda: step(taken, "X4"))
    settings.INSTITUTION_NAME = "另一家担保公司"
    in_a_test(monkeypatch, lambda: step(taken, "X4"))
    monkeypatch.setattr("guarantees.issuing.institution.draw", plain_page)
    in_a_test(monkeypatch, lambda: step(taken, "X4"))
    assert taken == ["X4"] * 3
