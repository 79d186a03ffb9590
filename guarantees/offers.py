"""What this room offers: from an application to a letter, and the letter's end."""

from __future__ import annotations

from datetime import timedelta

from django.core.checks import Tags
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext_lazy as _

from guarantees import audit, chains, checks, corrections, decisions, exceptions, inbound, reports, targets
from guarantees.admin.account_notice import no_premium_account
from guarantees.admin.book_notice import book_is_incomplete
from guarantees.admin.cancellation import cancellation_entry
from guarantees.admin.certificate import certificate_flag
from guarantees.admin.deduction import deduction_entry
from guarantees.admin.guarantee import EndsWithin
from guarantees.admin.receipt import receipt_entry
from guarantees.admin.refund import refund_entry
from guarantees.admin.searching import SEARCHED
from guarantees.admin.supplement import Supplements
from guarantees.admin.withdrawal import withdrawal_entry
from guarantees.applicants import links, requests
from guarantees.book import building, kinds, proof, totals
from guarantees.decisions import authority
from guarantees.decisions.wording import UPLOADED
from guarantees.document_types import DOCUMENTS
from guarantees.ending import end_due
from guarantees.former_codes import CANCELLATION_KINDS, WITHDRAWAL_KINDS
from guarantees.issuing import numbers, promised
from guarantees.issuing.certificate import WARNED_BEFORE, watch_certificate
from guarantees.models import (
    Application,
    ApplicationState,
    Cancellation,
    CancellationState,
    Deduction,
    Guarantee,
    GuaranteeState,
    Order,
    Receipt,
    Refund,
    UnitRule,
    UploadedWording,
    Withdrawal,
    WithdrawalState,
    WordingState,
)
from guarantees.money import refunds
from guarantees.money.account import PREMIUM_ACCOUNT
from guarantees.reports import figures
from guarantees.reports.paper.pages import write_pdf
from guarantees.word_lists import CORRECTION, GIVING_UP, REFUSAL, REJECTION, WAIVER
from protocol.models import Alert, Message, Notification
from protocol.names import choices_of, labels_of
from protocol.vocabulary import CancellationKind, WithdrawalKind
from staff.audit import chain_number
from staff.checks import Check
from staff.desk.home import Counter, Notice
from staff.desk.navigation import Group, Screen, Search
from staff.desk.panels import Panel
from staff.desk.reports.paper import Printer
from staff.events import Detail, words_of
from staff.models import AuditEntry, CaseDocument, CaseNote, Proposal, ProposalState
from staff.offered import Periodic
from staff.proposals import CONFIRM_CHANGE
from staff.roles import Role
from staff.units import Held, Naming

HANDLERS = inbound.HANDLERS
MOVEMENTS = kinds.KINDS
BUILDERS = building.PAST
WITNESSES = [proof.ROWS]
REPORTS = reports.ALL
CHAINS = [chains.ORDERS]
EXCEPTIONS = exceptions.OF_CASES
PRINTERS = [Printer("letter", write_pdf)]
FIGURES = [figures.EXPOSURE, figures.THIS_MONTH]
DECISIONS = decisions.ALL

EVENTS = [*audit.EVENTS, *requests.EVENTS, *links.EVENTS, numbers.VOIDED, refunds.DUE, UPLOADED, SEARCHED]
DETAILS = {
    "round": Detail(_("round")),
    "advance": Detail(_("advance asked for"), is_sum=True),
    "amount": Detail(_("amount"), is_sum=True),
    "premium": Detail(_("premium"), is_sum=True),
    "left": Detail(_("balance"), is_sum=True),
    "guarantee": Detail(_("guarantee number")),
    "reference": Detail(_("bank reference")),
    "particulars": Detail(_("digest of what it says")),
    "corrected": Detail(
        _("corrected"),
        {name: corrections.label(name) for name in {*corrections.ASKED_FOR, *corrections.APPROVED}},
    ),
    "kind": Detail(
        _("kind"),
        {
            **labels_of({**CANCELLATION_KINDS, **WITHDRAWAL_KINDS}),
            **words_of(choices_of(CancellationKind), choices_of(WithdrawalKind)),
        },
    ),
    "invalid_time": Detail(_("to end at")),
    "unit_rule": Detail(_("rule of arrival")),
}

SCREENS = [
    Screen(
        _("Applications"),
        "inbox",
        "admin:guarantees_application_changelist",
        "guarantees.view_application",
        Group.CASES,
        10,
        search=Search(_("Find an application"), _("Any number, name or code")),
    ),
    Screen(
        _("Guarantees"),
        "verified_user",
        "admin:guarantees_guarantee_changelist",
        "guarantees.view_guarantee",
        Group.CASES,
        20,
    ),
    Screen(
        _("Cancellations"),
        "event_busy",
        "admin:guarantees_cancellation_changelist",
        "guarantees.view_cancellation",
        Group.CASES,
        40,
    ),
    Screen(
        _("Cancellations and surrenders"),
        "undo",
        "admin:guarantees_withdrawal_changelist",
        "guarantees.view_withdrawal",
        Group.CASES,
        50,
    ),
    Screen(
        _("Other papers"),
        "description",
        "admin:guarantees_issuedpaper_changelist",
        "guarantees.view_issuedpaper",
        Group.CASES,
        60,
    ),
    Screen(
        _("Register of numbers"),
        "tag",
        "admin:guarantees_guaranteenumber_changelist",
        "guarantees.view_guaranteenumber",
        Group.CASES,
        70,
    ),
    Screen(
        _("Wordings"),
        "article",
        "admin:guarantees_uploadedwording_changelist",
        "guarantees.view_uploadedwording",
        Group.CASES,
        80,
    ),
    Screen(
        _("Rules of arrival"),
        "alt_route",
        "admin:guarantees_unitrule_changelist",
        "guarantees.view_unitrule",
        Group.HOUSE,
        24,
    ),
    Screen(
        _("Receipts"), "payments", "admin:guarantees_receipt_changelist", "guarantees.view_receipt", Group.MONEY, 10
    ),
    Screen(
        _("Refunds"),
        "currency_exchange",
        "admin:guarantees_refund_changelist",
        "guarantees.view_refund",
        Group.MONEY,
        20,
    ),
    Screen(
        _("Book"), "menu_book", "admin:guarantees_movement_changelist", "guarantees.view_movement", Group.REPORTS, 20
    ),
]
HELD = [
    Held(_("open applications"), lambda: Application.objects.waiting()),
    Held(_("rules of arrival"), lambda: UnitRule.objects.in_use()),
]
NAMINGS = [
    Naming(AuditEntry, UnitRule, {"pk": chain_number("unit-rule")}),
    Naming(Proposal, UnitRule, {"pk": chain_number("unit-rule")}),
    Naming(AuditEntry, Order, {"pk": chain_number("order")}),
    Naming(Proposal, Order, {"pk": chain_number("order")}),
    Naming(CaseDocument, Order, {"pk": chain_number("order")}),
    Naming(CaseNote, Order, {"pk": chain_number("order")}),
    Naming(Message, Order, {"connection": "connection", "number": "order_number"}),
    Naming(Message, Guarantee, {"application__order__connection": "connection", "number": "guarantee_number"}),
    Naming(Notification, Order, {"connection": "connection", "number": "queue"}),
    # It is about "<platform> <order>", a letter, or neither.
    Naming(Alert, Order, {"connection": "connection", "number": Substr("subject", Length("connection__name") + 2)}),
    Naming(Alert, Guarantee, {"number": "subject"}),
]
WORD_LISTS = [REJECTION, GIVING_UP, REFUSAL, WAIVER, CORRECTION, DOCUMENTS]
PARAMETERS = [
    authority.ALONE,
    authority.REVIEWED,
    PREMIUM_ACCOUNT,
    refunds.SMALL,
    *targets.PARAMETERS,
    *promised.PARAMETERS,
    WARNED_BEFORE,
    requests.DAYS,
    links.VALID_DAYS,
]
REMINDERS = requests.REMINDERS
COUNTERS = [
    *(
        Counter(
            label=label,
            model=Proposal,
            filters={"state": ProposalState.PROPOSED, "permission": permission},
            permission="staff.view_proposal",
            duty=permission,
        )
        for permission, label in (
            (authority.CONFIRM, _("approvals to confirm")),
            (authority.CONFIRM_LARGE, _("large approvals to confirm")),
            ("guarantees.confirm_receipt", _("large receipts to confirm")),
            ("guarantees.confirm_waiver", _("waivers to confirm")),
            ("guarantees.confirm_deduction", _("deductions to confirm")),
            ("guarantees.confirm_release", _("releases of guarantees to confirm")),
            ("guarantees.release_refund", _("small refunds to release")),
            ("guarantees.release_large_refund", _("larger refunds to release")),
        )
    ),
    Counter(
        label=_("new applications"),
        model=Application,
        filters={"state": ApplicationState.RECEIVED},
        permission="guarantees.view_application",
        duty="guarantees.approve_application",
    ),
    Counter(
        label=_("documents came"),
        model=Application,
        choice=(Supplements, "came"),
        permission="guarantees.view_application",
        duty="guarantees.approve_application",
        unless_zero=True,
    ),
    Counter(
        label=_("documents overdue"),
        model=Application,
        choice=(Supplements, "overdue"),
        permission="guarantees.view_application",
        duty="guarantees.approve_application",
        unless_zero=True,
    ),
    Counter(
        label=_("premium awaited"),
        model=Application,
        filters={"state": ApplicationState.APPROVED},
        permission="guarantees.view_application",
        duty="guarantees.settle_premium",
    ),
    Counter(
        label=_("ready to issue"),
        model=Application,
        filters={"state": ApplicationState.PAID},
        permission="guarantees.view_application",
        duty="guarantees.issue_guarantee",
    ),
    Counter(
        label=_("guarantees to correct"),
        model=Application,
        filters={"state": ApplicationState.RETURNED},
        permission="guarantees.view_application",
        duty="guarantees.approve_application",
    ),
    Counter(
        label=_("cancellations to decide"),
        model=Cancellation,
        filters={"state": CancellationState.RECEIVED},
        permission="guarantees.view_cancellation",
        duty="guarantees.decide_cancellation",
    ),
    Counter(
        label=_("cancellations and surrenders to decide"),
        model=Withdrawal,
        filters={"state": WithdrawalState.RECEIVED},
        permission="guarantees.view_withdrawal",
        duty="guarantees.decide_withdrawal",
    ),
    Counter(
        label=_("refunds due"),
        model=Refund,
        filters={"paid_at": None},
        permission="guarantees.view_refund",
        duty="guarantees.pay_refund",
    ),
    Counter(
        label=_("wordings to put into use"),
        model=UploadedWording,
        filters={"state": WordingState.DRAFT},
        permission="guarantees.view_uploadedwording",
        duty="guarantees.decide_wording",
        on_data=True,
    ),
    Counter(
        label=_("end within 30 days"),
        model=Guarantee,
        filters={"state": GuaranteeState.IN_FORCE},
        choice=(EndsWithin, "30"),
        permission="guarantees.view_guarantee",
    ),
    Counter(
        label=_("guarantees in force"),
        model=Guarantee,
        filters={"state": GuaranteeState.IN_FORCE},
        permission="guarantees.view_guarantee",
    ),
]
#: For whoever signs letters with it, and for whoever answers for it.
NOTICES = [
    Notice(flag=certificate_flag, permissions=("guarantees.issue_guarantee", "protocol.view_connection")),
    Notice(flag=no_premium_account, permissions=(CONFIRM_CHANGE,)),
    Notice(flag=book_is_incomplete, permissions=("staff.view_reports",)),
]

PANELS = [
    panel
    for case, letter, application, deduction in (
        (Application, "guarantee__application", "application", "guarantee__application"),
        (Guarantee, "guarantee", "application__guarantees", "guarantee"),
    )
    for panel in (
        Panel(
            _("Cancellations"),
            case,
            Cancellation,
            letter,
            "guarantees.view_cancellation",
            cancellation_entry,
            place=20,
            together=("guarantee",),
        ),
        Panel(
            _("Cancellations and surrenders"),
            case,
            Withdrawal,
            application,
            "guarantees.view_withdrawal",
            withdrawal_entry,
            place=30,
        ),
        Panel(
            _("Refunds"),
            case,
            Refund,
            application,
            "guarantees.view_refund",
            refund_entry,
            place=40,
            dated_by="due_at",
        ),
        Panel(
            _("Deductions"),
            case,
            Deduction,
            deduction,
            "guarantees.view_deduction",
            deduction_entry,
            place=45,
            dated_by="recorded_at",
        ),
        Panel(
            _("Receipts"),
            case,
            Receipt,
            application,
            "guarantees.view_receipt",
            receipt_entry,
            place=50,
            dated_by="paid_at",
            together=("recorded_by",),
        ),
    )
]

_READ = {
    "guarantees.view_application",
    "guarantees.view_guarantee",
    "guarantees.view_order",
    "guarantees.view_receipt",
    "guarantees.view_refund",
    "guarantees.view_cancellation",
    "guarantees.view_withdrawal",
    "guarantees.view_issuedpaper",
    "guarantees.view_uploadedwording",
    "guarantees.view_deduction",
    "guarantees.view_party",
}
#: Who answers for figures, or looks where they come from.
_BOOK = {"guarantees.view_movement"}
#: Who answers for the numbers of letters, or looks whether one is missing.
_NUMBERS = {"guarantees.view_guaranteenumber"}
#: What is another person's second look, be it a reviewer's or a colleague's.
_SECOND = {
    "guarantees.confirm_correction",
    "guarantees.check_release",
    "guarantees.confirm_deduction",
    "guarantees.view_personal_data",
}
#: Who judges applications also judges what ends them.
_JUDGE = (
    _READ
    | {
        "guarantees.approve_application",
        "guarantees.make_payment_notice",
        "guarantees.decide_cancellation",
        "guarantees.decide_withdrawal",
        "guarantees.record_deduction",
        "guarantees.waive_premium",
    }
    | _SECOND
)
GRANTS: dict[Role, set[str]] = {
    Role.UNDERWRITER: _JUDGE,
    Role.REVIEWER: _READ | _SECOND | {authority.CONFIRM},
    Role.CASHIER: _READ | {"guarantees.make_payment_notice", "guarantees.settle_premium", "guarantees.pay_refund"},
    Role.ACCOUNTANT: _READ | _BOOK | {"guarantees.release_refund", "guarantees.confirm_receipt"},
    Role.ISSUER: _READ | _NUMBERS | {"guarantees.issue_guarantee", "guarantees.give_up_application"},
    Role.CLAIMS_HANDLER: _READ
    | {"guarantees.view_personal_data", "guarantees.record_deduction", "guarantees.release_guarantee"},
    Role.MANAGER: _READ
    | _NUMBERS
    | _BOOK
    | {
        "guarantees.waive_premium",
        authority.CONFIRM,
        authority.CONFIRM_LARGE,
        "guarantees.confirm_waiver",
        "guarantees.confirm_receipt",
        "guarantees.confirm_deduction",
        "guarantees.give_up_application",
        "guarantees.release_guarantee",
        "guarantees.confirm_release",
        "guarantees.release_refund",
        "guarantees.release_large_refund",
        "guarantees.upload_wording",
        "guarantees.decide_wording",
        "guarantees.move_order",
        "guarantees.view_unitrule",
    },
    Role.AUDITOR: _READ | _NUMBERS | _BOOK | {"guarantees.view_unitrule"},
    #: What letters say is the manager's decision; the administrator brings the text in, and so is the second person.
    Role.ADMINISTRATOR: {
        "guarantees.view_uploadedwording",
        "guarantees.upload_wording",
        "guarantees.view_unitrule",
    },
}

PERIODIC = [
    Periodic("guarantees.end_guarantees", timedelta(minutes=1), end_due),
    Periodic("guarantees.add_up_book", timedelta(minutes=10), totals.add_up_all),
    Periodic("guarantees.watch_deadlines", timedelta(minutes=5), requests.watch_deadlines),
    Periodic("guarantees.watch_certificate", timedelta(hours=1), watch_certificate),
]
CHECKS = [
    Check(checks.the_wordings_can_be_used),
    Check(checks.the_institution_may_issue_its_wording),
    Check(checks.the_seal_can_be_used),
    Check(checks.the_typefaces_can_be_used),
    Check(checks.the_wordings_in_use_can_be_used, Tags.database),
    Check(checks.letters_can_be_issued, deploy=True),
]
