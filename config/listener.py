"""Where connections come in: how many there may be, of whom, and which has to go when there is no room."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from django.conf import settings
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from config.channel import PROXIES, Channel
from protocol.gateway.body import MAX_BODY

#: Seconds between two looks at all connections.
LOOK_EVERY = 5


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """One listening socket; all of a process share their connections' limits."""

    channel_class = Channel

    def channels(self) -> list[Channel]:
        """The connections of this process, without those that are about to be closed."""
        return [one for one in list(self._map.values()) if isinstance(one, Channel) and not one.will_close]

    def make_room(self, newest: Channel) -> None:
        """Closes a connection where `newest` is one too many, of its network or in all.

        The newest is let in: whoever opens many and sends nothing would otherwise keep all others out. It is closed
        itself where all others are being answered.
        """
        channels = self.channels()
        mine = [one for one in channels if one.network == newest.network]
        if newest.network != PROXIES and len(mine) > settings.CONNECTIONS_OF_A_NETWORK:
            _close_one(mine, newest)
        elif len(channels) > settings.CONNECTIONS:
            [(largest, _many)] = Counter(one.network for one in channels).most_common(1)
            _close_one([one for one in channels if one.network == largest], newest)

    def add_task(self, task: Channel) -> None:
        task.began = None  # it was received whole
        super().add_task(task)

    def maintenance(self, now: float) -> None:
        for channel in list(self.active_channels.values()):
            channel.keep_time(now)


def _close_one(channels: list[Channel], newest: Channel) -> None:
    """The longest silent one between two requests; else the one that has spent most of its request's time."""
    now = time.time()
    waiting = [one for one in channels if one is not newest and not one.requests]
    idle = [one for one in waiting if one.is_idle]
    chosen = newest
    if idle:
        chosen = min(idle, key=lambda one: float(one.last_activity))
    elif waiting:
        chosen = max(waiting, key=lambda one: (one.lingers_since is not None, one.spent(now)))
    chosen.will_close = True


class Listeners:
    """All listening sockets of `listen` (HOST:PORT; a name may have several addresses)."""

    def __init__(self, application: Any, listen: str, *, threads: int) -> None:
        adjustments = Adjustments(
            listen=listen,
            threads=threads,
            ident=None,
            # The gateway answers too large a body itself, in the specification's JSON; far larger ones are cut off.
            max_request_body_size=4 * MAX_BODY,
            max_request_header_size=64 * 1024,
            channel_timeout=60,
            cleanup_interval=LOOK_EVERY,
            # `make_room` keeps to the limit; this is for those that are about to be closed.
            connection_limit=settings.CONNECTIONS + 100,
            asyncore_use_poll=True,  # select() bears no descriptor beyond 1023
            # Who may say where a request came from is judged by TRUSTED_PROXIES (staff/network.py).
            clear_untrusted_proxy_headers=False,
        )
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(threads)
        self._map: dict[int, Any] = {}
        self.listeners = [
            Listener(application, self._map, dispatcher=dispatcher, adj=adjustments, sockinfo=one)
            for one in adjustments.listen
        ]

    def run(self) -> None:
        """Serves until `close`."""
        wasyncore.loop(timeout=1, use_poll=True, map=self._map)

    def close(self) -> None:
        """Takes no more connections; any thread may call it."""
        for listener in self.listeners:
            listener.close()
