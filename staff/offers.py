"""What this room offers: accounts, units, what two people decide together, the working calendar, how staff are told,
the audit trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.checks import Tags
from django.utils.translation import gettext_lazy as _

from staff import accounts, calendar, case_files, proposals, reports, targets, word_lists
from staff.account_decisions import ACCOUNT_DECISIONS, CONFIRM, REQUEST_DECISIONS
from staff.admin.account import mixed_accounts_notice, profile_notice
from staff.admin.account_texts import FACTS
from staff.admin.calendar import NoticeWaits, notice_wanted
from staff.admin.channel import channels_fail
from staff.admin.first_days import empty_roster, few_confirm, no_channel, unconfirmed_parameters
from staff.admin.proposal_figure import SECOND_PERSON
from staff.admin.roster import roster_view
from staff.audit import chain_number
from staff.calendar_decisions import CALENDAR_DECISIONS, MANAGE
from staff.calendar_decisions import CONFIRM as CONFIRM_CALENDAR
from staff.case_file_decisions import StrikeOut
from staff.checks import Check, administrators_do_nothing_else
from staff.decisions import Decision
from staff.desk.export import EXPORTED
from staff.desk.home import Counter, Notice
from staff.desk.navigation import Group, Screen
from staff.desk.reports import files, mailing, running, runs, subscriptions
from staff.desk.reports.own_files import own_files_view
from staff.desk.reports.report import PERMISSION
from staff.events import Detail, words_of
from staff.house_exceptions import OF_THE_HOUSE
from staff.models import (
    AccountRequest,
    AccountRequestState,
    AuditEntry,
    CalendarYear,
    ChangeRequest,
    Proposal,
    ProposalState,
    Reminder,
    Unit,
    User,
)
from staff.offered import Periodic
from staff.parameter_decisions import ChangeParameter
from staff.parameters import PROFILE
from staff.proposal_decisions import PROPOSAL_DECISIONS, RETURNING
from staff.reminders import roster, sending, sweeping, wakeup
from staff.reminders.decisions import (
    ACKNOWLEDGE,
    ADDED,
    CHANNEL_DECISIONS,
    MANAGE_CHANNELS,
    MANAGE_ROSTER,
    REMINDER_DECISIONS,
)
from staff.reminders.telling import PASS_ON
from staff.roles import Role
from staff.unit_decisions import UNIT_DECISIONS
from staff.units import Held, Naming, name_of
from staff.word_list_decisions import WORD_LIST_DECISIONS

DECISIONS: list[Decision[Any]] = [
    *ACCOUNT_DECISIONS,
    *REQUEST_DECISIONS,
    *PROPOSAL_DECISIONS,
    ChangeParameter(),
    *WORD_LIST_DECISIONS,
    *CALENDAR_DECISIONS,
    *UNIT_DECISIONS,
    *CHANNEL_DECISIONS,
    *REMINDER_DECISIONS,
    StrikeOut(),
]
REPORTS = reports.ALL
EXCEPTIONS = OF_THE_HOUSE
EVENTS = [
    *accounts.EVENTS,
    *proposals.EVENTS,
    EXPORTED,
    files.EXPORTED,
    subscriptions.SUBSCRIBED,
    subscriptions.LEFT,
    mailing.MAILED,
    ADDED,
    roster.ENTERED,
    sending.SENT,
    sending.NOT_SENT,
    sweeping.PASSED_ON,
    sweeping.SETTLED,
]
PARAMETERS = [PROFILE, proposals.WAITS, PASS_ON]
WORD_LISTS = [RETURNING]
DETAILS = {
    **proposals.DETAILS,
    **case_files.DETAILS,
    "sha256": Detail("SHA-256"),
    **roster.DETAILS,
    "channel": Detail(_("channel")),
    "step": Detail(_("step")),
    "reason_code": Detail(_("reason chosen"), text=word_lists.called),
    "roles": Detail(_("roles"), words_of(Role.choices)),
    "roles_before": Detail(_("roles before"), words_of(Role.choices)),
    "unit": Detail(_("unit"), text=name_of),
    "unit_before": Detail(_("unit before"), text=name_of),
    "changed": Detail(_("changed"), FACTS),
    "active": Detail(_("active")),
    "asked_by": Detail(_("asked for by")),
    "account": Detail(_("sign-in name")),
    "link": Detail(
        _("link for the password"),
        {"mail": _("mailed to the owner"), "confirmer": _("shown to whoever confirmed")},
    ),
}

#: Whoever works by clocks may see by which days they run.
_VIEW_CALENDAR = "staff.view_calendaryear"
SCREENS = [
    Screen(_("Reports"), "monitoring", "admin:reports", PERMISSION, Group.REPORTS, 10),
    Screen(
        _("My files"),
        "folder_open",
        "admin:own_files",
        "staff.export_lists",
        Group.REPORTS,
        90,
        view=own_files_view,
    ),
    Screen(
        _("Waits for another person"),
        "pending_actions",
        "admin:staff_proposal_changelist",
        "staff.view_proposal",
        Group.CASES,
        90,
    ),
    Screen(
        _("Business parameters"),
        "tune",
        "admin:staff_businessparameter_changelist",
        "staff.view_businessparameter",
        Group.HOUSE,
        40,
    ),
    Screen(
        _("Lists of words"),
        "format_list_bulleted",
        "admin:staff_keptwordlist_changelist",
        "staff.view_keptwordlist",
        Group.HOUSE,
        45,
    ),
    Screen(
        _("Changes to confirm"),
        "rule",
        "admin:staff_changerequest_changelist",
        "staff.view_changerequest",
        Group.HOUSE,
        50,
    ),
    Screen(_("Accounts"), "group", "admin:staff_user_changelist", "staff.view_user", Group.HOUSE, 10),
    Screen(
        _("Account requests"),
        "how_to_reg",
        "admin:staff_accountrequest_changelist",
        "staff.view_accountrequest",
        Group.HOUSE,
        20,
    ),
    Screen(
        _("Roles held together"),
        "join",
        "admin:staff_rolecombination_changelist",
        "staff.view_rolecombination",
        Group.HOUSE,
        21,
    ),
    Screen(_("Units"), "account_tree", "admin:staff_unit_changelist", "staff.view_unit", Group.HOUSE, 22),
    Screen(
        _("Audit trail"),
        "fact_check",
        "admin:staff_auditentry_changelist",
        "staff.view_auditentry",
        Group.HOUSE,
        30,
    ),
    Screen(
        _("Working calendar"),
        "calendar_month",
        "admin:staff_calendaryear_changelist",
        _VIEW_CALENDAR,
        Group.HOUSE,
        40,
    ),
    Screen(_("Reminders"), "campaign", "admin:staff_reminder_changelist", "staff.view_reminder", Group.HOUSE, 60),
    Screen(
        _("Duty roster"),
        "badge",
        "admin:roster",
        "staff.view_rosterentry",
        Group.HOUSE,
        70,
        view=roster_view,
    ),
    Screen(_("Channels"), "add_alert", "admin:staff_channel_changelist", "staff.view_channel", Group.HOUSE, 80),
]
COUNTERS = [
    Counter(
        label=_("account requests to confirm"),
        model=AccountRequest,
        filters={"state": AccountRequestState.ASKED},
        permission="staff.view_accountrequest",
        duty=CONFIRM,
        on_data=True,
    ),
    Counter(
        label=_("notices of holidays to confirm"),
        model=CalendarYear,
        choice=(NoticeWaits, "entered"),
        permission=_VIEW_CALENDAR,
        duty=CONFIRM_CALENDAR,
        unless_zero=True,
        on_data=True,
    ),
    Counter(
        label=_("changes to confirm"),
        model=ChangeRequest,
        filters={"state": ProposalState.PROPOSED, "permission": proposals.CONFIRM_CHANGE},
        permission="staff.view_changerequest",
        duty=proposals.CONFIRM_CHANGE,
    ),
    Counter(
        label=_("reminders to acknowledge"),
        model=Reminder,
        filters={"closed_at": None},
        permission="staff.view_reminder",
        duty=ACKNOWLEDGE,
        unless_zero=True,
    ),
]
FIGURES = [SECOND_PERSON]
NAMINGS = [
    Naming(AuditEntry, User, {"pk": chain_number("account")}),
    Naming(AuditEntry, AccountRequest, {"pk": chain_number("account-request")}),
    Naming(AuditEntry, Unit, {"pk": chain_number("unit")}),
    Naming(Proposal, Unit, {"pk": chain_number("unit")}),
    Naming(AuditEntry, Reminder, {"pk": chain_number("reminder")}),
]
HELD = [Held(_("people"), lambda: User.objects.filter(is_active=True))]
NOTICES = [
    Notice(flag=mixed_accounts_notice, permissions=(CONFIRM,)),
    Notice(flag=profile_notice, permissions=(CONFIRM,)),
    Notice(flag=notice_wanted, permissions=(MANAGE,)),
    Notice(flag=channels_fail, permissions=(MANAGE_CHANNELS,)),
    Notice(flag=no_channel, permissions=(MANAGE_ROSTER,)),
    Notice(flag=empty_roster, permissions=(MANAGE_ROSTER,)),
    Notice(flag=few_confirm, permissions=(proposals.CONFIRM_CHANGE, "staff.ask_account")),
    Notice(flag=unconfirmed_parameters, permissions=(proposals.CONFIRM_CHANGE,)),
]

_CONFIRMS = {
    "staff.view_auditentry",
    "staff.view_user",
    "staff.view_rolecombination",
    "staff.view_accountrequest",
    "staff.confirm_account",
}
_LOOKS_AT_REMINDERS = {"staff.view_reminder", "staff.view_rosterentry"}
_IS_TOLD = _LOOKS_AT_REMINDERS | {ACKNOWLEDGE}
#: Whoever works on cases keeps documents and notes with them.
_KEEPS = {"staff.add_case_document", "staff.add_case_note"}
#: Whoever works on cases sees what waits for another person on them, and by which days the clocks run.
_WORKS = {"staff.export_lists", "staff.view_proposal", "staff.view_casedocument", _VIEW_CALENDAR, *_KEEPS} | _IS_TOLD
_READS_DATA = {"staff.view_businessparameter", "staff.view_keptwordlist", "staff.view_changerequest"}
_PROPOSES = _READS_DATA | {"staff.propose_change"}
GRANTS: dict[Role, set[str]] = {
    Role.UNDERWRITER: _WORKS | _PROPOSES,
    Role.REVIEWER: _WORKS | _PROPOSES,
    Role.CASHIER: _WORKS,
    Role.ACCOUNTANT: _WORKS | _PROPOSES | {PERMISSION},
    Role.ISSUER: _WORKS,
    Role.CLAIMS_HANDLER: _WORKS,
    Role.MANAGER: _CONFIRMS
    | _WORKS
    | _PROPOSES
    | {
        PERMISSION,
        "staff.confirm_change",
        "staff.view_unit",
        "staff.manage_units",
        MANAGE,
        CONFIRM_CALENDAR,
        "staff.view_channel",
        MANAGE_CHANNELS,
        MANAGE_ROSTER,
    },
    Role.AUDITOR: _CONFIRMS
    | (_WORKS - {ACKNOWLEDGE} - _KEEPS)
    | _READS_DATA
    | {
        "staff.export_lists",
        PERMISSION,
        "staff.view_unit",
        "staff.see_every_unit",
        CONFIRM_CALENDAR,
        "staff.view_channel",
    },
    #: Brings the robots' addresses in; a manager confirms them.
    Role.ADMINISTRATOR: _IS_TOLD
    | {
        "staff.view_changerequest",
        "staff.view_channel",
        MANAGE_CHANNELS,
        "staff.view_user",
        "staff.view_accountrequest",
        "staff.ask_account",
        "staff.view_unit",
        "staff.manage_units",
        "staff.see_every_unit",
    },
}

PERIODIC = [
    Periodic("staff.make_report_files", timedelta(seconds=3), running.turn),
    Periodic("staff.queue_subscribed_reports", timedelta(minutes=5), subscriptions.queue_due),
    Periodic("staff.expire_report_files", timedelta(minutes=10), runs.expire_due),
    Periodic("staff.lapse_proposals", timedelta(minutes=5), proposals.lapse_due),
    Periodic("staff.open_calendar_years", timedelta(hours=1), calendar.open_years),
    Periodic(wakeup.WORK, timedelta(seconds=10), sweeping.sweep),
    Periodic("staff.settle_reminders", timedelta(minutes=1), sweeping.settle_done),
    Periodic("staff.recount_targets", timedelta(minutes=5), targets.recount),
]
CHECKS = [Check(administrators_do_nothing_else, Tags.security, deploy=True)]
