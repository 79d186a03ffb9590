"""What becomes of connections, for the trail; of secrets not even a digest is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from protocol.models import Connection
from staff.audit import record
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User

CREATED = EventKind("connection.created", _("Connection created"), "add_link", Tone.GOOD)
CHANGED = EventKind("connection.changed", _("Connection changed"), "link")
EVENTS = [CREATED]


def connection_created(connection: Connection, *, person: User | None, changed: Iterable[str]) -> None:
    _changed(CREATED, connection, person, changed)


def connection_changed(connection: Connection, *, person: User | None, changed: Iterable[str]) -> None:
    _changed(CHANGED, connection, person, changed)


def _changed(event: EventKind, connection: Connection, person: User | None, changed: Iterable[str]) -> None:
    Connection.objects.select_for_update().get(pk=connection.pk)
    record(
        chain=connection.audit_chain,
        event=event,
        subject=connection,
        actor=person,
        details=details(connection, changed),
    )


def details(connection: Connection, changed: Iterable[str]) -> dict[str, Any]:
    """What the trail tells of a connection: which columns changed, and what of it is no secret."""
    return {
        "changed": sorted(changed),
        "suspended": connection.suspended,
        "parked": connection.parked,
        "dialect": connection.dialect,
    }
