"""One typed function per event in the life of a connection; of secrets not even a digest is recorded."""

from __future__ import annotations

from collections.abc import Iterable

from protocol.models import Connection
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
