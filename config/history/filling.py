"""The demonstration is filled with a past by a process of its own, whose clock is set; the desk answers already."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from config.history import platforms
from guarantees.models import Order
from protocol.delivery.heartbeat import beat
from protocol.models import Part
from staff import clock
from staff.desk.page import Flag, Tone

YEARS, SEED = 3, 1
#: Stands in the demonstration's directory when its past is there.
DONE = "history.done"
TOLD = re.compile(r"(\d+) of (\d+) orders")


class Filling:
    """One of them in this process; the desk's pages ask it how far it is."""

    def __init__(self) -> None:
        self.came = self.of = 0
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False

    @property
    def is_under_way(self) -> bool:
        return self._process is not None

    def fill(self, orders: int, address: str, directory: Path) -> str:
        """Makes so many orders' past, or what is left of it, unless it is there or the database holds other business;
        what there is to say of it, "" for nothing. `address` is where its platforms take what they are told later."""
        if (directory / DONE).exists() or (Order.objects.exists() and not platforms.known()):
            return ""
        self.of = orders
        said = self._run(command(orders, address))
        if said is None:
            (directory / DONE).touch()
        return said or ""

    def stop(self) -> None:
        """Ends it where it is; it goes on at the next start."""
        self._stopped = True
        if self._process:
            self._process.terminate()

    def _run(self, arguments: Sequence[str]) -> str | None:
        """None where it came to its end, else the last that it said."""
        last = ""
        with subprocess.Popen(  # noqa: S603 (our own command)
            arguments,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for us: we end it in order
        ) as process:
            self._process = process
            if self._stopped:
                process.terminate()
            for line in process.stdout or ():
                last = line.strip() or last
                for part in Part:  # whose work waits for us, and is not missed
                    beat(part, clock.now())
                if found := TOLD.search(line):
                    self.came, self.of = map(int, found.groups())
        self._process = None
        return None if process.returncode == 0 else "" if self._stopped else last


def command(orders: int, address: str) -> list[str]:
    options = {"years": YEARS, "seed": SEED, "orders": orders, "address": address}
    return [sys.executable, "-m", "django", "make_history", *(f"--{name}={value}" for name, value in options.items())]


filling = Filling()


def being_filled(_now: datetime) -> Flag | None:
    """Whoever looks at the desk meanwhile is told why lists and figures grow."""
    if not filling.is_under_way:
        return None
    text = _(
        "Demonstration data of the past years are being made: %(came)d of %(of)d orders so far. Lists and figures grow "
        "until then, and notifications wait."
    )
    return Flag(text % {"came": filling.came, "of": filling.of}, Tone.WAITS)
