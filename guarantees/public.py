"""The public verification page: whoever holds a letter's number and code sees whether it is genuine, and its state."""

from __future__ import annotations

import re

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guarantees.admin.states import guarantee_badge
from guarantees.models import Application, Guarantee
from protocol.gateway.address import client_address, network_of
from staff.admin.page import Row, money, rows

#: Look-ups per network and minute: a code of eight letters is not guessed at this pace.
PER_MINUTE = 20


#: How our numbers look.
NUMBER = re.compile(r"\A[0-9A-Za-z-]{1,32}\Z", re.ASCII)


class VerifyForm(forms.Form):
    """What is printed in the head of every letter."""

    number = forms.RegexField(NUMBER, label=_("Guarantee number"), max_length=32, strip=True)
    code = forms.CharField(label=_("Verification code"), max_length=16, strip=True)


@require_GET
def verify(request: HttpRequest, number: str = "") -> HttpResponse:
    """The form, and the answer for `number` and `?code=`. Organisations are named in full; persons never."""
    if not number and request.GET.get("number"):
        form = VerifyForm(request.GET)
        if form.is_valid():
            given = form.cleaned_data
            return redirect(f"{reverse('verify', args=[given['number']])}?code={given['code'].upper()}")
        return _page(request, form)
    if not number:
        return _page(request, VerifyForm())
    code = request.GET.get("code", "")
    form = VerifyForm(initial={"number": number, "code": code})
    if not _has_room(request):
        return _page(request, form, status=429, trouble=_("Too many look-ups from your network; wait a minute."))
    known = Guarantee.objects.select_related("application").filter(number=number)
    guarantee = known.first() if NUMBER.fullmatch(number) else None
    if guarantee is None or not constant_time_compare(guarantee.verification_code, code.strip().upper()):
        return _page(request, form, status=404, trouble=_("We issued no letter of this number with this code."))
    return _page(request, form, guarantee=guarantee)


def _page(
    request: HttpRequest,
    form: VerifyForm,
    *,
    status: int = 200,
    trouble: object = "",
    guarantee: Guarantee | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "trouble": trouble,
        "badge": guarantee_badge(guarantee) if guarantee else None,
        "rows": _rows(guarantee) if guarantee else [],
        "institution": settings.INSTITUTION_NAME,
        "demonstration": settings.DEMONSTRATION,
    }
    response = render(request, "public/verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


def _rows(guarantee: Guarantee) -> list[Row]:
    return [
        *rows(guarantee, "number"),
        # As this letter says it, whatever was corrected since.
        *(
            Row(getattr(Application._meta.get_field(name), "verbose_name", name), guarantee.particulars.get(name, ""))
            for name in ("applicant_name", "beneficiary_name", "project_name")
        ),
        *rows(guarantee, "amount"),
        Row(_("left"), money(guarantee.remaining), "amount"),
        *rows(guarantee, "valid_from", "valid_until", "issued_at"),
    ]


def _has_room(request: HttpRequest) -> bool:
    key = f"verify:{network_of(client_address(request))}"
    cache.add(key, 0, 60)
    try:
        return cache.incr(key) <= PER_MINUTE
    except ValueError:  # it expired in between
        return True
