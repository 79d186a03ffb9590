"""What PREP102 and PREP108 tell the platform (decisions B4, B5, B8 to B12, F2)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from guarantees.models import Application, Cancellation, Guarantee
from protocol.delivery.outbox import enqueue
from protocol.models import Notification
from protocol.vocabulary import ApplicationOutcome, Means, Transcode
from protocol.wire_language import WireText
from protocol.wire_language import gettext_noop as _


class Notice(WireText):
    """What the platform reads in cancelNotice of PREP108."""

    NOT_CANCELLED = _("not cancelled: %(reason)s")


def message(application: Application, outcome: ApplicationOutcome) -> str:
    """What people call what the application's platform is told: "PREP102 05"."""
    return application.order.connection.speaks.message(Transcode.APPLICATION_STATUS, outcome)


def approved(application: Application) -> Notification:
    return _status(application, ApplicationOutcome.APPROVED)


def rejected(application: Application, reason: str) -> Notification:
    return _status(application, ApplicationOutcome.REJECTED, reason=reason)


def issued(guarantee: Guarantee) -> Notification:
    return _status(
        guarantee.application,
        ApplicationOutcome.ISSUED,
        guarantee_number=guarantee.number,
        amount=guarantee.amount,
        valid_from=guarantee.valid_from,
        valid_until=guarantee.valid_until,
        issued_at=guarantee.issued_at,
        applicant_name=guarantee.application.applicant_name,
    )


def given_up(application: Application, reason: str) -> Notification:
    return _status(application, ApplicationOutcome.FAILED, reason=reason)


def premium_settled(application: Application, *, amount: Decimal, at: datetime, means: Means) -> Notification:
    return _status(application, ApplicationOutcome.PAID, paid_at=at, premium=amount, means=means)


def order_cancelled(application: Application) -> Notification:
    return _status(application, ApplicationOutcome.CANCELLED)


def cancelling_refused(application: Application, reason: str) -> Notification:
    return _status(application, ApplicationOutcome.CANCELLATION_REFUSED, reason=reason)


def surrendered(application: Application) -> Notification:
    return _status(application, ApplicationOutcome.SURRENDERED)


def surrender_refused(application: Application, reason: str) -> Notification:
    return _status(application, ApplicationOutcome.SURRENDER_REFUSED, reason=reason)


def guarantee_cancelled(cancellation: Cancellation, at: datetime, notice: str = "") -> Notification:
    """PREP108: a cancellation or a return is in effect; in one dialect, also that it was refused (decisions B10)."""
    return enqueue(
        connection=cancellation.order.connection,
        queue=cancellation.order.number,
        transcode=Transcode.CANCELLATION_OUTCOME,
        facts={"guarantee_number": cancellation.guarantee.number, "cancelled_at": at, "notice": notice or None},
    )


def _status(application: Application, outcome: ApplicationOutcome, **facts: Any) -> Notification:
    return enqueue(
        connection=application.order.connection,
        queue=application.order.number,
        transcode=Transcode.APPLICATION_STATUS,
        facts={"order_number": application.order.number, "status": outcome, **facts},
    )
