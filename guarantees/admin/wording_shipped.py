"""The wordings that come with the desk, to read, to preview and to start from; and how a wording is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from guarantees.admin.placeholders import guide, placeholders_section
from guarantees.admin.sample import sample
from guarantees.issuing import preview
from guarantees.issuing.institution import LETTERS
from guarantees.letter.wording import wordings
from guarantees.letter.wording.kinds import ALLOWED
from guarantees.models import LetterKind
from staff import clock
from staff.desk.document import served
from staff.desk.page import Badge, Row, Section, Text, Tone
from staff.trade_words import InstitutionKind

if TYPE_CHECKING:
    from staff.desk.record import RecordAdmin as Base
else:
    Base = object

#: The beginning of the names of all these pages.
LIST = "guarantees_uploadedwording"


@dataclass(frozen=True)
class Shipped:
    """One file of templates/letter, as the list shows it."""

    file: Path

    def __str__(self) -> str:
        return wordings.in_words(self.code)

    @property
    def code(self) -> str:
        return f"{self.file.parent.name}/{self.file.stem}"

    @property
    def kind(self) -> Text:
        return LetterKind(self.file.parent.name).label

    @property
    def url(self) -> str:
        return self._url("shipped")

    @property
    def text_url(self) -> str:
        return self._url("shipped_text")

    @property
    def preview_url(self) -> str:
        return self._url("shipped_preview")

    def _url(self, page: str) -> str:
        return reverse(f"admin:{LIST}_{page}", args=[self.file.parent.name, self.file.stem])


def shipped() -> list[Shipped]:
    """The files of the kinds that this institution may issue, the newest of each kind first."""
    kinds = ALLOWED[InstitutionKind(settings.INSTITUTION_KIND)]
    return [Shipped(file) for kind in kinds for file in reversed(wordings.files(LETTERS, kind))]


class ShippedWordings(Base):
    """Adds the pages of the shipped wordings to the screen of the uploaded ones."""

    def get_urls(self) -> list[URLPattern]:
        view, at = self.admin_site.admin_view, "shipped/<slug:kind>/<str:version>"
        return [
            path("guide/", view(self.guide_view), name=f"{LIST}_guide"),
            path(f"{at}/", view(self.shipped_view), name=f"{LIST}_shipped"),
            path(f"{at}.txt", view(self.shipped_text_view), name=f"{LIST}_shipped_text"),
            path(f"{at}.pdf", view(self.shipped_preview_view), name=f"{LIST}_shipped_preview"),
            *super().get_urls(),
        ]

    def guide_view(self, request: HttpRequest) -> HttpResponse:
        self._require_view(request)
        return self._page(request, {"original": _("How a wording is written"), "sections": guide(clock.now())})

    def shipped_view(self, request: HttpRequest, kind: str, version: str) -> HttpResponse:
        one = self._shipped(request, kind, version)
        words = wordings.read(one.file)
        context = {
            "original": one,
            "heading": one.kind,
            "badge": Badge(_("shipped"), Tone.PLAIN),
            "sections": [
                Section(_("Wording"), [Row("SHA-256", words.digest, "code"), Row(_("file"), _path(one.file), "code")]),
                preview_section(one.preview_url),
                text_section(one.file.read_text(encoding="utf-8"), one.text_url),
                placeholders_section(_("Placeholders that it uses"), words.placeholders, clock.now()),
            ],
        }
        return self._page(request, context)

    def shipped_text_view(self, request: HttpRequest, kind: str, version: str) -> HttpResponse:
        file = self._shipped(request, kind, version).file
        return served(file.read_bytes(), name=f"{kind}-{version}", kind="txt", download=True)

    def shipped_preview_view(self, request: HttpRequest, kind: str, version: str) -> HttpResponse:
        one = self._shipped(request, kind, version)
        return sample(
            request,
            lambda: preview.of_wording(wordings.read(one.file), clock.now()),
            name=f"sample-{kind}-{version}",
            back=one.url,
        )

    def _shipped(self, request: HttpRequest, kind: str, version: str) -> Shipped:
        self._require_view(request)
        found = next((one for one in shipped() if one.code == f"{kind}/{version}"), None)
        if found is None:
            raise Http404
        return found

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "is_popup": False, **context}
        return TemplateResponse(request, "desk/record.html", shown)


def preview_section(url: str) -> Section:
    return Section(
        _("Preview"),
        note=_("With invented particulars, every line that there can be, and no signature."),
        template="desk/preview.html",
        content={"url": url, "framed": True},
    )


def text_section(text: str, url: str) -> Section:
    return Section(_("Text"), template="desk/wording_text.html", content={"lines": text.splitlines(), "url": url})


def _path(file: Path) -> str:
    return str(file.relative_to(settings.BASE_DIR))
