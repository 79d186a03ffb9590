"""No search engine lists any page of ours: not the desk, not a letter that somebody verified, not an error."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class UnlistedMiddleware:
    """Says so on every answer; outside all that may fail or answer early."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response
