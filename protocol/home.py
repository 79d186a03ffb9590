"""What the home page counts of the talk with the platforms."""

from django.utils.translation import gettext_lazy as _

from protocol.models import Notification
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
        alert=True,
    ),
]
