"""What the dashboard says of decisions that wait for a second person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import calendar
from staff.desk.dashboard import Figure, Reading, Value
from staff.desk.reports.table import Cell
from staff.models import Proposal, ProposalState, User
from staff.units import within

SOON = timedelta(days=1)


def second_person(person: User, now: datetime) -> Reading | None:
    """How many there are, for how many working hours the oldest waits, and how many lapse within a day."""
    waiting = within(Proposal.objects.waiting().filter(on_data=False), person).order_by("proposed_at")
    oldest = waiting.values_list("proposed_at", flat=True).first()
    lapsing = waiting.filter(until__lte=now + SOON).count()
    listed = f"{reverse('admin:staff_proposal_changelist')}?state__exact={ProposalState.PROPOSED.value}"
    hours = None if oldest is None else calendar.working_hours(oldest, now) / timedelta(hours=1)
    return Reading(
        Value(waiting.count(), Cell.COUNT, url=listed),
        [
            Value(hours, Cell.HOURS, _("the oldest waits for, in working time")),
            Value(lapsing, Cell.COUNT, _("lapse within a day"), is_trouble=lapsing > 0),
        ],
        url=listed,
    )


SECOND_PERSON = Figure(gettext_lazy("Waits for a second person"), second_person, "staff.view_proposal", 70)
