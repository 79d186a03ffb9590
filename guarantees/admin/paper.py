"""The other papers: the list, the page of one, its file, and where they stand on the pages of cases."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.searching import FoldedSearch
from guarantees.letter.wording.wordings import in_words
from guarantees.models import Application, Guarantee, IssuedPaper
from staff.desk.document import DocumentAdmin
from staff.desk.export import Column, columns
from staff.desk.filters import DayRange
from staff.desk.page import NOTHING, Row, Section, moment, rows, two_lines
from staff.desk.record import RecordAdmin
from staff.models import User


@admin.register(IssuedPaper)
class IssuedPaperAdmin(FoldedSearch, DocumentAdmin, RecordAdmin):
    document_field, digest_field, document_address = "file", "file_digest", "file"
    list_display = ["numbers", "kind", "parties", "guarantee_number", "made", "made_by"]
    list_display_links = ["numbers"]
    list_filter = [
        ("application__order__connection", admin.RelatedOnlyFieldListFilter),
        ("made_at", DayRange),
    ]
    tabs_field = "kind"
    search_fields = ["number", "verification_code__iexact"]
    folded = {"guarantee__": Guarantee, "application__": Application}
    search_help_text = gettext_lazy("Paper number, order, guarantee number, verification code, name")
    ordering = ["-made_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[IssuedPaper]:
        return super().get_queryset(request).select_related("application__order__connection", "guarantee", "made_by")

    def document_name(self, record: IssuedPaper) -> str:
        return record.number

    # --- The list -------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("paper number"), ordering="number")
    def numbers(self, paper: IssuedPaper) -> SafeString:
        return two_lines(paper.number, paper.application)

    @admin.display(description=gettext_lazy("applicant and beneficiary"), ordering="application__applicant_name")
    def parties(self, paper: IssuedPaper) -> SafeString:
        return two_lines(paper.application.applicant_name, paper.application.beneficiary_name)

    @admin.display(description=gettext_lazy("guarantee number"), ordering="guarantee__number")
    def guarantee_number(self, paper: IssuedPaper) -> str:
        return paper.guarantee.number if paper.guarantee else NOTHING

    @admin.display(description=gettext_lazy("made at"), ordering="made_at")
    def made(self, paper: IssuedPaper) -> SafeString:
        return two_lines(*moment(paper.made_at).split())

    # --- The page -------------------------------------------------------------------------------------------

    def export_columns(self, person: User) -> list[Column]:
        return [
            *columns(
                IssuedPaper,
                "application__order__connection__name",
                "number",
                "kind",
                "application__order__number",
                "application__applicant_name",
                "application__beneficiary_name",
                "made_at",
                "made_by",
            ),
            Column(gettext_lazy("wording"), lambda paper: in_words(paper.wording)),
            *columns(IssuedPaper, "file_digest"),
        ]

    def heading(self, record: IssuedPaper) -> str:
        application = record.application
        return f"{record.get_kind_display()} · {application.applicant_name} → {application.beneficiary_name}"

    def sections(self, record: IssuedPaper, person: User) -> list[Section]:
        return [
            _section([record], framed=True),
            Section(
                _("Particulars"),
                [
                    *rows(record, "number", "kind"),
                    Row(_("application"), _link("guarantees_application", record.application_id, record.application)),
                    *(
                        [Row(_("guarantee"), _link("guarantees_guarantee", record.guarantee.pk, record.guarantee))]
                        if record.guarantee
                        else []
                    ),
                    *rows(record, "made_at", "made_by", "verification_code"),
                    Row(_("wording"), in_words(record.wording)),
                    Row(_("the file's SHA-256"), record.file_digest, "code"),
                ],
            ),
        ]


def papers_section(papers: Iterable[IssuedPaper]) -> list[Section]:
    """What the page of a case shows of the papers made for it; nothing where there are none."""
    made = list(papers)
    return [_section(made)] if made else []


def _section(papers: list[IssuedPaper], *, framed: bool = False) -> Section:
    shown = [
        {
            "paper": paper,
            "name": paper.get_kind_display(),
            "made": f"{moment(paper.made_at)} · {paper.made_by}",
            "framed": framed,
        }
        for paper in papers
    ]
    return Section(_("Papers"), template="desk/papers.html", content=shown, anchor="papers")


def _link(name: str, pk: int, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{name}_change", args=[pk]), text)
