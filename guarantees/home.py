"""What the home page counts of applications and guarantees."""

from django.utils.translation import gettext_lazy as _

from guarantees.models import Application, ApplicationState, Guarantee, GuaranteeState
from staff.home import Counter

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
        label=_("guarantees in force"),
        changelist="guarantees_guarantee",
        filters={"state__exact": GuaranteeState.IN_FORCE},
        rows=lambda: Guarantee.objects.filter(state=GuaranteeState.IN_FORCE),
        permission="guarantees.view_guarantee",
    ),
]
