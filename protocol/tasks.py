"""Celery's thin face on the delivery."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_init, worker_shutting_down

from protocol.delivery import slots, wakeup
from protocol.delivery.sending import AT_ONCE, deliver_due

log = logging.getLogger(__name__)

#: With fewer senders only one can be reserved from slow platforms, or none.
FEWEST = 4


@shared_task(name=wakeup.TASK)
def deliver() -> int:
    """Sends whatever is due, not only what woke it."""
    made = deliver_due(limit=AT_ONCE)
    if made == AT_ONCE:
        wakeup.wake()
    return made


@worker_init.connect
def begin(sender: Any, **_: Any) -> None:
    """Before the pool's processes are made, which so know how many they are."""
    slots.sends_for(sender)
    if (processes := slots.senders()) < FEWEST:
        log.warning("%d processes are few: slow platforms may hold all but one. Use --concurrency=8.", processes)


@worker_shutting_down.connect
def stop(**_: Any) -> None:
    """A worker that is told to stop ends the attempt that it makes, in whichever process, and begins no other."""
    wakeup.stop()
