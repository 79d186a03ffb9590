"""Tells whoever delivers that something waits, after the commit, without ever failing or holding up who decided; and
that it must stop."""

from __future__ import annotations

import logging
import mmap
import threading
from concurrent.futures import ThreadPoolExecutor

from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

#: The task of Celery's that sends whatever is due (protocol/tasks.py); it is asked for by its name.
TASK = "protocol.deliver"
#: Set when something waits; the runner inside the site's process waits for it.
something_waits = threading.Event()

#: One byte, shared with the processes that this one forks; no lock that one of them could die with.
_stopping = mmap.mmap(-1, 1)
_messenger = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wake-up")
_on_its_way = threading.Event()


def stop() -> None:
    """Lets the delivery of this process, and of those that it forked, end the present attempt and begin no other."""
    _stopping[0] = 1


def go_on() -> None:
    _stopping[0] = 0


def stopping() -> bool:
    return bool(_stopping[0])


def on_commit() -> None:
    """Wakes the delivery once the present transaction is committed."""
    transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Asks the broker's workers, or the runner in this process. A broker that is away costs nobody a wait: another
    thread asks it, and the clock's sweep finds what it did not hear of."""
    something_waits.set()
    if settings.REDIS_URL and not _on_its_way.is_set():
        _on_its_way.set()
        _messenger.submit(_ask_workers)


def _ask_workers() -> None:
    _on_its_way.clear()
    try:
        current_app.send_task(TASK, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 (whatever the broker's client raises, the message is safe in the database)
        log.warning("The broker cannot be reached; the sweep will deliver: %s", type(error).__name__)
