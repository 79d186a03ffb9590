"""The project's Celery application as a worker that meets with an accident, as FAULT says.

kill-before, kill-after: it dies as of kill -9 between claiming and sending, or between sending and recording.
FAULT_SPARES: so many are sent before that happens.
stop-before: it stands still there, as of a machine that is suspended, until somebody continues it.
FAULT_CLOCK: a file with the number of seconds by which its clock is wrong, read again each time.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from celery import signals

from config.celery import app as app

FAULT = os.environ.get("FAULT", "")
SPARES = int(os.environ.get("FAULT_SPARES", "0"))
CLOCK = os.environ.get("FAULT_CLOCK", "")

CLOCK_SET = ExitStack()


@signals.worker_init.connect
def prepare(**_: Any) -> None:
    from protocol.delivery import sending
    from staff import clock

    sending.send = with_accident(sending.send)  # type: ignore[assignment]
    if CLOCK:
        CLOCK_SET.enter_context(clock.running(wrong(clock.system)))


def with_accident(send: Callable[[Any], Any]) -> Callable[[Any], Any]:
    accidents = [*[""] * SPARES, FAULT]

    def sends(claimed: Any) -> Any:
        when = accidents.pop(0) if accidents else ""
        if when == "kill-before":
            os.kill(os.getpid(), signal.SIGKILL)
        if when == "stop-before":
            os.kill(os.getpid(), signal.SIGSTOP)
        result = send(claimed)
        if when == "kill-after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return sends


def wrong(now: Callable[[], datetime]) -> Callable[[], datetime]:
    return lambda: now() + timedelta(seconds=float(Path(CLOCK).read_text()))
