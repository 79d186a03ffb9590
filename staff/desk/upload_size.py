"""A form of the desk that is larger than any that it asks for is refused before it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from staff.files import LARGEST_FILE, MEGABYTE

#: What a form is larger than its file; one that is just too large is refused by its field, which keeps the others.
LARGEST_FORM = LARGEST_FILE + MEGABYTE


class UploadSizeMiddleware:
    """Stands before whoever reads the form first, which is the check of where it comes from (CSRF)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Leads back to the page with a sentence; what was filled in beside the file is lost with it."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        match = request.resolver_match
        if not match or "admin" not in match.app_names or not length.isdecimal() or int(length) <= LARGEST_FORM:
            return None
        if request.user.is_authenticated:
            messages.error(request, _("What you sent is larger than 20 MB. Nothing was kept; fill in the form again."))
        return redirect(request.get_full_path())
