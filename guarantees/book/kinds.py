"""What can happen, as lines of the book name it; the rooms offer the kinds."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from guarantees.models import GuaranteeState
from staff.looks import Text
from staff.offered import Offered


@dataclass(frozen=True)
class MovementKind:
    """`code` stands in the lines and never changes; 32 characters."""

    code: str
    label: Text


MOVEMENTS: Offered[MovementKind] = Offered("MOVEMENTS", MovementKind, known_by=lambda kind: kind.code)

APPROVED = MovementKind("approved", _("approved"))
CORRECTED = MovementKind("corrected", _("corrected and approved anew"))
ISSUED = MovementKind("issued", _("issued"))
REISSUED = MovementKind("reissued", _("issued again, corrected"))
RETURNED = MovementKind("returned", _("returned for correction"))
DEDUCTED = MovementKind("deducted", _("deducted by the purchaser"))
GIVEN_UP = MovementKind("given_up", _("abandoned"))
CANCELLED = MovementKind("order_cancelled", _("order cancelled"))
MOVED = MovementKind("moved", _("moved to another unit"))
#: How a guarantee ends; the code is made of the state.
ENDED = {
    state: MovementKind(f"ended.{state}", state.label)
    for state in (
        GuaranteeState.CANCELLED,
        GuaranteeState.SURRENDERED,
        GuaranteeState.EXPIRED,
        GuaranteeState.PAID_OUT,
        GuaranteeState.RUN_DOWN,
    )
}
#: All of them.
ENDS = tuple(ENDED.values())
RECEIPT = MovementKind("receipt", _("premium received"))
#: Of money that came while a withdrawal was open, once that is refused.
APPLIED = MovementKind("receipt.applied", _("applied from suspense"))
#: By which money becomes the premium.
PREMIUM = (RECEIPT, APPLIED)
WAIVED = MovementKind("waived", _("premium waived"))
TAKEN_ON_ACCOUNT = MovementKind("on_account", _("premium taken on account"))
REFUND_DUE = MovementKind("refund.due", _("refund due"))
REFUND_PAID = MovementKind("refund.paid", _("refund paid back"))
#: Of lines that are made afterwards, where no entry of the trail explains what the rows say.
CARRIED = MovementKind("carried", _("brought in line with the rows"))

KINDS = [
    APPROVED,
    CORRECTED,
    ISSUED,
    REISSUED,
    RETURNED,
    DEDUCTED,
    GIVEN_UP,
    CANCELLED,
    MOVED,
    *ENDS,
    RECEIPT,
    APPLIED,
    WAIVED,
    TAKEN_ON_ACCOUNT,
    REFUND_DUE,
    REFUND_PAID,
    CARRIED,
]


def kind_labels() -> dict[str, Text]:
    """Every kind's words by its code."""
    return {kind.code: kind.label for kind in MOVEMENTS}
