"""The delivery and the periodic work inside the site's process, where there is no broker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from time import monotonic

from django.conf import settings
from django.db import close_old_connections, connections

from config.rooms import periodic_work
from protocol.delivery import wakeup
from protocol.delivery.sending import deliver_due
from staff import clock

log = logging.getLogger(__name__)


class Runner:
    """Senders that deliver when they are woken, and a thread of its own for the periodic work; `stop` ends them."""

    TICK = 1.0
    #: How long the record of an attempt may take once it has ended, in seconds.
    RECORDING = 5.0

    def __init__(self) -> None:
        wakeup.go_on()
        self._due: dict[str, datetime] = {}
        self._senders = ThreadPoolExecutor(settings.DELIVERY_SENDERS, thread_name_prefix="sender")
        self._sending: set[Future[None]] = set()
        self._threads = [
            threading.Thread(target=loop, name=name, daemon=True)
            for name, loop in (("dispatcher", self._dispatch), ("periodic", self._do_periodic_work))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float | None = None) -> None:
        """Lets the present attempts end and be recorded, and waits for all of them together no longer than `timeout`
        seconds: by itself, as long as an attempt may take."""
        end = monotonic() + (
            settings.DELIVERY_DEADLINE.total_seconds() + self.RECORDING if timeout is None else timeout
        )
        wakeup.stop()
        wakeup.something_waits.set()
        for thread in self._threads:
            thread.join(max(0, end - monotonic()))
        wait(self._sending, max(0, end - monotonic()))
        self._senders.shutdown(wait=False, cancel_futures=True)

    def _dispatch(self) -> None:
        """One sender for each waking; a sender goes on until nothing is due at any platform that has a place."""
        while not wakeup.stopping():
            if not wakeup.something_waits.wait(self.TICK):
                continue
            wakeup.something_waits.clear()
            self._sending = {sending for sending in self._sending if not sending.done()}
            if len(self._sending) < settings.DELIVERY_SENDERS:
                self._sending.add(self._senders.submit(self._send))
            else:
                # All are at work: whoever ends first looks again, or this waking comes back.
                wait(self._sending, self.TICK, return_when="FIRST_COMPLETED")
                wakeup.something_waits.set()

    def _send(self) -> None:
        close_old_connections()
        try:
            self._safely("delivery", deliver_due)
        finally:
            close_old_connections()

    def _do_periodic_work(self) -> None:
        pause = threading.Event()
        while not wakeup.stopping():
            now = clock.now()
            for work in periodic_work():
                if self._due.get(work.name, now) <= now and not wakeup.stopping():
                    self._due[work.name] = now + work.every
                    close_old_connections()
                    self._safely(work.name, work.run)
            pause.wait(self.TICK)
        connections.close_all()

    def _safely(self, name: str, work: Callable[[], object]) -> None:
        """A failure is logged and tried again in its turn: the threads must live as long as the site."""
        try:
            work()
        except Exception:
            log.exception("%s failed", name)
