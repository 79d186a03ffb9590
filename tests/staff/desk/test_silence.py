"""The home page says that nobody delivers, whatever server shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from protocol.delivery.heartbeat import beat
from staff import clock
from staff.roles import Role

pytestmark = pytest.mark.django_db


def notice(client: Client) -> str:
    return " ".join(str(flag.text) for flag in client.get("/admin/").context["flags"])


def test_it_works(desk: Callable[[Role], Client]) -> None:
    client = desk(Role.MANAGER)
    assert "Not heard of: who sends notifications、the clock of the periodic work." in notice(client)
    beat("worker", clock.now())
    beat("clock", clock.now() - timedelta(minutes=5))
    assert "Not heard of: the clock of the periodic work (since " in notice(client)
    beat("clock", clock.now())
    assert "Not heard of" not in notice(client)


def test_it_is_told_in_the_readers_language(desk: Callable[[Role], Client]) -> None:
    client = desk(Role.MANAGER)
    client.cookies["django_language"] = "zh-hans"
    assert "通知发送进程、定时任务时钟没有响应" in client.get("/admin/").content.decode()
