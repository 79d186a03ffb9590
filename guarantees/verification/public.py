"""The public verification page: whoever holds a letter or other paper of ours, or its number and code, sees whether it
is genuine."""

from __future__ import annotations

import unicodedata
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from guarantees.models import Guarantee, IssuedPaper
from guarantees.verification import agreement, explanation, rate_limits
from guarantees.verification.explanation import Explanation
from guarantees.verification.origin import is_issued, trace
from guarantees.verification.upload import FORM, FileForm, InMemory, LetterField
from staff import clock
from staff.desk.page import moment
from staff.files import LARGEST_FILE

#: How our numbers look.
NUMBER = r"\A[0-9A-Za-z-]{1,32}\Z"


class _PrintedField(forms.CharField):
    """What a person reads off paper and types, perhaps in full-width letters and in groups."""

    def to_python(self, value: Any) -> str:
        return "".join(unicodedata.normalize("NFKC", super().to_python(value) or "").split())


class NumberForm(forms.Form):
    """What is printed in the head of every letter."""

    number = _PrintedField(
        label=gettext_lazy("Guarantee number"),
        max_length=64,
        validators=[RegexValidator(NUMBER, gettext_lazy("A number has up to 32 letters, digits and dashes."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    code = _PrintedField(
        label=gettext_lazy("Verification code"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, number: str = "") -> HttpResponse:
    """By number and code (GET), or by the file (POST)."""
    if request.method != "POST":
        return _by_number(request, number)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > LARGEST_FILE + FORM:
        return _page(request, status=413, trouble=LetterField.default_error_messages["large"])
    if not rate_limits.may_send_file(request):
        return _too_many_files(request)
    request.upload_handlers = [InMemory(request)]
    response = _by_file(request)
    if response.status_code == 403:
        return _page(request, status=403, trouble=_("The page was open for too long, or without cookies. Try again."))
    return response


@csrf_protect
def _by_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, status=400, file=form)
    content = form.cleaned_data["file"].read()
    if not is_issued(content) and not rate_limits.may_send_foreign_file(request):
        return _too_many_files(request)
    origin = trace(content)
    disagreeing = agreement.check(origin.issued) if origin.issued else []
    return _page(request, explained=explanation.of_file(origin, disagreeing))


def _too_many_files(request: HttpRequest) -> HttpResponse:
    return _page(request, status=429, trouble=_("Too many files from your network; wait a minute."))


def _by_number(request: HttpRequest, number: str) -> HttpResponse:
    if not number and "number" not in request.GET:
        return _page(request)
    form = NumberForm({"number": number or request.GET["number"], "code": request.GET.get("code", "")})
    if not form.is_valid():
        return _page(request, status=400 if number else 200, number=form)
    given, code = form.cleaned_data["number"], form.cleaned_data["code"].upper()
    if not number:
        return redirect(f"{reverse('verify', args=[given])}?{urlencode({'code': code})}")
    if not rate_limits.may_look_up(request):
        return _page(request, status=429, number=form, trouble=_("Too many look-ups from your network; wait a minute."))
    if not rate_limits.may_be_guessed(given):
        trouble = _("This number was asked for with many wrong codes: for an hour only the file itself is verified.")
        return _page(request, status=429, number=form, trouble=trouble)
    issued = _issued(given, code)
    if issued is None:
        rate_limits.count_wrong_code(request, given)
        return _page(request, status=404, number=form, trouble=_("We issued no letter of this number with this code."))
    disagreeing = agreement.check(issued)
    if isinstance(issued, Guarantee):
        return _page(request, explained=explanation.of_letter(issued, disagreeing))
    return _page(request, explained=explanation.of_paper(issued, disagreeing))


def _issued(number: str, code: str) -> Guarantee | IssuedPaper | None:
    """The letter or other paper of that number, if this is its code; as quick for a number that does not exist."""
    typed = {"number__in": {number, number.upper()}}
    letters, papers = Guarantee.objects.filter(**typed), IssuedPaper.objects.filter(**typed)
    found = letters.first() or papers.first()
    right = found.verification_code if found else " "
    return found if constant_time_compare(right, code) else None


def _page(
    request: HttpRequest,
    *,
    status: int = 200,
    trouble: object = "",
    number: NumberForm | None = None,
    file: FileForm | None = None,
    explained: Explanation | None = None,
) -> HttpResponse:
    context = {
        "number": number or NumberForm(),
        "file": file or FileForm(),
        "trouble": trouble,
        "explanation": explained,
        "asked_at": moment(clock.now()),
        "institution": settings.INSTITUTION_NAME,
        "telephone": settings.INSTITUTION_TELEPHONE,
        "demonstration": settings.DEMONSTRATION,
        "here": reverse("verify") if request.method == "POST" else request.get_full_path(),
    }
    response = render(request, "public/verify.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
