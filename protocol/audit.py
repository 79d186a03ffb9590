"""One typed function per event of connections, notifications and alerts; of secrets not even a digest is recorded."""

from __future__ import annotations

from collections.abc import Iterable

from protocol.failures import failure_text
from protocol.models import Alert, Connection, Notification
from staff.audit import record
from staff.models import User


def connection_created(connection: Connection, *, person: User | None, changed: Iterable[str]) -> None:
    _changed("connection.created", connection, person, changed)


def connection_changed(connection: Connection, *, person: User | None, changed: Iterable[str]) -> None:
    _changed("connection.changed", connection, person, changed)


def _changed(event: str, connection: Connection, person: User | None, changed: Iterable[str]) -> None:
    Connection.objects.select_for_update().get(pk=connection.pk)
    record(
        chain=connection.audit_chain,
        event=event,
        subject=connection,
        actor=person,
        details={
            "changed": sorted(changed),
            "suspended": connection.suspended,
            "parked": connection.parked,
            "dialect": connection.dialect,
        },
    )


def notification_sent_again(notification: Notification, *, person: User) -> None:
    _on_notification("notification.sent_again", notification, person, "")


def notification_settled(notification: Notification, *, person: User, reason: str) -> None:
    _on_notification("notification.settled", notification, person, reason)


def alert_settled(alert: Alert, *, person: User) -> None:
    record(chain=alert.audit_chain, event="alert.settled", subject=alert, actor=person, reason=alert.note)


def _on_notification(event: str, notification: Notification, person: User, reason: str) -> None:
    record(
        chain=notification.audit_chain,
        event=event,
        subject=notification,
        actor=person,
        reason=reason,
        details={"code": notification.code, "answer": failure_text(notification.failure, notification.answer)},
    )
