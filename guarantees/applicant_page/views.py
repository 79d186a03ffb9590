"""The addresses of the applicant's page: the code, the page, its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from csp.constants import NONE
from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from guarantees.applicant_page import rate_limits, session
from guarantees.applicant_page.forms import AnswerForm, CodeForm
from guarantees.applicant_page.letter import VOID, download, letter, letter_of
from guarantees.applicant_page.payment import notice_of, payment
from guarantees.applicant_page.standing import standing
from guarantees.applicant_page.wanted import wanted
from guarantees.applicants import answers, links
from guarantees.applicants.answers import NotOpen
from guarantees.models import ApplicantLink, Application, Order, SupplementState
from staff import clock
from staff.contents.examination import SENTENCES
from staff.contents.found import Fault
from staff.desk.page import Row, yuan
from staff.files import LARGEST_FILE, MEGABYTE

View = Callable[..., HttpResponse]
#: Of all files that are sent at once; of more than MAX_BODY our server hands none of it on (config/channel.py).
LARGEST_SENDING = 50 * MEGABYTE
#: Half of the server's threads at most wait for files to be examined, however bad those are: the others answer the
#: platforms and the desk.
RECEIVING = BoundedSemaphore(4)


def private(view: View) -> View:
    """What every answer here has in common: it is kept nowhere, framed by nobody, and its address is told to nobody.

    The referrer policy is strict-origin: with no-referrer a browser would send forms with the origin "null", which the
    protection against forged forms refuses; so it says the site's name alone.
    """

    @wraps(view)
    def answered(request: HttpRequest, token: str, **more: str) -> HttpResponse:
        if rate_limits.may_look(request):
            response = view(request, token, **more)
        else:
            response = _ask(request, status=429, trouble=_("Too many requests from your network; wait a minute."))
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "strict-origin"
        response["X-Frame-Options"] = "DENY"
        # What django-csp's own decorator sets; that one takes no view with arguments.
        response._csp_replace = {"frame-ancestors": [NONE], "frame-src": [NONE]}  # type: ignore[attr-defined]
        return response

    return answered


@private
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The page, or first the code."""
    if request.method == "POST":
        return _enter(request, token)
    if opened := _opened(request, token):
        link, began = opened
        return session.keep(_shown(request, link), link, began)
    return _ask(request)


@private
@require_POST
def leave(request: HttpRequest, token: str) -> HttpResponse:
    return session.end(redirect("applicant", token), token)


@private
@require_http_methods(["GET", "HEAD"])
def letter_file(request: HttpRequest, token: str) -> HttpResponse:
    if not (opened := _opened(request, token)):
        return redirect("applicant", token)
    link, began = opened
    guarantee = letter_of(link.order)
    if guarantee is None or guarantee.state in VOID:
        raise Http404
    return session.keep(download(guarantee.file, guarantee.file_digest, guarantee.number), link, began)


@private
@require_http_methods(["GET", "HEAD"])
def notice_file(request: HttpRequest, token: str) -> HttpResponse:
    if not (opened := _opened(request, token)):
        return redirect("applicant", token)
    link, began = opened
    notice = notice_of(_application(link))
    if notice is None:
        raise Http404
    return session.keep(download(notice.file, notice.file_digest, notice.number), link, began)


@csrf_exempt
@private
@require_POST
def send(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Files of one type; nothing of them is read before it is known who sends them, and that they are not too many."""
    if not (opened := _opened(request, token)):
        return _ask_again(request)
    link, began = opened
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > LARGEST_SENDING:
        trouble = _("More than 50 MB at once; nothing was kept. Send the files one after the other.")
        return session.keep(_shown(request, link, status=413, trouble=trouble), link, began)
    try:
        return session.keep(_send(request, link, kind), link, began)
    except TooManyFilesSent:
        return session.keep(_too_many(request, link), link, began)


@csrf_protect
def _send(request: HttpRequest, link: ApplicantLink, kind: str) -> HttpResponse:
    uploads = request.FILES.getlist("files")
    if not uploads:
        return _shown(request, link, status=400, refused={kind: [_("Choose a file first.")]})
    if len(uploads) > rate_limits.FILES.limit:
        return _too_many(request, link)
    if not RECEIVING.acquire(blocking=False):
        return _shown(request, link, status=503, trouble=str(SENTENCES[Fault.UNAVAILABLE]))
    try:
        if not rate_limits.may_send(link.token, len(uploads)):
            trouble = _("Too many files within an hour; nothing of these was kept. Go on later, or call us.")
            return _shown(request, link, status=429, trouble=trouble)
        sent = answers.send(_application(link), kind, uploads)
    except NotOpen as refusal:
        return _shown(request, link, status=409, trouble=str(refusal))
    finally:
        RECEIVING.release()
    if sent.refused:
        return _shown(request, link, status=400, refused={kind: sent.refused})
    return HttpResponseRedirect(reverse("applicant", args=[link.token]) + f"#document-{kind}")


def _too_many(request: HttpRequest, link: ApplicantLink) -> HttpResponse:
    """Of these none is counted, so that fewer can be sent at once."""
    trouble = _("More than %(number)d files at once; nothing was kept. Send fewer at a time.")
    return _shown(request, link, status=413, trouble=trouble % {"number": rate_limits.FILES.limit})


@private
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """That all is there."""
    if not (opened := _opened(request, token)):
        return _ask_again(request)
    link, began = opened
    form = AnswerForm(request.POST)
    trouble = ""
    if form.is_valid():
        try:
            trouble = answers.answer(_application(link), form.cleaned_data["words"])
        except NotOpen as refusal:
            if answers.is_answered(_application(link), form.cleaned_data["words"]):
                return session.keep(redirect("applicant", token), link, began)
            return session.keep(_shown(request, link, status=409, trouble=str(refusal)), link, began)
        if not trouble:
            return session.keep(redirect("applicant", token), link, began)
    shown = _shown(request, link, status=400, answer=form, answer_trouble=trouble)
    return session.keep(shown, link, began)


def _enter(request: HttpRequest, token: str) -> HttpResponse:
    if not rate_limits.may_try(request, token):
        return _ask(request, status=429, trouble=_("Too many wrong codes. Try again in an hour, or call us."))
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=400)
    with transaction.atomic():
        link = links.find(token)
        if link:
            # Of many that try at once each is compared after the one before was counted.
            Order.lock(link.order_id)
            link = links.find(token)
        if link and links.is_code(link, form.cleaned_data["code"]):
            links.note_opened(link)
            return session.keep(redirect("applicant", token), link, clock.now())
        links.is_code(None, form.cleaned_data["code"])
        too_many = rate_limits.count_wrong_code(request, token)
        if link:
            links.note_wrong_code(link, tell=too_many)
    trouble = _("The code is not right, or the link has expired or was stopped. Try again, or ask us for a new link.")
    return _ask(request, status=403, trouble=trouble)


def _opened(request: HttpRequest, token: str) -> tuple[ApplicantLink, datetime] | None:
    """The link, where this browser gave its code, and since when it is open."""
    link = links.find(token)
    began = session.since(request, link) if link else None
    return (link, began) if link and began else None


def _application(link: ApplicantLink) -> Application:
    """The order's latest round."""
    return link.order.rounds.select_related("approval", "order").latest("round")


def _shown(
    request: HttpRequest,
    link: ApplicantLink,
    *,
    status: int = 200,
    trouble: str = "",
    refused: Mapping[str, list[str]] | None = None,
    **more: Any,
) -> HttpResponse:
    """The page as it stands; `refused` says by type of document what was not kept of what was just sent."""
    application = _application(link)
    asked = application.pending_request()
    amount = application.approval.amount if application.approval else application.advance_amount
    context = {
        "standing": standing(application),
        "facts": [
            Row(_("applicant"), application.applicant_name),
            Row(_("project"), application.project_name),
            Row(_("beneficiary"), application.beneficiary_name),
            Row(_("amount"), yuan(amount), "amount"),
            Row(_("application number"), application.order.number, "code"),
        ],
        "asked": asked,
        "payment": payment(application),
        "letter": letter(link.order),
        "link": link,
        "trouble": trouble,
        **more,
    }
    if asked:
        context |= {
            "wanted": wanted(asked, refused or {}),
            "late": asked.state == SupplementState.OVERDUE,
            "largest": LARGEST_FILE,
            "largest_sending": LARGEST_SENDING,
            "answer": more.get("answer") or AnswerForm(),
        }
    return _page(request, "applicant/page.html", context, status=status)


def _ask(request: HttpRequest, form: CodeForm | None = None, *, status: int = 200, trouble: str = "") -> HttpResponse:
    """The same whether there is such a link or not."""
    return _page(request, "applicant/code.html", {"form": form or CodeForm(), "trouble": trouble}, status=status)


def _ask_again(request: HttpRequest) -> HttpResponse:
    """To whoever sent something after the session was over, or never had one."""
    trouble = _("The page was closed meanwhile: nothing of what you just sent was kept. Give the code again.")
    return _ask(request, status=403, trouble=trouble)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    common = {
        "institution": settings.INSTITUTION_NAME,
        "telephone": settings.INSTITUTION_TELEPHONE,
        "demonstration": settings.DEMONSTRATION,
        "here": reverse("applicant", args=[request.resolver_match.kwargs["token"]]) if request.resolver_match else "",
    }
    return render(request, template, {**common, **context}, status=status)
