"""Robots that listen, and channels that lead to them, set as a manager sets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from staff.models import Channel
from staff.reminders.decisions import add
from staff.roles import Role
from tests.institution import again, decide, person
from tests.staff.reminders.robots import SECRET, Robots, robots


@pytest.fixture
def listening(settings: Any, tmp_path: Path) -> Iterator[Robots]:
    """Robots of an installation of our own, which the operator named."""
    with robots(tmp_path) as found:
        settings.CHANNEL_HOSTS = [found.host]
        settings.SERVICE_AUTHORITY = str(found.authority)
        settings.PUBLIC_URL = "https://desk.example.com"
        yield found


@pytest.fixture
def channel(db: None) -> Callable[..., Channel]:
    """Adds a channel and sets its address, as an administrator and a manager do."""

    def make(kind: str, address: str, secret: str = SECRET, **serves: Any) -> Channel:
        given = {"name": kind, "kind": kind, "roles": [], "reminders": [], **serves}
        added = add(person(Role.ADMINISTRATOR), given)
        signed = {} if kind in ("wecom", "email") else {"secret": secret}
        decide("set_address", added, Role.ADMINISTRATOR, address=address, **signed)
        return again(added)

    return make
