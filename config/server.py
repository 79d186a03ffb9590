"""The site in one process: waitress for HTTP and, where there is no broker, the runner beside it."""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from config.listener import Listeners
from config.runner import Runner
from protocol import alerts
from protocol.delivery.heartbeat import SILENCE, silent_parts
from staff import clock

#: Of glibc's malloc.h.
M_MMAP_THRESHOLD = -3
log = logging.getLogger(__name__)


class Server:
    """Listens on `HOST:PORT` from the moment it is made; `run` serves until `ask_to_stop`."""

    def __init__(self, listen: str, *, threads: int = 8) -> None:
        from config.application import application

        give_back_large_blocks()
        self._http = Listeners(application, listen, threads=threads)
        self._runner = None if settings.REDIS_URL else Runner()
        self._stop = threading.Event()

    def run(self, first: Callable[[], None] | None = None) -> None:
        """Serves until asked to stop; then lets the attempt under way end. `first` is done when the site answers
        already, and before anything is delivered and the periodic work begins."""
        threading.Thread(target=self._http.run, name="http", daemon=True).start()
        started = None
        try:
            if first:
                first()
            if self._runner and not self._stop.is_set():
                started = self._runner
                started.start()
            # Workers and clock are watched from here, since whoever is silent cannot say so.
            while not self._stop.wait(SILENCE.total_seconds()):
                close_old_connections()
                watch()
        finally:
            self._http.close()
            if started:
                started.stop()

    def ask_to_stop(self) -> None:
        self._stop.set()


def give_back_large_blocks() -> None:
    """Has glibc return freed blocks of more than 1 MB to the system: by itself it learns to keep those of up to 32 MB,
    which are files that were examined, and the process would stay as large as at its busiest."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL("libc.so.6").mallopt(M_MMAP_THRESHOLD, 1 << 20)


def watch() -> None:
    """Raises an alert for each part of the delivery that has not been heard of."""
    try:
        for part, since in silent_parts(clock.now()):
            alerts.silent(part, since)
    except DatabaseError:
        log.exception("The signs of life cannot be read")
