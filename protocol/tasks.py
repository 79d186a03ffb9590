"""Celery's thin face on the delivery."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from protocol.delivery import deliver_due
from protocol.heartbeat import beat


@shared_task(name="protocol.deliver")
def deliver() -> int:
    """Sends whatever is due, not only what woke it."""
    beat("worker", timezone.now())
    return deliver_due()
