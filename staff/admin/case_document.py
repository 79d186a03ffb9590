"""Documents on cases: what whoever may see the case sees of them, the list, and the page on which one is read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.case_file_decisions import AttachDocument
from staff.case_files import documents_on
from staff.decisions import DECISIONS
from staff.desk.case import CaseAdmin
from staff.desk.case_files import case_link, document_badge, document_title, size_text
from staff.desk.document import DocumentAdmin
from staff.desk.export import Column, columns
from staff.desk.filters import DayRange
from staff.desk.page import NOTHING, Badge, Row, Section, moment, rows, two_lines
from staff.models import CaseDocument, User


@admin.register(CaseDocument)
class CaseDocumentAdmin(DocumentAdmin, CaseAdmin):
    document_field, digest_field, document_address = "file", "digest", "file"
    list_display = ["what", "state_badge", "pages", "brought", "attached"]
    list_display_links = ["what"]
    list_filter = ["kind", "source", ("at", DayRange)]
    tabs_field = "state"
    ordering = ["-at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaseDocument]:
        """Of the kinds of cases that the person may see; whose they are, the chain says."""
        kinds = [model._meta.label_lower for model in self._seen_by(request)]
        return super().get_queryset(request).filter(subject_type__in=kinds).select_related("uploaded_by")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may see the case, and nobody else: its own screen is asked."""
        if obj is None or not super().has_view_permission(request, obj):
            return super().has_view_permission(request, obj)
        screen = self.admin_site._registry.get(obj.case_model)
        case = screen.get_object(request, str(obj.subject_id)) if screen else None
        return case is not None and screen is not None and screen.has_view_permission(request, case)

    def _seen_by(self, request: HttpRequest) -> list[type[Model]]:
        models = {decision.model for decision in DECISIONS if isinstance(decision, AttachDocument)}
        screens = [(model, self.admin_site._registry.get(model)) for model in models]
        return [model for model, screen in screens if screen and screen.has_view_permission(request)]

    @admin.display(description=gettext_lazy("document on a case"), ordering="kind")
    def what(self, document: CaseDocument) -> SafeString:
        return two_lines(document_title(document), document.case_model._meta.verbose_name)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, document: CaseDocument) -> str:
        return str(document_badge(document))

    @admin.display(description=gettext_lazy("brought by"))
    def brought(self, document: CaseDocument) -> str:
        return str(document.uploaded_by or document.get_source_display())

    @admin.display(description=gettext_lazy("attached at"), ordering="at")
    def attached(self, document: CaseDocument) -> SafeString:
        return two_lines(*moment(document.at).split())

    def export_columns(self, person: User) -> list[Column]:
        return columns(
            CaseDocument,
            "chain",
            "kind",
            "kind_text",
            "state",
            "pages",
            "size",
            "source",
            "uploaded_by",
            "at",
            "digest",
        )

    def heading(self, record: CaseDocument) -> str:
        return str(record.case)

    def badge(self, record: CaseDocument) -> Badge:
        return document_badge(record)

    def document_name(self, record: CaseDocument) -> str:
        return f"{record.kind}-{record.pk}"

    def sections(self, record: CaseDocument, person: User) -> list[Section]:
        return [
            Section(_("File"), template="desk/case_files_view.html", content=self._viewed(record)),
            self.summary(record, person),
        ]

    def summary(self, case: CaseDocument, person: User) -> Section:
        struck_out = rows(case, "struck_out_reason") if case.struck_out_reason else []
        return Section(
            _("On file"),
            [
                Row(_("case"), case_link(case.case)),
                Row(_("type"), document_title(case)),
                *rows(case, "pages"),
                Row(_("size"), size_text(case)),
                Row(_("file's name"), case.name or NOTHING),
                *rows(case, "source"),
                *(rows(case, "uploaded_by") if case.uploaded_by_id else []),
                *rows(case, "at"),
                Row("SHA-256", format_html('<span class="digest">{}</span>', case.digest)),
                *struck_out,
            ],
        )

    def _viewed(self, document: CaseDocument) -> dict[str, Any]:
        """The file, and those before and after it on its case, the oldest first."""
        siblings = sorted(documents_on(document.case), key=lambda one: (one.at, one.pk))
        place = [one.pk for one in siblings].index(document.pk)
        kind = str(document.file.name).rpartition(".")[2]
        return {
            "kind": {"pdf": "pdf", "jpg": "image", "png": "image"}.get(kind, ""),
            "url": self.document_url(document),
            "number": place + 1,
            "of": len(siblings),
            "before": self.case_url(siblings[place - 1].pk) if place else "",
            "after": self.case_url(siblings[place + 1].pk) if place + 1 < len(siblings) else "",
            "title": document_title(document),
        }
