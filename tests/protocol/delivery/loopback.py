"""A platform on loopback that answers as it is told to: a real HTTP server, so that the delivery is tested for real."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from protocol import envelope
from protocol.delivery import sending
from protocol.models import Connection

Answer = Callable[[bytes], tuple[int, bytes]]


def code(value: str, message: str = "") -> Answer:
    return lambda _body: (200, envelope.answer(value, message))


class Loopback:
    """`answer` may be changed at any time; `bodies` are what came, in order."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.bodies: list[bytes] = []
        self.headers: dict[str, str] = {}
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                loopback.bodies.append(body)
                status, content = loopback.answer(body)
                self.send_response(status)
                for name, value in loopback.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/notify"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def msgcodes(self) -> list[str]:
        return [json.loads(body)["msgcode"] for body in self.bodies]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def loopback(answer: Answer) -> Iterator[Loopback]:
    server = Loopback(answer)
    try:
        yield server
    finally:
        server.close()


def deliver(answer: Answer) -> int:
    """Sends what is due of every platform's outbox to one that answers so; the number of messages sent."""
    with loopback(answer) as server:
        Connection.objects.update(address=server.address)
        return sending.deliver_due()
