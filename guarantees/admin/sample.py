"""A preview as the desk shows it: the PDF, or a page that says why the letter cannot be made."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guarantees.issuing.signing import LetterNotMade
from staff.desk.document import served


def sample(request: HttpRequest, make: Callable[[], bytes], *, name: str, back: str) -> HttpResponse:
    """What `make` makes; where it cannot, the reason, and a link `back` to where the person came from."""
    try:
        return served(make(), name=name, kind="pdf")
    except LetterNotMade as error:
        return render(request, "desk/no_letter.html", {"reason": error, "back": back}, status=409)
