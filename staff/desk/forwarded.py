"""Whether a request came by https: what a proxy of ours says of it, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from staff.network import from_proxy


class ForwardedMiddleware:
    """Takes X-Forwarded-Proto from TRUSTED_PROXIES.

    Django's SECURE_PROXY_SSL_HEADER would believe it of anybody who reaches the site directly.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Of several hops the last is what our proxy itself wrote; those before it came with the request.
        scheme = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
        if scheme in ("http", "https") and from_proxy(request):
            request.META["wsgi.url_scheme"] = scheme
        return self.get_response(request)
