"""What stands on the home page while orders of before are not in the book."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from guarantees.book.figures import not_in_book
from staff.desk.page import Flag


def book_is_incomplete(now: datetime) -> Flag | None:
    """Figures are too small until an operator has brought them in."""
    if not (missing := not_in_book()):
        return None
    text = _(
        "%(number)d orders of before are not in the book; an operator runs build_book, until then figures are low."
    )
    return Flag(text % {"number": missing})
