"""What the home page counts of the talk with the platforms."""

from django.utils.translation import gettext_lazy as _

from protocol.models import Alert, Notification
from protocol.models.outbox import NotificationState
from staff.home import Counter

COUNTERS = [
    Counter(
        label=_("notifications on their way"),
        changelist="protocol_notification",
        filters={"state__exact": NotificationState.WAITING},
        rows=lambda: Notification.objects.filter(state=NotificationState.WAITING),
        permission="protocol.view_notification",
    ),
    Counter(
        label=_("notifications that need attention"),
        changelist="protocol_notification",
        filters={"state__exact": NotificationState.ATTENTION},
        rows=lambda: Notification.objects.filter(state=NotificationState.ATTENTION),
        permission="protocol.view_notification",
        duty="protocol.settle_notification",
        alert=True,
    ),
    Counter(
        label=_("open alerts"),
        changelist="protocol_alert",
        filters={"seen_at__isempty": "1"},
        rows=lambda: Alert.objects.filter(seen_at=None),
        permission="protocol.view_alert",
        duty="protocol.settle_alert",
        alert=True,
    ),
]
