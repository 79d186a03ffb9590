"""Why an attempt brought back no code is told in the reader's language, whatever the failure."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from protocol.delivery import sending
from protocol.failures import Failure, failure_text
from protocol.models import Attempt, Connection, Message, Notification
from tests.platform import Platform
from tests.protocol.delivery.loopback import loopback
from tests.protocol.delivery.test_delivery import tell

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def other_side(answer: bytes | None) -> Iterator[str]:
    """Whoever listens and answers so, whatever comes; None: never."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak() -> None:
            connection, _address = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer or b"")

        if answer is not None:
            threading.Thread(target=speak, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


@contextmanager
def by_http(status: int, body: bytes) -> Iterator[str]:
    with loopback(lambda _body: (status, body)) as server:
        yield server.address


@contextmanager
def at(url: str) -> Iterator[str]:
    yield url


def what_came_of(address: str) -> tuple[str, str]:
    """An attempt's outcome, in English and in Chinese; on the attempt, the notification and in the journal alike."""
    platform = Platform()
    Connection.objects.filter(pk=platform.connection.pk).update(address=address)
    notification = tell(platform)
    sending.deliver_due()
    kept = (
        Attempt.objects.get(notification=notification),
        Notification.objects.get(pk=notification.pk),
        Message.objects.get(direction="out"),
    )
    english = {row.answered for row in kept}
    with translation.override("zh-hans"):
        chinese = {row.answered for row in kept}
    assert (len(english), len(chinese)) == (1, 1)
    return english.pop(), chinese.pop()


@pytest.mark.parametrize(
    ("platform", "english", "chinese"),
    [
        (lambda: at(""), "No address is set", "尚未填写地址"),
        (lambda: at("http://a..b/"), "The address cannot be used: http://a..b/", "地址无法使用：http://a..b/"),
        (lambda: at("http://h:99999/"), "The address cannot be used: http://h:99999/", "地址无法使用：http://h:99999/"),
        (lambda: at("http://127.0.0.1:1/"), "The connection was refused: nobody listens there", "连接被拒绝"),
        (lambda: other_side(None), "No answer came in time (0.2 s)", "应答超时（0.2秒）"),
        (lambda: other_side(b""), "The connection was closed without an answer", "对方未作应答即断开连接"),
        (lambda: other_side(b"\x15\x03\r\n\r\n"), "What answers there does not speak HTTP", "对方应答不是HTTP协议"),
        (lambda: by_http(500, b"oops"), "HTTP 500 instead of 200", "对方返回HTTP 500，应为200"),
        (lambda: by_http(200, b"<html>"), "The answer is no JSON object", "应答不是JSON对象"),
        (lambda: by_http(200, b"{}"), "The answer has no code of three digits", "应答中没有三位数字的代码"),
    ],
)
def test_each_failure_is_told_in_the_readers_language(
    settings: Any, platform: Callable[[], Any], english: str, chinese: str
) -> None:
    settings.DELIVERY_DEADLINE = timedelta(seconds=0.2)
    with platform() as address:
        found = what_came_of(address)
    assert found[0] == english
    assert found[1].startswith(chinese)


def test_what_a_former_version_wrote_stays_as_it_is() -> None:
    assert failure_text(None, "HTTP 500 instead of 200") == "HTTP 500 instead of 200"
    assert failure_text("of a later version", "500") == "500"


def test_every_kind_fits_its_column() -> None:
    longest = Attempt._meta.get_field("failure").max_length
    assert max(map(len, Failure.values)) <= (longest or 0)
