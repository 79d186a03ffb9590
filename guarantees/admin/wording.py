"""Wordings of letters: the list, the page of an uploaded one, and the form by which it comes in."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.placeholders import guide, placeholders_section
from guarantees.admin.sample import sample
from guarantees.admin.wording_form import UploadForm
from guarantees.admin.wording_shipped import LIST, ShippedWordings, preview_section, shipped, text_section
from guarantees.badges import wording_badge
from guarantees.decisions.wording import UPLOAD, PutIntoUse, upload
from guarantees.issuing import institution, preview
from guarantees.issuing.institution import issued_kind
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.wording.wordings import Wording, WordingError, reference
from guarantees.models import UploadedWording, WordingState
from staff import clock
from staff.decisions import DecisionRefused, duty_obstacle
from staff.desk.case import CaseAdmin
from staff.desk.document import served
from staff.desk.export import Column, columns
from staff.desk.page import Badge, Flag, Row, Section, Tone, moment, rows, two_lines
from staff.models import User


@admin.register(UploadedWording)
class UploadedWordingAdmin(ShippedWordings, CaseAdmin):
    list_display = ["name", "kind", "state_badge", "uploaded", "put_into_use", "withdrawn"]
    list_display_links = ["name"]
    list_before_template = "desk/above_wordings.html"
    tabs_field = "state"
    add_permission = UPLOAD
    search_fields = ["version"]
    search_help_text = gettext_lazy("Version")
    ordering = ["-uploaded_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[UploadedWording]:
        people = ("uploaded_by", "put_into_use_by", "withdrawn_by")
        return super().get_queryset(request).select_related(*people)

    # --- The list -------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("version"), ordering="version")
    def name(self, wording: UploadedWording) -> str:
        return wording.version

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, wording: UploadedWording) -> str:
        return str(wording_badge(wording))

    @admin.display(description=gettext_lazy("uploaded"), ordering="uploaded_at")
    def uploaded(self, wording: UploadedWording) -> SafeString:
        return two_lines(wording.uploaded_by, moment(wording.uploaded_at))

    @admin.display(description=gettext_lazy("put into use"), ordering="put_into_use_at")
    def put_into_use(self, wording: UploadedWording) -> SafeString:
        return two_lines(wording.put_into_use_by or "", moment(wording.put_into_use_at))

    @admin.display(description=gettext_lazy("withdrawn"), ordering="withdrawn_at")
    def withdrawn(self, wording: UploadedWording) -> SafeString:
        return two_lines(wording.withdrawn_by or "", moment(wording.withdrawn_at))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"shipped": shipped(), "guide_url": reverse(f"admin:{LIST}_guide"), **next_letter()}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def export_columns(self, person: User) -> list[Column]:
        return columns(
            UploadedWording,
            "kind",
            "version",
            "state",
            "digest",
            "uploaded_by",
            "uploaded_at",
            "put_into_use_by",
            "put_into_use_at",
            "withdrawn_by",
            "withdrawn_at",
        )

    # --- The page -------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/text/", view(self.text_view), name=f"{LIST}_text"),
            path("<path:object_id>/preview/", view(self.preview_view), name=f"{LIST}_preview"),
            *super().get_urls(),
        ]

    def heading(self, record: UploadedWording) -> str:
        return str(record.get_kind_display())

    def badge(self, record: UploadedWording) -> Badge:
        return wording_badge(record)

    def flags(self, record: UploadedWording, person: User) -> list[Flag]:
        if record.state == WordingState.WITHDRAWN:
            return []
        flags = []
        if trouble := record.trouble() or _settings_trouble():
            flags.append(Flag(_("No letter can be made with it. %(trouble)s") % {"trouble": trouble}, Tone.BAD))
        elif record.kind != issued_kind():
            flags.append(Flag(_("We issue another kind of letter (WORDING): no letter says this.")))
        if record.state == WordingState.DRAFT and person.has_perm(PutIntoUse.permission):
            reason = duty_obstacle(record, person, PutIntoUse.event.duty)
            flags += [Flag(reason)] if reason else []
        return flags

    def sections(self, record: UploadedWording, person: User) -> list[Section]:
        text = text_section(record.text, self._page_url(record, "text"))
        try:
            words = record.read()
        except WordingError:
            return [self.summary(record, person), text]
        used = placeholders_section(_("Placeholders that it uses"), words.placeholders, clock.now())
        return [self.summary(record, person), preview_section(self._page_url(record, "preview")), text, used]

    def summary(self, case: UploadedWording, person: User) -> Section:
        return Section(
            _("Wording"),
            [
                *rows(case, "kind", "version", "uploaded_by", "uploaded_at"),
                *(rows(case, "put_into_use_by", "put_into_use_at") if case.put_into_use_at else []),
                *(rows(case, "withdrawn_by", "withdrawn_at") if case.withdrawn_at else []),
                Row(_("As letters record it"), reference(case.kind, case.version, case.digest), "code"),
                Row("SHA-256", case.digest, "code"),
            ],
        )

    def text_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        wording = self._uploaded(request, object_id)
        name = f"{wording.kind}-{wording.version}"
        return served(wording.text.encode(), name=name, kind="txt", download=True)

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        wording = self._uploaded(request, object_id)
        return sample(
            request,
            lambda: preview.of_wording(_read(wording), clock.now()),
            name=f"sample-{wording.kind}-{wording.version}",
            back=self.case_url(wording.pk),
        )

    def _uploaded(self, request: HttpRequest, object_id: str) -> UploadedWording:
        wording = self.get_object(request, unquote(object_id))
        if wording is None:
            raise Http404
        if not self.has_view_permission(request, wording):
            raise PermissionDenied
        return cast("UploadedWording", wording)

    def _page_url(self, wording: UploadedWording, page: str) -> str:
        return reverse(f"admin:{LIST}_{page}", args=[wording.pk])

    # --- The form -------------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.method == "POST"
        form = UploadForm(request.POST if posted else None, request.FILES if posted else None)
        if posted and form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("kind", "version", "text")}
            try:
                wording = upload(cast("User", request.user), **given)
            except DecisionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("%(wording)s is uploaded. Look at its preview.") % {"wording": wording})
                return redirect(self.case_url(wording.pk))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Upload a wording"),
            "form": form,
            "sections": guide(clock.now()),
            "shipped": shipped(),
            "list_url": reverse(f"admin:{LIST}_changelist"),
        }
        return TemplateResponse(request, "desk/upload_wording.html", context)


def next_letter() -> dict[str, Any]:
    """What the next letter says, or why it cannot be made."""
    try:
        words = institution.letter_wording()
    except LetterNotMade as error:
        return {"next_trouble": error}
    uploaded = UploadedWording.used(words.kind)
    return {"next_letter": "" if uploaded else f"{words.kind}/{words.version}"}


def _settings_trouble() -> str:
    """Why the settings let no letter be issued at all."""
    try:
        issued_kind()
    except WordingError as error:
        return str(error)
    return ""


def _read(wording: UploadedWording) -> Wording:
    try:
        return wording.read()
    except WordingError as error:
        raise LetterNotMade(str(error)) from error
