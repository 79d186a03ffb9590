"""The register of guarantee numbers: a list to read and to export, so that no number is without its reason."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.searching import FoldedSearch
from guarantees.badges import number_badge
from guarantees.models import Application, GuaranteeNumber
from staff.desk.export import Column, columns
from staff.desk.filters import DayRange
from staff.desk.page import NOTHING, Badge, Row, Section, moment, rows, two_lines
from staff.desk.record import RecordAdmin
from staff.models import User


@admin.register(GuaranteeNumber)
class GuaranteeNumberAdmin(FoldedSearch, RecordAdmin):
    list_display = ["numbers", "state_badge", "applicant", "taken", "ended", "reason"]
    list_display_links = ["numbers"]
    list_filter = [
        ("application__order__connection", admin.RelatedOnlyFieldListFilter),
        ("taken_at", DayRange),
    ]
    tabs_field = "state"
    search_fields = ["number"]
    folded = {"application__": Application}
    search_help_text = gettext_lazy("Guarantee number, order, name")
    ordering = ["-taken_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GuaranteeNumber]:
        return super().get_queryset(request).select_related("application__order__connection", "guarantee")

    @admin.display(description=gettext_lazy("guarantee number"), ordering="number")
    def numbers(self, number: GuaranteeNumber) -> SafeString:
        return two_lines(number.number, number.application or NOTHING)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, number: GuaranteeNumber) -> str:
        return str(number_badge(number))

    @admin.display(description=gettext_lazy("applicant"), ordering="application__applicant_name")
    def applicant(self, number: GuaranteeNumber) -> str:
        return number.application.applicant_name if number.application else NOTHING

    @admin.display(description=gettext_lazy("taken at"), ordering="taken_at")
    def taken(self, number: GuaranteeNumber) -> SafeString:
        return two_lines(*moment(number.taken_at).split())

    @admin.display(description=gettext_lazy("issued or void"))
    def ended(self, number: GuaranteeNumber) -> str | SafeString:
        at = number.guarantee.issued_at if number.guarantee else number.voided_at
        return two_lines(*moment(at).split()) if at else NOTHING

    def export_columns(self, person: User) -> list[Column]:
        return columns(
            GuaranteeNumber,
            "number",
            "state",
            "application__order__connection__name",
            "application__order__number",
            "application__applicant_name",
            "taken_at",
            "guarantee__issued_at",
            "voided_at",
            "reason",
        )

    def badge(self, record: GuaranteeNumber) -> Badge:
        return number_badge(record)

    def sections(self, record: GuaranteeNumber, person: User) -> list[Section]:
        return [
            Section(
                _("Guarantee number"),
                [
                    *rows(record, "number", "state", "taken_at"),
                    *_linked(record.application),
                    *_letter(record),
                    *([] if record.voided_at is None else rows(record, "voided_at", "reason")),
                ],
            )
        ]


def _linked(application: Application | None) -> list[Row]:
    if application is None:
        return []
    url = reverse("admin:guarantees_application_change", args=[application.pk])
    return [
        Row(_("application"), format_html('<a href="{}">{}</a>', url, application)),
        *rows(application, "applicant_name"),
    ]


def _letter(record: GuaranteeNumber) -> list[Row]:
    if record.guarantee is None:
        return []
    url = reverse("admin:guarantees_guarantee_change", args=[record.guarantee.pk])
    return [
        Row(_("guarantee"), format_html('<a href="{}">{}</a>', url, record.guarantee)),
        *rows(record.guarantee, "issued_at"),
    ]
