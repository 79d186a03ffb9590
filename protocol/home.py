"""What the home page counts of the talk with the platforms."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from protocol import searching
from protocol.delivery.heartbeat import silent_parts
from protocol.models import Alert, Notification
from protocol.models.outbox import NotificationState
from staff.home import Counter, Notice

if TYPE_CHECKING:
    from staff.desk.page import Flag  # the screens are loaded after the site, whose home page this is


def _silence(now: datetime) -> Flag | None:
    """The server that delivers itself raises an alert too; behind another one this is all that is heard of it."""
    from staff.desk.page import Flag, Tone, moment

    if not (silent := silent_parts(now)):
        return None
    told = gettext(
        "Not heard of: %(parts)s. Until that is mended notifications do not leave, and nothing ends in time."
    )
    since = gettext("%(part)s (since %(since)s)")
    named = [since % {"part": part.label, "since": moment(at)} if at else str(part.label) for part, at in silent]
    return Flag(told % {"parts": "、".join(named)}, Tone.BAD)


def _search_behind(now: datetime) -> Flag | None:
    from staff.desk.page import Flag

    if not (rows := searching.rows_behind()):
        return None
    return Flag(
        gettext("%(rows)d records are not yet in the new search; it is slower until manage.py fold_texts has run.")
        % {"rows": rows}
    )


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
NOTICES = [
    Notice(flag=_silence, permissions=("protocol.view_notification",)),
    Notice(flag=_search_behind, permissions=("protocol.change_connection",)),
]
