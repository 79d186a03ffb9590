"""A platform on loopback that can misbehave in every way, and remembers what it received, in order."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from protocol import envelope

ACCEPTED = envelope.answer("000")


class Handler(BaseHTTPRequestHandler):
    """One request: its body is remembered, then the platform behaves as it is told to."""

    protocol_version = "HTTP/1.1"
    server: FaultyServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        platform = self.server.platform
        with platform.lock:
            platform.paths.add(self.path)
            platform.bodies.append(body)
            behaviour = platform.behaviour
        behaviour(self, body)

    def answer(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


Behaviour = Callable[[Handler, bytes], None]


class FaultyServer(ThreadingHTTPServer):
    daemon_threads = True
    platform: FaultyPlatform

    def handle_error(self, *_: object) -> None:
        """The other side went away: that is what these tests are about."""


class FaultyPlatform:
    """`behaviour` may be changed at any time; `bodies` are what came, in order."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.bodies: list[bytes] = []
        self.paths: set[str] = set()
        self.behaviour: Behaviour = accept
        self._server = FaultyServer(("127.0.0.1", 0), Handler)
        self._server.platform = self
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/notify"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def msgcodes(self) -> list[str]:
        with self.lock:
            return [json.loads(body)["msgcode"] for body in self.bodies]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def faulty_platform() -> Iterator[FaultyPlatform]:
    platform = FaultyPlatform()
    try:
        yield platform
    finally:
        platform.close()


def accept(handler: Handler, _body: bytes) -> None:
    handler.answer(200, ACCEPTED)


def fail(handler: Handler, _body: bytes) -> None:
    handler.answer(500, b"Internal Server Error")


def talk_garbage(handler: Handler, _body: bytes) -> None:
    handler.answer(200, b"\x00\xff<html>")


def break_http(handler: Handler, _body: bytes) -> None:
    handler.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
    handler.close_connection = True


def redirect(handler: Handler, _body: bytes) -> None:
    handler.answer(302, b"", Location=f"{handler.server.platform.address}/elsewhere")


def say_nothing(handler: Handler, _body: bytes) -> None:
    handler.close_connection = True


def hang(handler: Handler, _body: bytes) -> None:
    """Nothing, and the connection stays open until the other side gives up."""
    handler.rfile.read(1)
    handler.close_connection = True


def drip(handler: Handler, _body: bytes) -> None:
    """A true answer, one byte at a time, each in time for a timeout between two bytes, never for the whole."""
    content = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ACCEPTED), ACCEPTED)
    pause = threading.Event()
    for byte in content:
        handler.wfile.write(bytes([byte]))
        pause.wait(0.2)
    handler.close_connection = True
