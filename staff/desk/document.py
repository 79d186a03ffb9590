"""A stored file, shown to whoever may see the record that it belongs to; never one that differs from its digest."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from staff.desk.page import NOTHING
from staff.models import User

if TYPE_CHECKING:
    from staff.desk.record import RecordAdmin as Base
else:
    Base = object

log = logging.getLogger(__name__)
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
    "txt": "text/plain; charset=utf-8",
}
#: A file loads and runs nothing, whatever it is; Chromium shows PDF files in no sandbox.
POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


class DocumentAdmin(Base):
    """Adds an address for the file in `document_field`, whose SHA-256 stands in `digest_field`."""

    document_field: str
    digest_field: str
    document_address = "document"
    #: What whoever may see the record must hold besides to see its file.
    document_permission: ClassVar[str] = ""

    def get_urls(self) -> list[URLPattern]:
        address = f"<path:object_id>/{self.document_address}/"
        view = self.admin_site.admin_view(self.document_view)
        return [path(address, view, name=self._document_name()), *super().get_urls()]

    def document_url(self, record: models.Model) -> str:
        return reverse(f"admin:{self._document_name()}", args=[record.pk])

    def document_link(self, record: models.Model) -> SafeString | str:
        """A link that opens the file, or a dash where there is none."""
        if not getattr(record, self.document_field):
            return NOTHING
        return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', self.document_url(record), _("Open"))

    def document_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        record: Any = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        wanted = self.document_permission
        if not self.has_view_permission(request, record) or (
            wanted and not cast("User", request.user).has_perm(wanted)
        ):
            raise PermissionDenied
        file = getattr(record, self.document_field)
        if not file:
            raise Http404
        try:
            with file.open("rb") as stored:
                content = stored.read()
        except OSError:
            log.exception("The file %s cannot be read", file.name)
            content = b""
        if hashlib.sha256(content).hexdigest() != getattr(record, self.digest_field):
            messages.error(request, _("The stored file is missing or was changed. Tell an administrator."))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", record.pk)
        kind = file.name.rpartition(".")[2]
        return served(content, name=self.document_name(record), kind=kind, download=bool(request.GET.get("download")))

    def document_name(self, record: Any) -> str:
        """The name under which it is saved, ASCII, without its ending."""
        return f"{self.opts.model_name}-{record.pk}"

    def _document_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{self.document_address}"


def served(content: bytes, *, name: str, kind: str, download: bool = False) -> HttpResponse:
    """A file as the desk hands it out: to be shown, or saved under this ASCII name, and kept by no cache."""
    disposition = "attachment" if download else "inline"
    return HttpResponse(
        content,
        content_type=TYPES.get(kind, "application/octet-stream"),
        headers={
            "Content-Disposition": f'{disposition}; filename="{name}.{kind}"',
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": POLICY if kind == "pdf" else f"{POLICY}; sandbox",
            "X-Frame-Options": "SAMEORIGIN",
            "X-Content-Type-Options": "nosniff",
        },
    )
