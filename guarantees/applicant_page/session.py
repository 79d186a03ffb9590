"""That somebody gave the code of a link: a signed cookie for that link's addresses alone, apart from the desk's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from guarantees.models import ApplicantLink
from staff import clock

COOKIE = "applicant"
IDLE = timedelta(minutes=30)
#: However busy: then the code is asked for again.
LONGEST = timedelta(hours=12)
_SALT = "guarantees.applicant_page.session"


def since(request: HttpRequest, link: ApplicantLink) -> datetime | None:
    """Since when this browser may see the link's page; None where it may not."""
    try:
        pk, seconds = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=IDLE)
    except signing.BadSignature:
        return None
    began = datetime.fromtimestamp(seconds, clock.CHINA)
    return began if pk == link.pk and clock.now() - began < LONGEST else None


def keep(response: HttpResponse, link: ApplicantLink, began: datetime) -> HttpResponse:
    """Begins the session, or lets it go on from now."""
    response.set_cookie(
        COOKIE,
        signing.dumps([link.pk, int(began.timestamp())], salt=_SALT),
        path=reverse("applicant", args=[link.token]),
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def end(response: HttpResponse, token: str) -> HttpResponse:
    response.delete_cookie(COOKIE, path=reverse("applicant", args=[token]), samesite="Strict")
    return response
