"""What is out of the ordinary on applications and letters."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.models import Settlement
from staff.exceptions import ExceptionKind, among
from staff.looks import Text
from staff.models import AuditEntry

#: A receipt that is recorded later than this after it came in.
LATE = timedelta(days=3)
#: Beyond these parts of the amount a premium is out of proportion: the trade takes 1 to 30 per mille.
LEAST, MOST = Decimal("0.001"), Decimal("0.03")


def _waived(entry: AuditEntry) -> Text | None:
    settlement = entry.details.get("settlement", "")
    return Settlement(settlement).label if settlement in (Settlement.WAIVED, Settlement.ON_ACCOUNT) else None


def _proportion(entry: AuditEntry) -> Text | None:
    try:
        premium, amount = Decimal(entry.details["premium"]), Decimal(entry.details["amount"])
    except (KeyError, TypeError, InvalidOperation):
        return None
    if not amount or LEAST <= premium / amount <= MOST:
        return None
    return _("%(premium)s of %(amount)s: %(rate)s ‰") % {
        "premium": f"{premium:,.2f}",
        "amount": f"{amount:,.2f}",
        "rate": f"{premium / amount * 1000:.2f}",
    }


def _backdated(entry: AuditEntry) -> Text | None:
    try:
        paid = datetime.fromisoformat(entry.details["paid_at"])
    except (KeyError, TypeError, ValueError):
        return None
    days = (entry.at - paid).days
    return _("%(days)d days after it came in") % {"days": days} if entry.at - paid > LATE else None


def _released(entry: AuditEntry) -> Text | None:
    return (entry.reason or _("released by hand")) if entry.actor_id and entry.from_state == "unreleased" else None


def _searched(entry: AuditEntry) -> Text | None:
    return str(entry.details.get("list", "")) or "—"


OF_CASES = [
    ExceptionKind(code, label, among(event, judged=judged))
    for code, label, event, judged in (
        ("waived", gettext_lazy("Premium waived or on account"), "premium.settled", _waived),
        ("proportion", gettext_lazy("Premium out of proportion"), "application.approved", _proportion),
        ("backdated", gettext_lazy("Receipt recorded late"), "receipt.recorded", _backdated),
        ("released", gettext_lazy("Ended without the purchaser's release"), "guarantee.expired", _released),
        ("searched", gettext_lazy("Personal data searched"), "personal_data.searched", _searched),
    )
]
