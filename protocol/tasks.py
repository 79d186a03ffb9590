"""Celery's thin face on the delivery."""

from __future__ import annotations

from celery import shared_task

from protocol.delivery import deliver_due


@shared_task(name="protocol.deliver")
def deliver() -> int:
    """Sends whatever is due, not only what woke it."""
    return deliver_due()
