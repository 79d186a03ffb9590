"""How the target of a case looks: a badge in lists and on its page; lists of open work have the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.clock import CHINA
from staff.desk.page import NOTHING, Badge, Tone
from staff.targets import Targeted
from staff.working_time import marked

if TYPE_CHECKING:
    from staff.desk.record import RecordAdmin as Base
else:
    Base = object


def target_badge(case: Targeted, now: datetime | None = None) -> Badge | None:
    """Green before it is urgent, amber before it presses, then red; None where nothing is to be done."""
    if case.amber_at is None or case.red_at is None or case.done_by is None:
        return None
    moment = now or clock.now()
    by = {"time": marked(_moment(case.done_by, moment), case.estimated)}
    if moment >= case.done_by:
        return Badge(_("overdue since %(time)s") % by, Tone.BAD)
    if moment >= case.red_at:
        return Badge(_("pressing: by %(time)s") % by, Tone.BAD)
    if moment >= case.amber_at:
        return Badge(_("soon: by %(time)s") % by, Tone.WARNING)
    return Badge(_("by %(time)s") % by, Tone.GOOD)


def _moment(at: datetime, now: datetime) -> str:
    """Without the year, where it is this one; without seconds."""
    at = at.astimezone(CHINA)
    return at.strftime("%m-%d %H:%M" if at.year == clock.day(now).year else "%Y-%m-%d %H:%M")


class TargetList(Base):
    """A list of cases with targets."""

    #: The tabs under which work waits: there the most urgent comes first, unless somebody sorts otherwise.
    open_states: ClassVar[Sequence[str]] = ()

    def get_ordering(self, request: HttpRequest) -> list[Any] | tuple[Any, ...]:
        if self.shows_open_work(request):
            return [F("done_by").asc(nulls_last=True), "pk"]
        return super().get_ordering(request)

    def shows_open_work(self, request: HttpRequest) -> bool:
        return request.GET.get(f"{self.tabs_field}__exact") in self.open_states

    @admin.display(description=gettext_lazy("to be done by"), ordering="done_by")
    def target(self, case: Any) -> str:
        return str(target_badge(case) or NOTHING)

    def page_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """On its page the badge stands beside the state's."""
        return {**super().page_context(request, record), "target": target_badge(record)}
