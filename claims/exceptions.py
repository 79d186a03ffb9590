"""What is out of the ordinary on demands."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.exceptions import ExceptionKind, among
from staff.looks import Text
from staff.models import AuditEntry


def _elsewhere(entry: AuditEntry) -> Text | None:
    return _("to another account than the demand names") if entry.details.get("other_account") else None


OF_DEMANDS = [
    ExceptionKind(
        "payee",
        gettext_lazy("Payee changed"),
        among("demand.payment_released", "demand.payment_released_anew", judged=_elsewhere),
    ),
]
