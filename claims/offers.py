"""What this room offers: a beneficiary's demands, and the payments on them."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from claims import audit, book, deadline, decisions, exceptions, inbound, reminders, reports
from claims.admin.demand import demand_entry
from claims.blocking import carry_over, open_demand, settled_at
from claims.decisions.settle import RELEASE
from claims.flags import Flag
from claims.models import Demand, DemandState
from claims.word_lists import REFUSAL_OF_DEMANDS
from guarantees.blockers import Blocker
from guarantees.models import Application, Guarantee
from staff.desk.home import Counter
from staff.desk.navigation import Group, Screen
from staff.desk.panels import Panel
from staff.events import Detail, words_of
from staff.models import Proposal, ProposalState
from staff.offered import Periodic
from staff.roles import Role

HANDLERS = inbound.HANDLERS
MOVEMENTS = book.KINDS
BUILDERS = book.PAST
WITNESSES = [book.ROWS]
REPORTS = reports.ALL
EXCEPTIONS = exceptions.OF_DEMANDS
DECISIONS = decisions.ALL
EVENTS = audit.EVENTS
REMINDERS = reminders.REMINDERS
PARAMETERS = deadline.PARAMETERS
WORD_LISTS = [REFUSAL_OF_DEMANDS]
PERIODIC = [Periodic("claims.watch_clocks", timedelta(minutes=5), reminders.watch_clocks)]
DETAILS = {
    "flags": Detail(_("remarks"), words_of(Flag.choices)),
    "other_account": Detail(_("to another account than the demand names")),
}

SCREENS = [
    Screen(_("Claims"), "gavel", "admin:claims_demand_changelist", "claims.view_demand", Group.CASES, 30),
    Screen(
        _("Claim payments"),
        "receipt_long",
        "admin:claims_payment_changelist",
        "claims.view_payment",
        Group.MONEY,
        30,
    ),
]
COUNTERS = [
    Counter(
        label=_("claim payments to release"),
        model=Proposal,
        filters={"state": ProposalState.PROPOSED, "permission": RELEASE},
        permission="staff.view_proposal",
        duty=RELEASE,
    ),
    Counter(
        label=_("claims waiting"),
        model=Demand,
        filters={"state": DemandState.WAITING},
        permission="claims.view_demand",
        duty="claims.handle_demand",
    ),
    Counter(
        label=_("claims in hand"),
        model=Demand,
        filters={"state": DemandState.IN_HAND},
        permission="claims.view_demand",
        duty="claims.handle_demand",
    ),
]
PANELS = [
    Panel(_("Claims"), case, Demand, via, "claims.view_demand", demand_entry, place=10)
    for case, via in ((Application, "guarantee__application"), (Guarantee, "guarantee"))
]
BLOCKERS = [Blocker(obstacle=open_demand, settled_at=settled_at, carry_over=carry_over)]

_READ = {"claims.view_demand", "claims.view_payment"}
GRANTS: dict[Role, set[str]] = {
    Role.UNDERWRITER: _READ,
    Role.REVIEWER: _READ,
    Role.CASHIER: _READ,
    Role.ACCOUNTANT: _READ,
    Role.CLAIMS_HANDLER: _READ | {"claims.handle_demand"},
    Role.MANAGER: _READ | {RELEASE},
    Role.AUDITOR: _READ,
}
