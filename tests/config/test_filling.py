"""The demonstration is filled with a past beside the desk, which says so; told to end, it goes on later."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from config.history import filling
from config.history.filling import DONE, Filling
from protocol.delivery.heartbeat import silent_parts
from staff import clock
from staff.roles import Role
from tests.institution import signed_in
from tests.platform import Platform

pytestmark = pytest.mark.django_db
PROGRAM = "print('2026-01-05  7 of 60 orders', flush=True); {}"


@pytest.fixture
def present(monkeypatch: pytest.MonkeyPatch) -> Filling:
    """That of this process."""
    made = Filling()
    monkeypatch.setattr(filling, "filling", made)
    return made


@pytest.fixture
def commanded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What it runs, as a Python program that a test may change."""
    arguments = [sys.executable, "-c", PROGRAM.format("")]
    monkeypatch.setattr(filling, "command", lambda _orders, _address: arguments)
    return arguments


def home() -> str:
    return signed_in(Role.MANAGER).get("/admin/").content.decode()


def test_the_desk_says_how_far_it_is(present: Filling, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Demonstration data" not in home()
    monkeypatch.setattr(Filling, "is_under_way", True)
    present.came, present.of = 7, 60
    assert "Demonstration data of the past years are being made: 7 of 60 orders so far." in home()


def test_it_comes_to_its_end_once(present: Filling, commanded: list[str], tmp_path: Path) -> None:
    assert present.fill(60, "", tmp_path) == ""
    assert (present.came, present.of, present.is_under_way) == (7, 60, False)
    assert (tmp_path / DONE).exists()
    assert silent_parts(clock.now()) == []  # nobody misses whoever waits for it
    commanded[2] = "raise SystemExit(1)"
    assert present.fill(60, "", tmp_path) == ""


def test_why_there_is_none_is_told(present: Filling, commanded: list[str], tmp_path: Path) -> None:
    commanded[2] = PROGRAM.format("raise SystemExit('At least 42 orders are needed')")
    assert present.fill(5, "", tmp_path) == "At least 42 orders are needed"
    assert not (tmp_path / DONE).exists()


def test_it_ends_where_it_is_told_to(present: Filling, commanded: list[str], tmp_path: Path) -> None:
    commanded[2] = PROGRAM.format("import time; time.sleep(60)")
    present.stop()
    assert present.fill(60, "", tmp_path) == ""
    assert not (tmp_path / DONE).exists()


def test_no_past_is_made_where_there_is_business(
    present: Filling, commanded: list[str], platform: Platform, tmp_path: Path
) -> None:
    platform.apply()
    assert present.fill(60, "", tmp_path) == ""
    assert present.came == 0


def test_what_it_runs() -> None:
    assert filling.command(60, "http://127.0.0.1:8100/history")[1:] == [
        *("-m", "django", "make_history"),
        *("--years=3", "--seed=1", "--orders=60", "--address=http://127.0.0.1:8100/history"),
    ]
