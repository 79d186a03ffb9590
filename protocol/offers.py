"""What this room offers: connections to platforms, what was received and sent, and what went wrong."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.checks import Tags
from django.utils.translation import gettext_lazy as _

from protocol import alerts, audit, checks, decisions, reports
from protocol.admin.notices import search_behind, silence
from protocol.delivery.sweeping import LATE_AFTER, alert_undelivered, sweep
from protocol.models import Alert, Notification
from protocol.models.outbox import NotificationState
from protocol.prep.family import PREP
from protocol.reports.figures import DELIVERY
from staff.checks import Check
from staff.desk.home import Counter, Notice
from staff.desk.navigation import Group, Screen
from staff.events import Detail
from staff.offered import Periodic
from staff.roles import Role

FAMILIES = [PREP]

DECISIONS = decisions.ALL
REPORTS = reports.ALL
FIGURES = [DELIVERY]
EVENTS = audit.EVENTS
DETAILS = {
    "suspended": Detail(_("suspended")),
    "parked": Detail(_("delivery parked")),
    "dialect": Detail(_("dialect")),
}

SCREENS = [
    Screen(
        _("Alerts"),
        "notifications_active",
        "admin:protocol_alert_changelist",
        "protocol.view_alert",
        Group.PLATFORMS,
        10,
    ),
    Screen(
        _("Notifications"),
        "outbox",
        "admin:protocol_notification_changelist",
        "protocol.view_notification",
        Group.PLATFORMS,
        20,
    ),
    Screen(
        _("Message journal"),
        "swap_horiz",
        "admin:protocol_message_changelist",
        "protocol.view_message",
        Group.PLATFORMS,
        30,
    ),
    Screen(
        _("Refusals by network"),
        "block",
        "admin:protocol_refusaltally_changelist",
        "protocol.view_refusaltally",
        Group.PLATFORMS,
        40,
    ),
    Screen(
        _("Connections"),
        "lan",
        "admin:protocol_connection_changelist",
        "protocol.view_connection",
        Group.PLATFORMS,
        50,
    ),
]
COUNTERS = [
    Counter(
        label=_("notifications on their way"),
        model=Notification,
        filters={"state": NotificationState.WAITING},
        permission="protocol.view_notification",
    ),
    Counter(
        label=_("notifications that need attention"),
        model=Notification,
        filters={"state": NotificationState.ATTENTION},
        permission="protocol.view_notification",
        duty="protocol.settle_notification",
        alert=True,
    ),
    Counter(
        label=_("open alerts"),
        model=Alert,
        filters={"seen_at": None},
        permission="protocol.view_alert",
        duty="protocol.settle_alert",
        alert=True,
    ),
]
NOTICES = [
    Notice(flag=silence, permissions=("protocol.view_notification",)),
    Notice(flag=search_behind, permissions=("protocol.change_connection",)),
]

_READ = {
    "protocol.view_connection",
    "protocol.view_message",
    "protocol.view_notification",
    "protocol.view_attempt",
    "protocol.view_alert",
}
#: A case's timeline includes what the platform said and was told; what a message holds is not shown with it.
_FOLLOW = {"protocol.view_message", "protocol.view_notification"}
GRANTS: dict[Role, set[str]] = {
    Role.UNDERWRITER: _FOLLOW,
    Role.REVIEWER: _FOLLOW,
    Role.CASHIER: _FOLLOW,
    Role.ACCOUNTANT: _FOLLOW,
    Role.ISSUER: _FOLLOW,
    Role.CLAIMS_HANDLER: _FOLLOW | {"protocol.view_alert", "protocol.settle_alert", "protocol.read_refused_demands"},
    Role.MANAGER: _READ | {"protocol.settle_notification", "protocol.settle_alert"},
    Role.AUDITOR: _READ | {"protocol.read_message_content", "protocol.read_refusals", "protocol.view_refusaltally"},
    Role.ADMINISTRATOR: _READ
    | {
        "protocol.add_connection",
        "protocol.read_refusals",
        "protocol.view_refusaltally",
        "protocol.change_connection",
        "protocol.settle_notification",
        "protocol.settle_alert",
    },
}

REMINDERS = list(alerts.REMINDERS.values())
PARAMETERS = [LATE_AFTER]
PERIODIC = [
    Periodic("protocol.sweep", settings.DELIVERY_SWEEP, sweep),
    Periodic("protocol.alert_undelivered", timedelta(minutes=10), alert_undelivered),
]
CHECKS = [
    Check(checks.every_transcode_has_a_handler),
    Check(checks.every_family_tells_what_is_asked),
    Check(checks.the_arithmetic_knows_its_answers),
    Check(checks.connections_are_closed_to_strangers, Tags.security, deploy=True),
]
