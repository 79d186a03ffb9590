"""The letter's file, as the desk serves it."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from guarantees.models import Guarantee
from staff.roles import Role
from tests.pdf import content_of


def address(letter: Guarantee) -> str:
    return f"/admin/guarantees/guarantee/{letter.pk}/letter/"


def test_it_works(desk: Callable[[Role], Client], letter: Guarantee) -> None:
    answer = desk(Role.UNDERWRITER).get(address(letter))
    assert answer.content == content_of(letter)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{letter.number}.pdf"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_it_is_downloaded_when_asked_for(desk: Callable[[Role], Client], letter: Guarantee) -> None:
    answer = desk(Role.UNDERWRITER).get(address(letter), {"download": "1"})
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_was_changed_is_never_served(desk: Callable[[Role], Client], letter: Guarantee) -> None:
    with letter.file.storage.open(letter.file.name, "wb") as file:
        file.write(b"%PDF another")
    answer = desk(Role.UNDERWRITER).get(address(letter), follow=True)
    assert "missing or was changed" in answer.content.decode()


def test_a_missing_file_is_said_to_be_missing(desk: Callable[[Role], Client], letter: Guarantee) -> None:
    letter.file.storage.delete(letter.file.name)
    answer = desk(Role.UNDERWRITER).get(address(letter), follow=True)
    assert "missing or was changed" in answer.content.decode()
