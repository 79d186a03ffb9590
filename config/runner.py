"""The delivery and the periodic work inside the site's process, where there is no broker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections, connections
from django.utils import timezone

from config.schedule import periodic_work
from protocol import wakeup
from protocol.delivery import deliver_due

log = logging.getLogger(__name__)


class Runner(threading.Thread):
    """One thread that delivers when it is woken, and does the periodic work when it is due; `stop` ends it."""

    TICK = 1.0

    def __init__(self) -> None:
        super().__init__(name="runner", daemon=True)
        wakeup.go_on()
        self._due: dict[str, datetime] = {}

    def run(self) -> None:
        while not wakeup.stopping():
            woken = wakeup.something_waits.wait(self.TICK)
            wakeup.something_waits.clear()
            close_old_connections()
            if woken:
                self._safely("delivery", deliver_due)
            self._do_periodic_work(timezone.now())
        connections.close_all()

    def stop(self, timeout: float = 35) -> None:
        """Lets the present attempt end, and waits for it."""
        wakeup.stop()
        wakeup.something_waits.set()
        self.join(timeout)

    def _do_periodic_work(self, now: datetime) -> None:
        for work in periodic_work():
            if self._due.get(work.name, now) <= now and not wakeup.stopping():
                self._due[work.name] = now + work.every
                self._safely(work.name, work.run)

    def _safely(self, name: str, work: Callable[[], object]) -> None:
        """A failure is logged and tried again in its turn: the thread itself must live as long as the site."""
        try:
            work()
        except Exception:
            log.exception("%s failed", name)
