"""Runs the site; without a broker the delivery and the periodic work too, all in this process."""

from __future__ import annotations

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.server import Server


class Command(BaseCommand):
    help = "Runs the site. Without REDIS_URL the delivery and the periodic work run in the same process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--listen", default="127.0.0.1:8000", metavar="HOST:PORT")

    def handle(self, *args: Any, **options: Any) -> None:
        server = Server(options["listen"])
        signal.signal(signal.SIGTERM, lambda *_: server.ask_to_stop())
        signal.signal(signal.SIGINT, lambda *_: server.ask_to_stop())
        self.stdout.write(f"The desk: {settings.PUBLIC_URL}/admin/   listening on {options['listen']}")
        server.run()
