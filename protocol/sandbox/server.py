"""The HTTP server in front of the application: waitress, with an end that any thread may ask for."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import waitress
from waitress import wasyncore

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

#: Beyond it waitress itself answers 413; a notification has a few kilobytes.
MAX_BODY = 1024 * 1024
THREADS = 8


class Server:
    """Listens as soon as it is made; `run` serves until `close`."""

    def __init__(self, application: WSGIApplication, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
        self.port: int = listening.getsockname()[1]
        self._open: dict[int, wasyncore.dispatcher] = {}
        self._server = waitress.create_server(
            application,
            map=self._open,
            sockets=[listening],
            threads=THREADS,
            ident=None,
            max_request_body_size=MAX_BODY,
        )
        self._is_running = False

    def run(self) -> None:
        self._is_running = True
        self._server.run()

    def close(self) -> None:
        """Ends `run` after the requests that are being answered; to be called once."""
        if self._is_running:
            # In the serving thread: closing under its hands would leave it waiting for connections that are gone.
            self._server.trigger.pull_trigger(self._end)
        else:
            self._end()

    def _end(self) -> None:
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._open, ignore_all=True)


def serve(application: WSGIApplication, host: str, port: int) -> Server:
    """A server at this address; port 0 takes a free one, which `.port` tells."""
    return Server(application, host, port)
