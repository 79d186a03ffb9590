"""From what a report is asked to what the book reads, and what is said below every figure of it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import ngettext

from guarantees.book.figures import Narrowed, not_in_book
from staff.desk.page import Text
from staff.desk.reports.report import Asked


def narrowed(asked: Asked, without: Collection[str] = ()) -> Narrowed:
    """Whose lines are read, and which; a report leaves out the questions that are no dimension of the book."""
    return Narrowed(asked.person, {name: value for name, value in asked.filters.items() if name not in without})


def notes(asked: Asked) -> list[Text]:
    """How far the book is complete, where it is not."""
    missing = not_in_book()
    if not missing:
        return []
    text = ngettext(
        "%(number)d order of before is not in the book yet, so these figures are too small: run build_book.",
        "%(number)d orders of before are not in the book yet, so these figures are too small: run build_book.",
        missing,
    )
    return [text % {"number": missing}]
