"""Delivery: what platforms were told in a period, how soon it got through, and what stood in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol.errors import SUCCESS, TEXTS
from protocol.failures import failure_text
from protocol.models import Attempt, Connection, Notification
from protocol.models.outbox import NotificationState
from protocol.names import named
from protocol.reports.filters import PLATFORM
from staff import clock
from staff.desk.page import Text
from staff.desk.reports.cells import part
from staff.desk.reports.period import Period
from staff.desk.reports.report import Asked, Report, Subject
from staff.desk.reports.table import Cell, Chart, Column, Row, Series, Shape, Table
from staff.units import within

#: The states in the order in which they are shown: what is well first.
STATES = (
    NotificationState.DELIVERED,
    NotificationState.WAITING,
    NotificationState.ATTENTION,
    NotificationState.SETTLED,
)
#: From the decision until the platform had it.
TOOK = ExpressionWrapper(F("delivered_at") - F("created_at"), output_field=DurationField())
HALF, NINE_TENTHS = 50, 90
#: So many reasons are drawn.
DRAWN = 8


class Delivery(Report):
    """Notifications that were decided in the period, as they stand now."""

    code = "delivery"
    label = gettext_lazy("Delivery to platforms")
    help = gettext_lazy("Notifications by platform and state, how soon they got through, failures and why.")
    subject = Subject.WORK
    permission = "protocol.view_attempt"
    filters = (PLATFORM,)
    has_money = False
    place = 80

    def tables(self, asked: Asked) -> Sequence[Table]:
        rows = notifications(asked)
        return [_by_platform(asked, rows), _by_message(rows), _failures(rows)]


def decided(rows: QuerySet[Notification], period: Period) -> QuerySet[Notification]:
    """Those of the rows that were decided in the period."""
    return rows.filter(created_at__gte=clock.midnight(period.first), created_at__lte=clock.end_of(period.last))


def notifications(asked: Asked) -> QuerySet[Notification]:
    rows = decided(within(Notification.objects.order_by(), asked.person), asked.span)
    platform = asked.filters.get("platform")
    return rows.filter(connection=platform) if platform else rows


def took(rows: QuerySet[Notification], hundredths: int) -> int | None:
    """Within how many seconds so many of a hundred of those that got through did; None where none did."""
    through = rows.filter(state=NotificationState.DELIVERED, delivered_at__isnull=False)
    number = through.count()
    if not number:
        return None
    place = -(-number * hundredths // 100) - 1
    at: timedelta = through.annotate(took=TOOK).order_by("took").values_list("took", flat=True)[place]
    return round(at.total_seconds())


def _columns(first: Text) -> list[Column]:
    return [
        Column(first),
        Column(_("notifications"), Cell.COUNT, total=True),
        *(Column(state.label, Cell.COUNT, total=True) for state in STATES),
        Column(_("got through"), Cell.SHARE),
        Column(_("at the first attempt"), Cell.SHARE),
        Column(_("half of them within (s)"), Cell.COUNT),
        Column(_("90 % of them within (s)"), Cell.COUNT),
    ]


def _counted(rows: QuerySet[Notification], by: str) -> Sequence[Mapping[str, Any]]:
    """How many there are of each state, for each value of `by`, the most first."""
    states = {state.value: Count("pk", filter=Q(state=state)) for state in STATES}
    first = Count("pk", filter=Q(state=NotificationState.DELIVERED, attempts_made__lte=1))
    return list(rows.values(by).annotate(number=Count("pk"), at_first=first, **states).order_by("-number", by))


def _values(counted: Mapping[str, Any], rows: QuerySet[Notification]) -> list[Any]:
    through = counted[NotificationState.DELIVERED.value]
    return [
        counted["number"],
        *(counted[state.value] for state in STATES),
        part(through, counted["number"]),
        part(counted["at_first"], through),
        took(rows, HALF),
        took(rows, NINE_TENTHS),
    ]


def _by_platform(asked: Asked, rows: QuerySet[Notification]) -> Table:
    counted = _counted(rows, "connection")
    names = dict(Connection.objects.values_list("pk", "name"))
    shown = [
        Row(
            [names[one["connection"]], *_values(one, rows.filter(connection=one["connection"]))],
            url=_list_of(asked, one["connection"]),
        )
        for one in counted
    ]
    chart = Chart(
        _("Notifications by platform and state"),
        Shape.STACKED,
        [names[one["connection"]] for one in counted],
        [Series(state.label, [one[state.value] for one in counted]) for state in STATES],
        Cell.COUNT,
    )
    note = _("Decided in the period, in their state of now; times are from the decision until the platform had it.")
    return Table(_("By platform"), _columns(_("platform")), shown, chart=chart if counted else None, notes=[note])


def _list_of(asked: Asked, platform: int) -> str:
    """The notifications behind a row, as their list shows them."""
    days = {"created_at_from": asked.span.first.isoformat(), "created_at_to": asked.span.last.isoformat()}
    query = urlencode({"connection__id__exact": str(platform), **days})
    return f"{reverse('admin:protocol_notification_changelist')}?{query}"


def _by_message(rows: QuerySet[Notification]) -> Table:
    shown = [
        Row([named(one["transcode"]), *_values(one, rows.filter(transcode=one["transcode"]))])
        for one in _counted(rows, "transcode")
    ]
    return Table(_("By message"), _columns(_("message")), shown)


def _failures(rows: QuerySet[Notification]) -> Table:
    """Attempts that did not get through, by why."""
    failed = Attempt.objects.filter(notification__in=rows).exclude(code=SUCCESS)
    failed = failed.filter(Q(failure__isnull=False) | ~Q(code="") | ~Q(error=""))  # those that are over
    counted = list(
        failed.order_by()
        .values("failure", "code")
        .annotate(number=Count("pk"), messages=Count("notification", distinct=True), last=Max("started_at"))
        .order_by("-number", "failure", "code")
    )
    whole = sum(one["number"] for one in counted)
    shown = [
        Row([_why(one), one["number"], one["messages"], part(one["number"], whole), one["last"]]) for one in counted
    ]
    columns = [
        Column(_("why")),
        Column(_("attempts"), Cell.COUNT, total=True),
        Column(_("notifications"), Cell.COUNT),
        Column(_("share of them"), Cell.SHARE),
        Column(_("last time"), Cell.MOMENT),
    ]
    drawn = shown[:DRAWN]
    chart = Chart(
        _("Failures"),
        Shape.RANKED,
        [row.values[0] for row in drawn],
        [Series(_("attempts"), [row.values[1] for row in drawn])],
        Cell.COUNT,
    )
    return Table(_("Failed attempts and why"), columns, shown, chart=chart if drawn else None)


def _why(one: Mapping[str, Any]) -> str:
    """A code in the specification's words; else what hindered it, without the particulars of each."""
    if one["code"]:
        return f"{one['code']} {TEXTS.get(one['code'], '')}".strip()
    return failure_text(one["failure"], "…") or _("not recorded by former versions")
