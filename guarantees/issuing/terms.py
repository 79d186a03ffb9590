"""What a letter says of its application: the terms that were approved, or before that those that were asked for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from guarantees.letter.wording.facts import FACTS
from guarantees.models import Application, Guarantee, GuaranteeState
from guarantees.validity import Validity, validity


def term(application: Application, issued_at: datetime) -> Validity:
    """The validity of a letter issued at that moment; it may end before it begins."""
    approval = application.approval
    return validity(
        start=approval.start if approval else application.start_date,
        end=approval.end if approval else application.end_date,
        months=application.guarantee_months,
        issued_at=issued_at,
    )


def particulars(application: Application, issued_at: datetime) -> dict[str, Any]:
    """The particulars of the case, as `institution.particulars` and `institution.sample` take them."""
    validity, old = term(application, issued_at), replaced(application)
    return {
        "issued_at": issued_at,
        **{fact.name: getattr(application, fact.name) for fact in FACTS},
        "amount": application.approval.amount if application.approval else application.advance_amount,
        "valid_from": validity.begins,
        "valid_until": validity.ends,
        "supersedes": old.number if old else "",
        "paid_before": old.used if old else Decimal(0),
    }


def replaced(application: Application) -> Guarantee | None:
    """The returned letter that the next one replaces (decisions B9)."""
    return application.guarantees.filter(state=GuaranteeState.RETURNED).order_by("-id").first()
