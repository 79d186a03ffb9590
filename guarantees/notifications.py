"""What PREP102 and PREP108 tell the platform (decisions B4, B5, B8 to B12, F2)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from guarantees.models import Application, Cancellation, Guarantee, Means
from protocol.delivery.outbox import enqueue
from protocol.models import Notification
from protocol.prep.codes import ApplicationStatus, PayType, Transcode
from protocol.wire_language import WireText
from protocol.wire_language import gettext_noop as _


class Notice(WireText):
    """What the platform reads in cancelNotice of PREP108."""

    NOT_CANCELLED = _("not cancelled: %(reason)s")


def approved(application: Application) -> Notification:
    return _status(application, ApplicationStatus.APPROVED)


def rejected(application: Application, reason: str) -> Notification:
    return _status(application, ApplicationStatus.REJECTED, failReason=reason)


def issued(guarantee: Guarantee) -> Notification:
    return _status(
        guarantee.application,
        ApplicationStatus.ISSUED,
        guaranteeId=guarantee.number,
        guaranteeAmt=guarantee.amount,
        validTimeStart=guarantee.valid_from,
        validTimeEnd=guarantee.valid_until,
        letterOfTime=guarantee.issued_at,
        companyName=guarantee.application.applicant_name,
    )


def given_up(application: Application, reason: str) -> Notification:
    return _status(application, ApplicationStatus.FAILED, failReason=reason)


def premium_settled(application: Application, *, amount: Decimal, at: datetime, means: Means) -> Notification:
    return _status(application, ApplicationStatus.PAID, payTime=at, payAmt=amount, payType=PayType.of(means))


def order_cancelled(application: Application) -> Notification:
    return _status(application, ApplicationStatus.CANCELLED)


def cancelling_refused(application: Application, reason: str) -> Notification:
    return _status(application, ApplicationStatus.CANCELLATION_REFUSED, failReason=reason)


def surrendered(application: Application) -> Notification:
    return _status(application, ApplicationStatus.SURRENDERED)


def surrender_refused(application: Application, reason: str) -> Notification:
    return _status(application, ApplicationStatus.SURRENDER_REFUSED, failReason=reason)


def guarantee_cancelled(cancellation: Cancellation, at: datetime, notice: str = "") -> Notification:
    """PREP108: a cancellation or a return is in effect; in one dialect, also that it was refused (decisions B10)."""
    return enqueue(
        connection=cancellation.order.connection,
        queue=cancellation.order.number,
        transcode=Transcode.CANCELLATION_OUTCOME,
        values={"guaranteeId": cancellation.guarantee.number, "cancelDate": at, "cancelNotice": notice or None},
    )


def _status(application: Application, status: ApplicationStatus, **values: Any) -> Notification:
    return enqueue(
        connection=application.order.connection,
        queue=application.order.number,
        transcode=Transcode.APPLICATION_STATUS,
        values={"applicationId": application.order.number, "applicationStatus": status, **values},
    )
