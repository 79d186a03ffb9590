"""Takes what is due from the outbox, sends it, and records what happened (decisions B17, B18).

Only the head of a queue is taken: the first message of an order that is not delivered yet. The next attempt's time is
written before the attempt and doubles as its lease, so a worker that dies is followed by another without anybody
noticing. An attempt's deadline is counted from its claim and lies below the lease, so whoever was held up sends nothing
late; the lease's number fences what is recorded, so it overwrites nothing either. No lock is held while sending.

While a platform answers quickly, several heads are claimed and recorded together, twice as many each time; what cannot
be begun soon is given back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from django.conf import settings
from django.db import transaction

from protocol import envelope
from protocol.delivery import wakeup
from protocol.delivery.claiming import Claimed, Heads, give_back
from protocol.delivery.heartbeat import SignsOfLife
from protocol.delivery.recording import Ended, Result, record
from protocol.delivery.transport import Address, HttpConnection, NotDelivered, Reply
from protocol.failures import Failure
from protocol.models import Connection
from staff import clock

log = logging.getLogger(__name__)

#: After so many attempts other work of the process has its turn.
AT_ONCE = 1000
#: At most so many are claimed together; a worker that dies amid them leaves so many to be sent once more.
TOGETHER = 32
#: Keys and address of a platform are read again after so many seconds: a change reaches busy workers too.
READ_AGAIN_AFTER = 1.0

_of_this_thread = threading.local()


def deliver_due(*, limit: int | None = None) -> int:
    """Sends what is due until nothing is, `limit` attempts are made, or the process is told to stop; the number of
    attempts."""
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("Delivery sends what is committed; it cannot run inside a transaction.")
    heads, made, together, signs = Heads(), 0, 1, SignsOfLife("worker")
    _agreements().clear()
    while not wakeup.stopping() and (limit is None or made < limit):
        signs.give()
        held = heads.claim(clock.now(), together if limit is None else min(together, limit - made))
        if not held:
            break
        if made == 0 and heads.others_wait:
            wakeup.wake()  # another sender: this platform may be slow
        ended = _attempt(held)
        with transaction.atomic():
            give_back(held[len(ended) :], clock.now())
            record(ended)
            heads.leave()
        made += len(ended)
        went_well = len(ended) == len(held) and ended[-1].result.reached
        together = min(2 * together, TOGETHER) if went_well else 1
    return made


def _attempt(held: Sequence[Claimed]) -> list[Ended]:
    """One attempt after the other, until one fails, the process is told to stop, or others should rather have them."""
    ended: list[Ended] = []
    for claimed in held:
        started = monotonic()
        result = send(claimed)
        now = monotonic()
        ended.append(Ended(claimed, result, round((now - started) * 1000)))
        soon = settings.DELIVERY_DEADLINE.total_seconds() / 20
        if not result.reached or wakeup.stopping() or now - claimed.began > soon:
            break
    return ended


def send(claimed: Claimed) -> Result:
    """Seals the message afresh (same msgcode and plaintext, B17), posts it, and reads the answer; never raises."""
    sent = b""
    try:
        agreement = _agreement(claimed.connection)
        sent = envelope.seal_request(
            claimed.transcode,
            claimed.plaintext.encode(),
            agreement.party,
            msgcode=claimed.msgcode,
            reqtime=clock.now(),
        )
        within = settings.DELIVERY_DEADLINE.total_seconds() - (monotonic() - claimed.began)
        return _read(agreement.http.post(sent, within=within), sent)
    except NotDelivered as failure:
        return Result(failure=failure.kind, error=failure.detail, sent=sent)
    except Exception as failure:
        log.exception("Sending %s failed on our side", claimed.msgcode)
        return Result(failure=Failure.OUR_OWN, error=type(failure).__name__, sent=sent)


def _read(reply: Reply, sent: bytes) -> Result:
    if reply.status != 200:
        status = reply.status
        return Result(http_status=status, failure=Failure.HTTP, error=str(status), sent=sent, answer=reply.body)
    try:
        answered = envelope.read_code(reply.body)
    except envelope.NotTheSpecification as wrong:
        kind = Failure.NO_CODE if isinstance(wrong, envelope.NoCode) else Failure.NO_JSON
        return Result(http_status=reply.status, failure=kind, sent=sent, answer=reply.body)
    return Result(answered.code, answered.message[:200], reply.status, sent=sent, answer=reply.body)


@dataclass(frozen=True)
class _Agreement:
    """An agreement as this thread holds it between messages: its keys loaded, its HTTP connection open."""

    party: envelope.Party
    http: HttpConnection
    read_at: float


def _agreements() -> dict[int, _Agreement]:
    agreements: dict[int, _Agreement] = _of_this_thread.__dict__.setdefault("agreements", {})
    return agreements


def _agreement(connection_id: int) -> _Agreement:
    agreement = _agreements().get(connection_id)
    if agreement is None or monotonic() - agreement.read_at > READ_AGAIN_AFTER:
        connection = Connection.objects.get(pk=connection_id)
        agreement = _Agreement(connection.party(), _http(connection), monotonic())
        _agreements()[connection_id] = agreement
    return agreement


def _http(connection: Connection) -> HttpConnection:
    """This thread's connection to the platform, left open between messages and made anew when its address changes."""
    address = Address(connection.address, connection.ca_certificate, connection.client_certificate)
    opened: dict[int, HttpConnection] = _of_this_thread.__dict__.setdefault("http", {})
    http = opened.get(connection.pk)
    if http is None or http.address != address:
        if http is not None:
            http.close()
        http = HttpConnection(address, connect_timeout=settings.DELIVERY_CONNECT_TIMEOUT.total_seconds())
        opened[connection.pk] = http
    return http
