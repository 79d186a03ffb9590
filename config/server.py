"""The site in one process: waitress for HTTP and, where there is no broker, the runner beside it."""

from __future__ import annotations

import threading

import waitress.server
from django.conf import settings

from config.runner import Runner
from protocol.gateway.middleware import MAX_BODY


class Server:
    """Listens on `HOST:PORT` from the moment it is made; `run` serves until `ask_to_stop`."""

    def __init__(self, listen: str, *, threads: int = 8) -> None:
        from config.wsgi import application

        self._http = waitress.server.create_server(
            application,
            listen=listen,
            threads=threads,
            ident=None,
            # The gateway answers too large a body itself, in the specification's JSON; far larger ones are cut off.
            max_request_body_size=4 * MAX_BODY,
            channel_timeout=60,
        )
        self._runner = None if settings.REDIS_URL else Runner()
        self._stop = threading.Event()

    def run(self) -> None:
        """Serves until asked to stop; then lets the attempt under way end."""
        thread = threading.Thread(target=self._http.run, name="http", daemon=True)
        thread.start()
        if self._runner:
            self._runner.start()
        try:
            self._stop.wait()
        finally:
            self._http.close()
            if self._runner:
                self._runner.stop()

    def ask_to_stop(self) -> None:
        self._stop.set()
