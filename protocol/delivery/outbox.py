"""Puts a message into the outbox, inside the transaction of the decision that it tells of."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from protocol import strictjson
from protocol.delivery import wakeup
from protocol.models import Connection, Notification
from protocol.tables import build
from protocol.vocabulary import Transcode
from staff import clock


def enqueue(*, connection: Connection, queue: str, transcode: Transcode, facts: Mapping[str, object]) -> Notification:
    """Writes down what the platform is to be told; it leaves after the earlier messages of `queue` (decisions B18).

    `queue` is the order's number; the facts are written as the platform's family has it. The plaintext is settled here,
    once, for every attempt (B17); what had to be cut or left out to fit is kept beside it (F1).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A message is written in the transaction of the decision that it tells of.")
    table = connection.speaks.tables[transcode]
    built = build(table, facts)
    now = clock.now()
    wakeup.on_commit()
    return Notification.objects.create(
        connection=connection,
        queue=queue,
        transcode=transcode,
        plaintext=strictjson.dumps(built.fields).decode(),
        status=built.fields[table.status.name] if table.status else "",
        cuts=built.cuts,
        created_at=now,
        next_attempt_at=now,
    )
