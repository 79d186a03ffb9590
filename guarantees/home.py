"""What the home page counts of applications and guarantees, and says of the certificate that signs letters."""

from django.utils.translation import gettext_lazy as _

from guarantees.admin.certificate import certificate_flag
from guarantees.admin.soon import ending_soon
from guarantees.models import (
    Application,
    ApplicationState,
    Cancellation,
    CancellationState,
    Guarantee,
    GuaranteeState,
    Refund,
    UploadedWording,
    Withdrawal,
    WithdrawalState,
    WordingState,
)
from staff.home import Counter, Notice

COUNTERS = [
    Counter(
        label=_("new applications"),
        changelist="guarantees_application",
        filters={"state__exact": ApplicationState.RECEIVED},
        rows=lambda: Application.objects.filter(state=ApplicationState.RECEIVED),
        permission="guarantees.view_application",
        duty="guarantees.approve_application",
    ),
    Counter(
        label=_("premium awaited"),
        changelist="guarantees_application",
        filters={"state__exact": ApplicationState.APPROVED},
        rows=lambda: Application.objects.filter(state=ApplicationState.APPROVED),
        permission="guarantees.view_application",
        duty="guarantees.settle_premium",
    ),
    Counter(
        label=_("ready to issue"),
        changelist="guarantees_application",
        filters={"state__exact": ApplicationState.PAID},
        rows=lambda: Application.objects.filter(state=ApplicationState.PAID),
        permission="guarantees.view_application",
        duty="guarantees.issue_guarantee",
    ),
    Counter(
        label=_("letters to correct"),
        changelist="guarantees_application",
        filters={"state__exact": ApplicationState.RETURNED},
        rows=lambda: Application.objects.filter(state=ApplicationState.RETURNED),
        permission="guarantees.view_application",
        duty="guarantees.approve_application",
    ),
    Counter(
        label=_("cancellations to decide"),
        changelist="guarantees_cancellation",
        filters={"state__exact": CancellationState.RECEIVED},
        rows=lambda: Cancellation.objects.filter(state=CancellationState.RECEIVED),
        permission="guarantees.view_cancellation",
        duty="guarantees.decide_cancellation",
    ),
    Counter(
        label=_("withdrawals to decide"),
        changelist="guarantees_withdrawal",
        filters={"state__exact": WithdrawalState.RECEIVED},
        rows=lambda: Withdrawal.objects.filter(state=WithdrawalState.RECEIVED),
        permission="guarantees.view_withdrawal",
        duty="guarantees.decide_withdrawal",
    ),
    Counter(
        label=_("refunds due"),
        changelist="guarantees_refund",
        filters={"paid_at__isempty": "1"},
        rows=lambda: Refund.objects.filter(paid_at=None),
        permission="guarantees.view_refund",
        duty="guarantees.pay_refund",
    ),
    Counter(
        label=_("wordings to put into use"),
        changelist="guarantees_uploadedwording",
        filters={"state__exact": WordingState.DRAFT},
        rows=lambda: UploadedWording.objects.filter(state=WordingState.DRAFT),
        permission="guarantees.view_uploadedwording",
        duty="guarantees.decide_wording",
    ),
    Counter(
        label=_("end within 30 days"),
        changelist="guarantees_guarantee",
        filters={"state__exact": GuaranteeState.IN_FORCE, "ends": "30"},
        rows=lambda: ending_soon(Guarantee.objects.all()),
        permission="guarantees.view_guarantee",
    ),
    Counter(
        label=_("guarantees in force"),
        changelist="guarantees_guarantee",
        filters={"state__exact": GuaranteeState.IN_FORCE},
        rows=lambda: Guarantee.objects.filter(state=GuaranteeState.IN_FORCE),
        permission="guarantees.view_guarantee",
    ),
]
#: For whoever signs letters with it, and for whoever answers for it.
NOTICES = [Notice(flag=certificate_flag, permissions=("guarantees.issue_guarantee", "protocol.view_connection"))]
