"""What a platform and we said of one order, as events of a timeline."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from protocol.admin.notification import cut_sentences, notification_badge
from protocol.models import Connection, Message, Notification
from protocol.models.journal import UNPROVEN, Direction
from protocol.names import named
from staff.desk.page import Badge, Event, Tone
from staff.models import User

#: More than any honest order has; a flood does not make the page heavy.
LIMIT = 200


def exchange_events(
    connection: Connection, order_number: str, person: User, guarantees: Iterable[str] = ()
) -> list[Event]:
    """Each received message that names the order or one of its `guarantees`, and each notification with where its
    delivery stands."""
    received = (
        Message.objects.filter(
            Q(order_number=order_number) | Q(guarantee_number__in=[*guarantees]),
            connection=connection,
            direction=Direction.INBOUND,
        )
        .exclude(reason__in=UNPROVEN)  # nothing proves that the platform said it
        .only("at", "transcode", "msgcode", "code", "direction", "reason")
        .order_by("-at")[:LIMIT]
    )
    sent = (
        Notification.objects.filter(connection=connection, queue=order_number)
        .select_related("connection")
        .defer("plaintext")
        .order_by("-id")[:LIMIT]
    )
    may_open = {
        "message": person.has_perm("protocol.view_message"),
        "notification": person.has_perm("protocol.view_notification"),
    }
    events = [
        Event(
            at=message.at,
            title=_("Received: %(transcode)s") % {"transcode": named(message.transcode)},
            by=_("%(platform)s (unproven)") % {"platform": connection} if message.is_unproven else connection.name,
            icon="call_received",
            badge=Badge(message.code, Tone.GOOD if message.code == "000" else Tone.BAD) if message.code else None,
            url=_page("message", message.pk) if may_open["message"] else "",
        )
        for message in received
    ]
    events += [
        Event(
            at=notification.created_at,
            title=notification.named,
            by=connection.name,
            icon="call_made",
            badge=notification_badge(notification),
            note=" ".join([_delivery(notification), *cut_sentences(notification)]).strip(),
            url=_page("notification", notification.pk) if may_open["notification"] else "",
        )
        for notification in sent
    ]
    return events


def _delivery(notification: Notification) -> str:
    if notification.delivered_at or not notification.attempts_made:
        return ""
    return _("%(number)d attempts; last answer: %(answer)s") % {
        "number": notification.attempts_made,
        "answer": notification.answered,
    }


def _page(model: str, pk: int) -> str:
    return reverse(f"admin:protocol_{model}_change", args=[pk])
