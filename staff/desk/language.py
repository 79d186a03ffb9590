"""The language of a request: what the person chose, else at the desk the house's, on public pages the browser's."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

#: Where strangers read: verification, and the applicant's page.
PUBLIC = ("/verify/", "/applicant/")


class LanguageMiddleware:
    """Reads the choice from the cookie that Django's `set_language` writes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        public = request.path_info.startswith(PUBLIC)
        if chosen in dict(settings.LANGUAGES):
            language = chosen
        else:
            language = translation.get_language_from_request(request) if public else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        if public:
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response
