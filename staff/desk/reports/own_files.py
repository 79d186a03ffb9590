"""A person's own files: how far each is, and the way to take it, for nobody but whoever asked for it."""

from __future__ import annotations

from typing import IO, cast

from django.conf import settings
from django.contrib import admin, messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from staff import clock
from staff.desk.page import Flag, Tone, leading_to
from staff.desk.reports import runs, subscriptions
from staff.desk.reports.report import report_of
from staff.models import FileOf, ReportRun, RunState, User
from staff.models.report_run import PENDING

#: So many are shown, the newest first.
MOST_SHOWN = 50


def own_files_view(request: HttpRequest) -> HttpResponse:
    """The page comes again by itself while a file is being made."""
    person = cast("User", request.user)
    shown = list(ReportRun.objects.filter(person=person)[:MOST_SHOWN])
    runs.ready_for(person).update(seen_at=clock.now())
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": _("My files"),
        "runs": shown,
        "pending": any(run.state in PENDING for run in shown),
        "days": runs.KEPT.days,
        "subscriptions": [
            (report.label if (report := report_of(one.report)) else one.report, one, list(one.people.all()))
            for one in subscriptions.of(person).select_related("made_by").prefetch_related("people")
        ],
        "mail": settings.MAIL_IS_SET_UP,
    }
    return TemplateResponse(request, "desk/own_files.html", context)


def asked_for(
    request: HttpRequest, kind: FileOf, subject: str, title: str, query: str, form: str, rows: int, *, back: str
) -> HttpResponse:
    """Puts a file in the queue and leads to the page that tells of it; `back` is where whoever gets none goes on."""
    try:
        runs.ask(cast("User", request.user), kind, subject, title, query, form, rows)
    except runs.NotMade as reason:
        messages.error(request, str(reason))
        return redirect(back)
    text = _("%(title)s has %(rows)s rows: the file is being made, and will be here.")
    messages.info(request, text % {"title": title, "rows": f"{rows:,}"})
    return redirect("admin:own_files")


def handed_out(file: IO[bytes], name: str) -> FileResponse:
    """What was just written, from its beginning, as a file of that name which nobody on the way keeps."""
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response


def own_file_view(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself; whoever sees other things now than when it was made asks for it anew."""
    person = cast("User", request.user)
    run = ReportRun.objects.filter(pk=pk, person=person, state=RunState.READY, expires_at__gt=clock.now()).first()
    if run is None:
        raise Http404
    if not runs.may_take(run, person):
        messages.error(request, _("What you may see has changed since the file was made. Ask for it anew."))
        return redirect("admin:own_files")
    if not default_storage.exists(run.path):
        messages.error(request, _("The stored file is missing or was changed. Tell an administrator."))
        return redirect("admin:own_files")
    response = StreamingHttpResponse(runs.content(run), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, run.name)
    response["Cache-Control"] = "private, no-store"
    return response


def own_files_flag(person: User) -> Flag | None:
    """What the home page says of files that were made since the person last looked."""
    number = runs.ready_for(person).count()
    if not number:
        return None
    text = _("Files that you asked for are done: %(number)d.") % {"number": number}
    return leading_to(text, reverse("admin:own_files"), _("My files"), Tone.GOOD)
