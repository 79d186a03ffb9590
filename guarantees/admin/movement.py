"""The book, line by line: what every figure is made of, and from each line the way to its case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.searching import FoldedSearch
from guarantees.book.kinds import kind_labels
from guarantees.book.posting import yuan
from guarantees.models import Application, Guarantee, Movement
from staff.desk.export import Column, columns
from staff.desk.filters import DayRange
from staff.desk.page import NOTHING, Row, Section, money, rows, two_lines
from staff.desk.record import RecordAdmin
from staff.models import User


class KindFilter(admin.SimpleListFilter):
    """What happened, of the kinds that the rooms offer."""

    title, parameter_name = gettext_lazy("business event"), "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return kind_labels().items()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Movement]) -> QuerySet[Movement]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


def kind_of(line: Movement) -> str:
    return str(kind_labels().get(line.kind, line.kind))


@admin.register(Movement)
class MovementAdmin(FoldedSearch, RecordAdmin):
    list_display = ["day", "event", "measure", "sum", "how_many", "case", "who"]
    list_display_links = ["day"]
    list_filter = [
        "measure",
        KindFilter,
        ("counts_on", DayRange),
        ("recorded_at", DayRange),
        ("platform", admin.RelatedOnlyFieldListFilter),
        "nature",
        "inferred",
    ]
    search_fields = ["order__number"]
    folded = {"application__": Application, "guarantee__": Guarantee}
    search_help_text = gettext_lazy("Order, guarantee number or name")
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Movement]:
        return super().get_queryset(request).select_related("application__order", "guarantee", "officer")

    @admin.display(description=gettext_lazy("counts from"), ordering="counts_on")
    def day(self, line: Movement) -> str:
        return line.counts_on.isoformat()

    @admin.display(description=gettext_lazy("business event"), ordering="kind")
    def event(self, line: Movement) -> str:
        return kind_of(line)

    @admin.display(description=gettext_lazy("amount (CNY)"), ordering="fen")
    def sum(self, line: Movement) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(yuan(line.fen)))

    @admin.display(description=gettext_lazy("how many"), ordering="count")
    def how_many(self, line: Movement) -> str:
        return str(line.count) if line.count else NOTHING

    @admin.display(description=gettext_lazy("case"), ordering="order__number")
    def case(self, line: Movement) -> SafeString:
        return two_lines(_case(line), line.application.applicant_name)

    @admin.display(description=gettext_lazy("officer"))
    def who(self, line: Movement) -> str:
        return str(line.officer or NOTHING)

    def export_columns(self, person: User) -> list[Column]:
        return [
            *columns(Movement, "counts_on", "recorded_at"),
            Column(gettext_lazy("business event"), kind_of),
            *columns(Movement, "measure"),
            Column(gettext_lazy("amount (CNY)"), lambda line: yuan(line.fen)),
            *columns(
                Movement,
                *(
                    "count",
                    "order__number",
                    "guarantee__number",
                    "applicant__name",
                    "purchaser__name",
                    "platform__name",
                ),
                *("unit__name", "nature", "region", "matures_on", "officer", "inferred", "evidence"),
            ),
        ]

    def heading(self, record: Movement) -> str:
        return record.application.applicant_name

    def sections(self, record: Movement, person: User) -> list[Section]:
        return [
            Section(
                _("Line of the book"),
                [
                    Row(_("case"), _case(record)),
                    Row(_("business event"), kind_of(record)),
                    *rows(record, "measure"),
                    Row(_("amount (CNY)"), money(yuan(record.fen))),
                    *rows(record, "count", "counts_on", "recorded_at", "officer"),
                ],
            ),
            Section(
                _("Told apart by"),
                rows(record, "applicant", "purchaser", "unit", "platform", "nature", "region", "matures_on"),
            ),
            *([Section(_("Known by"), rows(record, "evidence", "inferred"))] if record.evidence else []),
        ]


def _case(line: Movement) -> SafeString:
    """The letter where there is one, else the application."""
    case = line.guarantee or line.application
    return format_html('<a href="{}">{}</a>', reverse(_PAGES[type(case)], args=[case.pk]), case)


_PAGES = {Guarantee: "admin:guarantees_guarantee_change", Application: "admin:guarantees_application_change"}
