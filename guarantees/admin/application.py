"""The desk's main screen: the list of applications, and the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.application_preview import PreviewAdmin, preview_link, preview_section
from guarantees.admin.certificate import issue_flags
from guarantees.admin.guarantee import letter_content
from guarantees.admin.order_case import OrderCaseAdmin
from guarantees.admin.paper import papers_section
from guarantees.admin.personal import PERSONAL, beyond_rows, may_see_personal_data, personal_columns, personal_rows
from guarantees.admin.requests import requests_flags
from guarantees.admin.searching import FoldedSearch
from guarantees.admin.supplement import Supplements, look_up_once, supplement_flags, supplement_sections
from guarantees.badges import application_badge
from guarantees.decisions.correction import correction_texts, open_correction
from guarantees.former_codes import PURCHASE_NATURES
from guarantees.models import Application, ApplicationState, Approval, Guarantee, IssuedPaper
from guarantees.models.application import WAITING
from guarantees.money.receipts import still_due
from guarantees.underwriting.rules import findings
from guarantees.word_lists import GIVING_UP, REJECTION
from protocol import folding
from staff import clock
from staff.desk.export import Column, columns
from staff.desk.filters import AmountRange, DayRange, by_reason, once_called
from staff.desk.page import Badge, Flag, Row, Section, Tone, age, day, moment, money, rows, two_lines
from staff.desk.targets import TargetList
from staff.models import User


@admin.register(Application)
class ApplicationAdmin(TargetList, FoldedSearch, PreviewAdmin, OrderCaseAdmin):
    open_states = WAITING
    list_display = ["number", "who", "what", "asked", "state_badge", "target", "received"]
    list_display_links = ["number"]
    list_filter = [
        ("order__connection", admin.RelatedOnlyFieldListFilter),
        ("purchase_nature", once_called(PURCHASE_NATURES)),
        ("received_at", DayRange),
        ("advance_amount", AmountRange),
        Supplements,
        by_reason(REJECTION, GIVING_UP),
    ]
    tabs_field = "state"
    search_fields = ["order__number"]
    folded = {"": Application}
    personal_search = True
    search_help_text = gettext_lazy("Number, name, code, telephone or ID number")
    search_help_without_personal_data = gettext_lazy("Number, name or code")
    ordering = ["-received_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        people = ("approval__approved_by", "approval__confirmed_by", "settled_by")
        return super().get_queryset(request).select_related("order__connection", *people)

    def found(self, word: str) -> Q:
        """Also by the number of a letter or another paper of the application."""
        papers = IssuedPaper.objects.filter(number__iexact=word).values("application")
        letters = Guarantee.objects.filter(folded=folding.number(word)).values("application")
        return super().found(word) | Q(pk__in=letters) | Q(pk__in=papers)

    # --- The list -------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("order"), ordering="order__number")
    def number(self, application: Application) -> SafeString:
        return two_lines(str(application), application.order.connection.name)

    @admin.display(description=gettext_lazy("applicant"), ordering="applicant_name")
    def who(self, application: Application) -> SafeString:
        return two_lines(application.applicant_name, application.applicant_code)

    @admin.display(description=gettext_lazy("project"), ordering="project_name")
    def what(self, application: Application) -> SafeString:
        return two_lines(application.project_name, application.beneficiary_name)

    @admin.display(description=gettext_lazy("advance (CNY)"), ordering="advance_amount")
    def asked(self, application: Application) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(application.advance_amount))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, application: Application) -> str:
        return str(application_badge(application))

    @admin.display(description=gettext_lazy("received at"), ordering="received_at")
    def received(self, application: Application) -> SafeString:
        waits = age(application.received_at, clock.now()) if application.is_waiting else ""
        on, at = moment(application.received_at).split()
        return two_lines(on, f"{at[:5]} · {waits}" if waits else at[:5])

    # --- The page -------------------------------------------------------------------------------------------

    def export_columns(self, person: User) -> list[Column]:
        return [
            *columns(
                Application,
                "order__connection__name",
                "order__number",
                "round",
                "state",
                "received_at",
                "applicant_name",
                "applicant_code",
                "applicant_address",
                "beneficiary_name",
                "beneficiary_code",
                "project_name",
                "project_code",
                "section_name",
                "section_code",
                "purchase_nature",
                "award_date",
                "award_amount",
                "advance_amount",
                "guarantee_months",
                "contract_months",
                "approval__amount",
                "approval__premium",
                "settlement",
                "approval__approved_by",
                "approval__confirmed_by",
                "approval__approved_at",
                "settled_by",
                "settled_at",
                "failure",
                "reason_code",
            ),
            *personal_columns(Application, PERSONAL, person),
        ]

    def page_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        look_up_once(record)
        return super().page_context(request, record)

    def heading(self, record: Application) -> str:
        return f"{record.applicant_name} · {record.project_name}"

    def badge(self, record: Application) -> Badge:
        return application_badge(record)

    def flags(self, record: Application, person: User) -> list[Flag]:
        flags = []
        if record.last_issue_error and record.state == ApplicationState.PAID:
            flags.append(Flag(_("Issuing failed: %(error)s") % {"error": record.last_issue_error}, Tone.BAD))
        flags += issue_flags(record, person, clock.now())
        flags += requests_flags(record)
        flags += supplement_flags(record)
        if record.is_waiting:
            flags += [Flag(finding.text) for finding in findings(record, clock.today())]
        if record.round > 1:
            flags.append(
                Flag(_("Round %(number)d of this order; the earlier ones have ended.") % {"number": record.round})
            )
        return flags

    def sections(self, record: Application, person: User) -> list[Section]:
        letters = list(record.guarantees.order_by("-id"))
        return [
            *supplement_sections(record, person),
            *([preview_section(record)] if record.is_waiting else []),
            *([_letters_section(letters)] if letters else []),
            *papers_section(record.papers.select_related("made_by")),
            *([_terms_section(record)] if record.approval or record.failure else []),
            *_approvals_section(record),
            *([_premium_section(record)] if record.approval else []),
        ]

    def background(self, case: Application, person: User) -> list[Section]:
        return [
            *_correction_sections(case),
            _asked_section(case, person),
            _applicant_section(case, person),
            _procurement_section(case),
        ]

    def summary(self, case: Application, person: User) -> Section:
        return Section(
            str(case),
            [
                *rows(
                    case,
                    "applicant_name",
                    "project_name",
                    "beneficiary_name",
                    "award_amount",
                    "advance_amount",
                ),
                Row(_("term"), _term(case)),
                *(rows(case.approval, "amount", "premium") if case.approval else []),
                *([Row(_("letter"), preview_link(case))] if case.is_waiting else []),
            ],
        )


def _term(application: Application) -> str:
    months = _("%(number)d months") % {"number": application.guarantee_months}
    if application.start_date or application.end_date:
        return f"{months} ({day(application.start_date)} – {day(application.end_date)})"
    return months


def _approved_term(approval: Approval, months: int) -> str:
    begins = day(approval.start) if approval.start else _("the day of issue")
    if approval.end:
        return f"{begins} – {day(approval.end)}"
    return _("%(months)d months from %(begins)s") % {"months": months, "begins": begins}


def _asked_section(application: Application, person: User) -> Section:
    return Section(
        _("Advance and term asked for"),
        [
            *rows(application, "advance_amount"),
            Row(_("guarantee term"), _term(application)),
            *rows(application, "contract_months", "received_at"),
            *beyond_rows({**application.ext_fields, **application.unknown_fields}, person),
        ],
    )


def _correction_sections(application: Application) -> list[Section]:
    """What waits to be confirmed, and what the platform said before corrections."""
    sections = []
    if proposed := open_correction(application):
        sections.append(
            Section(
                _("Correction to be confirmed"),
                [
                    *(Row(label, text) for label, text in correction_texts(proposed)),
                    *rows(proposed, "reason", "proposed_by", "proposed_at"),
                ],
            )
        )
    if application.as_received:
        received = [
            Row(getattr(Application._meta.get_field(name), "verbose_name", name), text)
            for name, text in application.as_received.items()
        ]
        sections.append(Section(_("As received, before corrections"), received))
    return sections


def _applicant_section(application: Application, person: User) -> Section:
    return Section(
        _("Applicant"),
        [
            *rows(application, "applicant_name", "applicant_code", "applicant_address"),
            *personal_rows(application, PERSONAL, person),
        ],
        note="" if may_see_personal_data(person) else _("Personal data is masked for your roles."),
    )


def _procurement_section(application: Application) -> Section:
    return Section(
        _("Procurement"),
        rows(
            application,
            "project_name",
            "project_code",
            "section_name",
            "section_code",
            "purchase_nature",
            "award_date",
            "award_amount",
            "beneficiary_name",
            "beneficiary_code",
        ),
    )


def _terms_section(application: Application) -> Section:
    approval = application.approval
    if approval is None:
        return Section(_("Decision"), rows(application, "failure"))
    return Section(
        _("Decision"),
        [
            *rows(approval, "amount", "premium"),
            Row(_("valid"), _approved_term(approval, application.guarantee_months)),
            *rows(approval, "approved_by", *(["confirmed_by"] if approval.confirmed_by else []), "approved_at"),
            *(rows(application, "failure") if application.failure else []),
        ],
    )


def _approvals_section(application: Application) -> list[Section]:
    """Every approval of the order, where the present one is not the only one."""
    approvals = Approval.objects.filter(application__order=application.order_id).select_related(
        "application__order", "approved_by", "confirmed_by"
    )
    if len(approvals) < 2:
        return []
    listed = [
        Row(
            f"{approval.application} {approval.get_kind_display()}",
            " · ".join(
                [
                    money(approval.amount),
                    "、".join(str(one) for one in (approval.approved_by, approval.confirmed_by) if one),
                    moment(approval.approved_at),
                    *([_("made from the trail")] if approval.inferred else []),
                ]
            ),
            "wide",
        )
        for approval in approvals
    ]
    return [Section(_("All approvals of this order"), listed)]


def _premium_section(application: Application) -> Section:
    settled = (
        rows(application, "settlement", "settled_by", "settled_at")
        if application.settlement
        else [Row(_("still due"), money(still_due(application)), "amount")]
    )
    return Section(_("Premium"), settled)


def _letters_section(letters: list[Guarantee]) -> Section:
    return Section(
        _("Letter"),
        template="desk/letters.html",
        content=[letter_content(letter) for letter in letters],
        anchor="letter",
    )
