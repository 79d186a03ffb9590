"""What the dashboard says of the delivery."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol.models import Notification
from protocol.models.outbox import NotificationState
from protocol.reports.delivery import Delivery, decided
from staff import clock
from staff.desk.dashboard import Figure, Reading, Value
from staff.desk.reports.cells import part
from staff.desk.reports.period import Named, Period
from staff.desk.reports.table import Cell, Chart, Series, Shape
from staff.models import User
from staff.units import within

#: So many days are drawn.
DAYS = 14


def delivery(person: User, now: datetime) -> Reading | None:
    """How much of this month's got through, what waits and since when, and how the last two weeks went."""
    rows = within(Notification.objects.order_by(), person)
    month = Period.named(Named.THIS_MONTH, clock.day(now))
    waiting = rows.filter(state=NotificationState.WAITING)
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    attention = rows.filter(state=NotificationState.ATTENTION).count()
    return Reading(
        Value(_share(rows, month), Cell.SHARE, _("of this month's got through")),
        [
            Value(waiting.count(), Cell.COUNT, _("on their way"), url=_list(NotificationState.WAITING)),
            Value(_hours(oldest, now), Cell.HOURS, _("the oldest of them waits for")),
            Value(
                attention,
                Cell.COUNT,
                _("need attention"),
                url=_list(NotificationState.ATTENTION),
                is_trouble=attention > 0,
            ),
        ],
        _last_days(rows, clock.day(now)),
        Delivery().url(period=Named.THIS_MONTH.value),
    )


def _share(rows: QuerySet[Notification], period: Period) -> object:
    counted = decided(rows, period).aggregate(
        number=Count("pk"), through=Count("pk", filter=Q(state=NotificationState.DELIVERED))
    )
    return part(counted["through"], counted["number"])


def _hours(since: datetime | None, now: datetime) -> object:
    return None if since is None else round((now - since) / timedelta(hours=1), 1)


def _list(state: NotificationState) -> str:
    return f"{reverse('admin:protocol_notification_changelist')}?state__exact={state.value}"


def _last_days(rows: QuerySet[Notification], today: date) -> Chart:
    """How many were decided on each day, and how many of them did not get through yet."""
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    by_day = TruncDate("created_at", tzinfo=clock.CHINA)
    counted = (
        decided(rows, Period(days[0], today)).annotate(day=by_day).values("day", "state").annotate(one=Count("pk"))
    )
    through: Counter[date] = Counter()
    others: Counter[date] = Counter()
    for row in counted:
        (through if row["state"] == NotificationState.DELIVERED else others)[row["day"]] += row["one"]
    return Chart(
        _("Notifications of the last %(number)d days") % {"number": DAYS},
        Shape.STACKED,
        [f"{day.month}-{day.day}" for day in days],
        [
            Series(NotificationState.DELIVERED.label, [through[day] for day in days]),
            Series(_("not delivered"), [others[day] for day in days]),
        ],
        Cell.COUNT,
    )


DELIVERY = Figure(gettext_lazy("Delivery to platforms"), delivery, Delivery.permission, 80)
