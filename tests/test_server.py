"""The site as it is served: what a proxy of ours says of the sender reaches whoever judges it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.server import Server
from tests.stories.conftest import free_port


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, list[Any]]]:
    """A server whose application only remembers the environments that it got."""
    seen: list[Any] = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        seen.append(environ)
        start_response("200 OK", [])
        return [b""]

    monkeypatch.setattr("config.application.application", application)
    port = free_port()
    server = Server(f"127.0.0.1:{port}")
    thread = threading.Thread(target=server.run, daemon=True)
    monkeypatch.setattr(server, "_runner", None)
    thread.start()
    yield port, seen
    server.ask_to_stop()
    thread.join(10)


def test_a_forwarding_header_reaches_the_application(served: tuple[int, list[Any]]) -> None:
    port, seen = served
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/", headers={"X-Forwarded-For": "203.0.113.7"})
    assert connection.getresponse().status == 200
    assert seen[0]["HTTP_X_FORWARDED_FOR"] == "203.0.113.7"


def test_another_server_without_a_broker_is_refused(settings: Any) -> None:
    """It would answer, and nobody would deliver."""
    settings.REDIS_URL = ""
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        import_module("config.wsgi")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert import_module("config.wsgi").application is import_module("config.application").application
