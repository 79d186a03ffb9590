"""The letter of an application before it is issued, marked as a sample: a link on its page, and what it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guarantees.admin.sample import sample
from guarantees.issuing import preview
from guarantees.models import Application
from staff import clock
from staff.desk.page import Section

if TYPE_CHECKING:
    from staff.desk.case import CaseAdmin as Base
else:
    Base = object

NAME = "guarantees_application_preview"


class PreviewAdmin(Base):
    """Adds `<pk>/preview/` to the applications' screen."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<path:object_id>/preview/", view, name=NAME), *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The PDF, or why the letter cannot be made."""
        application = self.get_object(request, unquote(object_id))
        if application is None:
            raise Http404
        if not self.has_view_permission(request, application):
            raise PermissionDenied
        back = self.case_url(application.pk)
        if not application.is_waiting:
            messages.error(request, _("Only a letter that is still to be issued has a preview."))
            return redirect(back)
        return sample(
            request,
            lambda: preview.of_application(application, clock.now()),
            name=f"sample-{application.pk}",
            back=back,
        )


def preview_section(application: Application) -> Section:
    return Section(
        _("Preview of the letter"),
        note=_("As it would be issued now, marked 样本. It is not signed, and not kept.")
        if application.approval_id
        else _("As it would be issued now on what is asked for, marked 样本. It is not signed, and not kept."),
        template="desk/preview.html",
        content={"url": _url(application)},
    )


def preview_link(application: Application) -> SafeString:
    link = '<a href="{}" target="_blank" rel="noopener">{}</a>'
    return format_html(link, _url(application), _("Open the preview"))


def _url(application: Application) -> str:
    return reverse(f"admin:{NAME}", args=[application.pk])
