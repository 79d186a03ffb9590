"""What is answered, and noted in the log, where a page is refused or fails."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staff.network import client_address

log = logging.getLogger(__name__)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: who asked for what, in one line; the place in our code that refused says nothing more."""
    log.warning("Refused: %s", _asked(request))
    return _noted(render(request, "403.html", status=403))


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its proof of having come from a page of ours (CSRF)."""
    log.warning("Refused: %s: %s", _asked(request), reason)
    return _noted(render(request, "403_form.html", status=403))


def failed(request: HttpRequest) -> HttpResponse:
    """500: the number by which the page's reader and the log's find each other, and the traceback beneath its line."""
    incident = secrets.token_hex(4).upper()
    log.exception("Incident %s: %s", incident, _asked(request))
    return _noted(render(request, "500.html", {"incident": incident}, status=500))


def _asked(request: HttpRequest) -> str:
    """Method, address without what was searched for, person and place, on one line whatever they hold."""
    return f"{request.method} {quote(request.path)} by {_person(request)} from {client_address(request)}"


def _person(request: HttpRequest) -> str:
    try:
        return repr(request.user.get_username()) if request.user.is_authenticated else "nobody signed in"
    except Exception:  # noqa: BLE001 (the very session or database that failed may be what cannot be asked)
        return "somebody unknown"


def _noted(response: HttpResponse) -> HttpResponse:
    """Django writes a line of its own, with a traceback, of what no line tells that it was written."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
