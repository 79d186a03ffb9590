"""The delivery's periodic work: waking what was forgotten, and alerts of what waits too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from protocol import alerts
from protocol.delivery import wakeup
from protocol.delivery.heartbeat import beat
from protocol.delivery.recording import LONGEST_WAIT
from protocol.models import Notification, PlatformHealth
from protocol.models.outbox import NotificationState
from staff import clock
from staff.parameters import Parameter, ParameterGroup

LATE_AFTER: Parameter[int] = Parameter(
    code="telling.undelivered_minutes",
    label=_("Minutes after which a notification that was not delivered is told"),
    group=ParameterGroup.TELLING,
    field=lambda: forms.IntegerField(min_value=1, max_value=10_000),
    default=60,
    source=_("Our proposal; no rule says it."),
    first=lambda: settings.DELIVERY_ALERT_MINUTES,
)


def sweep() -> None:
    """Wakes the delivery for what a lost wake-up left behind and for what is due again; a sign of life of the clock.
    It does not send itself: a slow platform would hold up other periodic work. Who sends gives a sign of its own."""
    beat("clock", clock.now())
    forget_a_wrong_clock(clock.now())
    wakeup.wake()


def forget_a_wrong_clock(now: datetime) -> None:
    """What is to wait longer than anything ever waits was written by a clock that has been set back since."""
    latest = now + LONGEST_WAIT
    Notification.objects.filter(state=NotificationState.WAITING, next_attempt_at__gt=latest).update(next_attempt_at=now)
    PlatformHealth.objects.filter(probe_at__gt=latest).update(probe_at=now)


def alert_undelivered() -> None:
    """An alert for each order whose oldest message has waited too long."""
    since = clock.now() - timedelta(minutes=LATE_AFTER.value())
    late = Notification.objects.filter(state=NotificationState.WAITING, created_at__lt=since)
    seen: set[tuple[int, str]] = set()
    for notification in late.select_related("connection").order_by("id").iterator():
        key = (notification.connection_id, notification.queue)
        if key not in seen:
            seen.add(key)
            alerts.undelivered(notification)
