"""Celery's thin face on the delivery."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down
from django.utils import timezone

from protocol import wakeup
from protocol.delivery import AT_ONCE, deliver_due
from protocol.heartbeat import beat


@shared_task(name="protocol.deliver")
def deliver() -> int:
    """Sends whatever is due, not only what woke it."""
    beat("worker", timezone.now())
    made = deliver_due(limit=AT_ONCE)
    if made == AT_ONCE:
        wakeup.wake()
    return made


@worker_shutting_down.connect
def stop(**_: Any) -> None:
    """A worker that is told to stop ends the attempt that it makes, in whichever process, and begins no other."""
    wakeup.stop()
