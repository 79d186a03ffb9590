"""What the home page counts of demands."""

from django.utils.translation import gettext_lazy as _

from claims.models import Demand, DemandState
from staff.home import Counter

COUNTERS = [
    Counter(
        label=_("demands waiting"),
        changelist="claims_demand",
        filters={"state__exact": DemandState.WAITING},
        rows=lambda: Demand.objects.filter(state=DemandState.WAITING),
        permission="claims.view_demand",
        duty="claims.handle_demand",
    ),
    Counter(
        label=_("demands in hand"),
        changelist="claims_demand",
        filters={"state__exact": DemandState.IN_HAND},
        rows=lambda: Demand.objects.filter(state=DemandState.IN_HAND),
        permission="claims.view_demand",
        duty="claims.handle_demand",
    ),
]
