"""Whether a file is a letter of ours: the one that is stored, and one that somebody sent in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from guarantees.verification import agreement, explanation
from guarantees.verification.origin import Origin, trace
from guarantees.verification.upload import FileForm
from staff.models import User
from staff.units import covers

if TYPE_CHECKING:
    from staff.desk.record import RecordAdmin as Base
else:
    Base = object

log = logging.getLogger(__name__)


class VerificationAdmin(Base):
    """Adds `verify/`, which takes a file, and `<pk>/verify/` for the stored one. Nothing of it is kept."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("verify/", view(self.verify_view), name="guarantees_guarantee_verify"),
            path("<path:object_id>/verify/", view(self.verify_stored_view), name="guarantees_guarantee_verify_stored"),
            *super().get_urls(),
        ]

    def verify_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        posted = request.method == "POST"
        form = FileForm(request.POST, request.FILES) if posted else FileForm()
        origin = trace(form.cleaned_data["file"].read()) if posted and form.is_valid() else None
        context = {"title": _("Check a file"), "form": form, **_shown(origin, cast("User", request.user))}
        return self._verified(request, context)

    def verify_stored_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        guarantee: Any = self.get_object(request, unquote(object_id))
        if guarantee is None:
            raise Http404
        if not self.has_view_permission(request, guarantee):
            raise PermissionDenied
        try:
            with guarantee.file.open("rb") as stored:
                origin = trace(stored.read(), guarantee)
        except OSError:
            log.exception("The file %s cannot be read", guarantee.file.name)
            messages.error(request, _("The stored file is missing or was changed. Tell an administrator."))
            return redirect("admin:guarantees_guarantee_change", guarantee.pk)
        context = {"title": _("The stored file"), "original": guarantee, **_shown(origin, cast("User", request.user))}
        return self._verified(request, context)

    def _verified(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        site = {**self.admin_site.each_context(request), "opts": self.opts, "is_popup": False}
        return TemplateResponse(request, "desk/verify.html", {**site, **context})


def _shown(origin: Origin | None, person: User) -> dict[str, Any]:
    """What anybody is told of a file, and the page of what was issued for whoever may open it."""
    if origin is None:
        return {}
    issued = origin.issued if origin.issued and covers(person, origin.issued) else None
    page = f"admin:guarantees_{issued._meta.model_name}_change" if issued else ""
    return {
        "explanation": explanation.of_file(origin, agreement.check(origin.issued) if origin.issued else []),
        "issued": issued,
        "page": reverse(page, args=[issued.pk]) if issued else "",
    }
