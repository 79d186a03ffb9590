"""The sidebar: every list that this person may see, in the order of the work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Per group: its title, and of each list its title, its icon, its name and the permission to see it.
GROUPS: list[tuple[str | Promise, list[tuple[str | Promise, str, str, str]]]] = [
    (
        _("Guarantees"),
        [
            (_("Applications"), "inbox", "guarantees_application", "guarantees.view_application"),
            (_("Letters"), "verified_user", "guarantees_guarantee", "guarantees.view_guarantee"),
            (_("Demands"), "gavel", "claims_demand", "claims.view_demand"),
            (_("Cancellations"), "event_busy", "guarantees_cancellation", "guarantees.view_cancellation"),
            (_("Withdrawals"), "undo", "guarantees_withdrawal", "guarantees.view_withdrawal"),
            (_("Other papers"), "description", "guarantees_issuedpaper", "guarantees.view_issuedpaper"),
            (_("Register of numbers"), "tag", "guarantees_guaranteenumber", "guarantees.view_guaranteenumber"),
            (_("Wordings"), "article", "guarantees_uploadedwording", "guarantees.view_uploadedwording"),
        ],
    ),
    (
        _("Money"),
        [
            (_("Receipts"), "payments", "guarantees_receipt", "guarantees.view_receipt"),
            (_("Refunds"), "currency_exchange", "guarantees_refund", "guarantees.view_refund"),
            (_("Payments on demands"), "receipt_long", "claims_payment", "claims.view_payment"),
        ],
    ),
    (
        _("Platforms"),
        [
            (_("Alerts"), "notifications_active", "protocol_alert", "protocol.view_alert"),
            (_("Notifications"), "outbox", "protocol_notification", "protocol.view_notification"),
            (_("Message journal"), "swap_horiz", "protocol_message", "protocol.view_message"),
            (_("Refusals by network"), "block", "protocol_refusaltally", "protocol.view_refusaltally"),
            (_("Connections"), "lan", "protocol_connection", "protocol.view_connection"),
        ],
    ),
    (
        _("House"),
        [
            (_("Accounts"), "group", "staff_user", "staff.view_user"),
            (_("Account requests"), "how_to_reg", "staff_accountrequest", "staff.view_accountrequest"),
            (_("Audit trail"), "fact_check", "staff_auditentry", "staff.view_auditentry"),
        ],
    ),
]


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups as the theme takes them; a group of which nothing may be seen is left out."""
    home = {
        "title": _("Home"),
        "icon": "home",
        "link": reverse("admin:index"),
        "active": request.path == reverse("admin:index"),
    }
    groups: list[dict[str, Any]] = [{"title": None, "items": [home]}]
    for title, lists in GROUPS:
        items = [
            {"title": label, "icon": icon, "link": link, "active": request.path.startswith(link)}
            for label, icon, name, permission in lists
            if request.user.has_perm(permission)
            for link in [reverse(f"admin:{name}_changelist")]
        ]
        if items:
            groups.append({"title": title, "items": items})
    return groups
