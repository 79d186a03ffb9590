"""Has what is due sent, after the commit, without holding up or failing whoever caused it."""

from __future__ import annotations

import logging
import threading

from celery import current_app
from django.conf import settings
from django.db import connections, transaction

from staff.reminders.sending import send_due

log = logging.getLogger(__name__)

#: The periodic work that sends (staff/offers.py), and Celery's task that does periodic work by its name.
WORK, TASK = "staff.send_reminders", "config.periodic"
_one_at_a_time = threading.Lock()
_again = threading.Event()


def on_commit() -> None:
    transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Asks a worker of the broker's, or sends from a thread of this process: a slow robot must hold up neither a
    request nor other periodic work. What is lost with the thread is found by the next turn of the periodic work."""
    _again.set()
    threading.Thread(target=_work, name="reminders", daemon=True).start()


def _work() -> None:
    if not _one_at_a_time.acquire(blocking=False):
        return  # whoever is at work looks again
    try:
        while _again.is_set():
            _again.clear()
            _ask_worker() if settings.REDIS_URL else _send()
    finally:
        _one_at_a_time.release()


def _ask_worker() -> None:
    try:
        current_app.send_task(TASK, args=[WORK], retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 (whatever the broker's client raises, the reminder is safe in the database)
        log.warning("The broker cannot be reached; the next turn will send: %s", type(error).__name__)


def _send() -> None:
    try:
        send_due()
    except Exception:
        log.exception("Sending reminders failed")
    finally:
        connections.close_all()
