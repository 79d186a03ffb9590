"""The site as it is served: who keeps it busy with nothing keeps nobody else out, and broken HTTP is answered."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from importlib import import_module
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.channel import Channel
from config.server import Server
from protocol.gateway.arrival import BROKEN_HTTP
from tests.stories.conftest import free_port

pytestmark = pytest.mark.machine


class Served:
    """A server whose application remembers the environments and the bodies that it got, and answers {}."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.answer = b"{}"
        self.may_answer = threading.Event()
        self.may_answer.set()
        monkeypatch.setattr("config.application.application", self._application)
        self.port = free_port()
        self.server = Server(f"127.0.0.1:{self.port}")
        monkeypatch.setattr(self.server, "_runner", None)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def _application(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.seen.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        self.may_answer.wait(10)
        start_response("200 OK", [("Content-Length", str(len(self.answer)))])
        return [self.answer]

    def connect(self, sent: bytes = b"") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.sendall(sent)
        return connection

    def send(self, sent: bytes) -> bytes:
        """All that is answered to `sent`, until the server ends the connection."""
        with self.connect(sent) as connection:
            return rest_of(connection)

    @property
    def listener(self) -> Any:
        return self.server._http.listeners[0]

    def wait_for(self, happened: Callable[[list[Channel]], bool]) -> None:
        """Until the loop, which runs in a thread of its own, has come so far."""
        end = time.monotonic() + 10
        while not happened(self.listener.channels()):
            assert time.monotonic() < end
            time.sleep(0.005)

    def later(self, seconds: float) -> None:
        """The server's look at its connections, as it is after so long."""
        self.listener.maintenance(time.time() + seconds)
        self.listener.pull_trigger()


def rest_of(connection: socket.socket) -> bytes:
    found = b""
    while got := connection.recv(65536):
        found += got
    return found


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    served = Served(monkeypatch)
    yield served
    served.server.ask_to_stop()
    served.thread.join(10)


REQUEST = b"GET /verify/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
HALF = b"POST /gateway/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + b'{"transcode":'


def test_a_forwarding_header_reaches_the_application(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    with closing(connection):
        connection.request("GET", "/", headers={"X-Forwarded-For": "203.0.113.7"})
        assert connection.getresponse().status == 200
    assert served.seen[0]["HTTP_X_FORWARDED_FOR"] == "203.0.113.7"


@pytest.mark.parametrize("sent", [b"", b"GET / HT", HALF], ids=["silent", "half a header", "half a body"])
@pytest.mark.parametrize("settings_of", [(400, 100), (100, 400)], ids=["of a network", "in all"])
def test_130_slow_connections_keep_nobody_out(
    served: Served, settings: Any, sent: bytes, settings_of: tuple[int, int]
) -> None:
    settings.CONNECTIONS, settings.CONNECTIONS_OF_A_NETWORK = settings_of
    with ExitStack() as stack:
        for _ in range(130):
            stack.enter_context(served.connect(sent))
        assert served.send(REQUEST).startswith(b"HTTP/1.1 200")
        assert len(served.listener.channels()) <= 100


@pytest.mark.parametrize("sent", [87, 10], ids=["being answered", "being received"])
def test_whoever_is_silent_goes_before_whoever_asks(served: Served, settings: Any, sent: int) -> None:
    settings.CONNECTIONS_OF_A_NETWORK = 5
    served.may_answer.clear()
    with ExitStack() as stack:
        first = stack.enter_context(served.connect(HALF))
        served.wait_for(lambda channels: any(one.began for one in channels))
        first.sendall(b"x" * sent)
        for _ in range(10):
            stack.enter_context(served.connect())
        served.wait_for(lambda channels: len(channels) == 5)
        served.may_answer.set()
        first.sendall(b"x" * (87 - sent))
        assert first.recv(1000).startswith(b"HTTP/1.1 200")


def test_what_is_being_answered_is_not_closed_for_others(served: Served, settings: Any) -> None:
    settings.CONNECTIONS_OF_A_NETWORK = 5
    served.may_answer.clear()
    with ExitStack() as stack:
        asking = [stack.enter_context(served.connect(REQUEST)) for _ in range(5)]
        served.wait_for(lambda channels: sum(bool(one.requests) for one in channels) == 5)
        with served.connect() as one_too_many:
            assert rest_of(one_too_many) == b""
        served.may_answer.set()
        for connection in asking:
            assert rest_of(connection).startswith(b"HTTP/1.1 200")


def test_a_proxy_of_ours_may_have_more(served: Served, settings: Any) -> None:
    settings.CONNECTIONS_OF_A_NETWORK, settings.TRUSTED_PROXIES = 5, [ip_network("127.0.0.0/8")]
    with ExitStack() as stack:
        for _ in range(12):
            stack.enter_context(served.connect())
        served.wait_for(lambda channels: len(channels) == 12)


def test_a_request_that_does_not_end_is_answered_by_the_gateway(served: Served) -> None:
    with served.connect(HALF) as connection:
        served.wait_for(lambda channels: any(one.began for one in channels))
        [channel] = served.listener.channels()
        channel.began -= 40  # its first byte came so long ago
        served.later(19)
        connection.sendall(b'"PREP105",')
        served.wait_for(lambda channels: any(one.request and one.request.body_bytes_received == 23 for one in channels))
        assert not served.seen  # its time is not over, and no byte begins it anew
        served.later(21)
        assert rest_of(connection).endswith(b"{}")
    assert "60 seconds" in served.seen[0][BROKEN_HTTP]
    assert served.bodies == [b'{"transcode":"PREP105",']


@pytest.mark.parametrize("drip", [b"\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_connection_that_begins_no_request_ends(served: Served, drip: bytes) -> None:
    with served.connect(drip) as connection:
        served.wait_for(lambda channels: any(one.began for one in channels))
        connection.sendall(drip)
        served.later(61)
        assert rest_of(connection)[:12] in (b"", b"HTTP/1.0 408")
    assert not served.seen


def test_a_large_body_that_keeps_coming_has_more_time(served: Served) -> None:
    size = 2_000_000
    with served.connect(b"POST /gateway/ HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % size) as connection:
        connection.sendall(b"x" * (size - 1))
        served.wait_for(
            lambda channels: any(one.request and one.request.body_bytes_received == size - 1 for one in channels)
        )
        [channel] = served.listener.channels()
        assert channel.spent(channel.began + 95) < 1 < channel.spent(channel.began + 105)  # 60 s and 50 kB a second
        connection.sendall(b"x")
        assert rest_of(connection).endswith(b"{}")
    assert len(served.bodies[0]) == size


def test_an_answer_that_is_read_too_slowly_is_given_up(served: Served) -> None:
    served.answer = b"x" * 12_000_000
    with socket.socket() as connection:
        # A buffer of a given size does not grow: without this the two ends' may come to hold the whole answer.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", served.port))
        connection.sendall(REQUEST)
        connection.recv(1)
        served.wait_for(lambda channels: any(one.total_outbufs_len and not one.requests for one in channels))
        served.later(0)
        [channel] = served.listener.channels()
        connection.recv(1)
        channel.unread_since -= 30 + channel.unread / 50_000
        served.later(0)
        assert served.listener.channels() == [channel]  # 60 s, and one for each 50 kB
        channel.unread_since -= 31
        served.later(0)
        served.wait_for(lambda channels: not channels)
        assert len(rest_of(connection)) < len(served.answer)


@pytest.mark.parametrize(
    "sent",
    [
        b"POST  /gateway/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"post /gateway/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /gateway/ FTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /gateway/ HTTP/1.1\r\nHost : x\r\n\r\n",
        b"POST /gateway/ HTTP/1.1\r\nX: " + b"x" * 300_000 + b"\r\n\r\n",
        b"POST /gateway/ HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /gateway/ HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"POST http://[/gateway/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /gateway/ HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /gateway/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + b"x" * 300_000,
        b"POST /gateway/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef",
    ],
)
def test_broken_http_is_answered_by_the_gateway(served: Served, sent: bytes) -> None:
    assert served.send(sent).endswith(b"\r\n\r\n{}")
    [environ] = served.seen
    assert environ[BROKEN_HTTP]
    assert environ["PATH_INFO"] == "/gateway/"


def test_broken_http_elsewhere_is_http(served: Served) -> None:
    assert served.send(b"POST  /admin/?next=/gateway/ HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.0 400")
    assert not served.seen


@pytest.mark.parametrize(("path", "size"), [("/gateway/", 1001), ("/gateway/", 4001), ("/admin/", 1001)])
def test_a_body_beyond_the_limit_is_passed_over_and_answered(
    served: Served, monkeypatch: pytest.MonkeyPatch, path: str, size: int
) -> None:
    monkeypatch.setattr("config.channel.MAX_BODY", 1000)
    served.listener.adj.max_request_body_size = 4000
    head = b"POST %b HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % (path.encode(), size)
    assert served.send(head + b"x" * size).endswith(b"{}")
    assert served.seen[0]["CONTENT_LENGTH"] == str(size)
    assert served.bodies == [b""]


def test_a_body_in_chunks_beyond_the_limit_is_answered_by_the_gateway(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.channel.MAX_BODY", 1000)
    head = b"POST /gateway/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert served.send(head + b"3e9\r\n" + b"x" * 1001 + b"\r\n").endswith(b"{}")
    assert served.seen[0]["CONTENT_LENGTH"] == "1001"


def test_another_server_without_a_broker_is_refused(settings: Any) -> None:
    """It would answer, and nobody would deliver."""
    settings.REDIS_URL = ""
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        import_module("config.wsgi")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert import_module("config.wsgi").application is import_module("config.application").application


def test_what_comes_first_is_done_while_the_site_answers_and_before_anything_is_delivered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events: list[str] = []

    class Runner:
        def start(self) -> None:
            events.append("runner starts")

        def stop(self) -> None:
            events.append("runner stops")

    def application(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "2")])
        return [b"up"]

    monkeypatch.setattr("config.application.application", application)
    port = free_port()
    server = Server(f"127.0.0.1:{port}")
    monkeypatch.setattr(server, "_runner", Runner())

    def first() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        events.append(connection.getresponse().read().decode())
        connection.close()

    thread = threading.Thread(target=server.run, args=(first,), daemon=True)
    thread.start()
    end = time.monotonic() + 10
    while "runner starts" not in events and time.monotonic() < end:
        time.sleep(0.005)
    server.ask_to_stop()
    thread.join(10)
    assert events == ["up", "runner starts", "runner stops"]
    stopped = Server(f"127.0.0.1:{free_port()}")
    monkeypatch.setattr(stopped, "_runner", Runner())
    stopped.run(stopped.ask_to_stop)
    assert events == ["up", "runner starts", "runner stops"]  # told to stop before, it delivers nothing
