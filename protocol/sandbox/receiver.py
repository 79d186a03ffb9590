"""Notifications as the platform takes them: verified, opened, checked, accepted once only, answered by the codes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from protocol import envelope
from protocol.envelope import Party
from protocol.errors import (
    SUCCESS,
    TEXTS,
    CannotOpen,
    InvalidFields,
    Malformed,
    NotAuthenticated,
    ProtocolError,
    Stale,
    UnknownNumber,
)
from protocol.prep.transcodes import TABLES
from protocol.sandbox.sequence import Progress
from protocol.sandbox.store import RECEIVED, Message, Outcome, Store
from protocol.tables import check
from protocol.vocabulary import OUTBOUND, Transcode
from staff.clock import CHINA


@dataclass
class _Reading:
    """What is known so far of a message that is being read; nothing of its content before its signature holds."""

    transcode: str = ""
    msgcode: str = ""
    number: str = ""
    plaintext: bytes = b""
    fields: dict[str, object] = field(default_factory=dict)
    repeated: bool = False

    def message(self, at: datetime, outcome: Outcome) -> Message:
        return Message(
            number=self.number,
            at=at,
            direction=RECEIVED,
            transcode=self.transcode,
            msgcode=self.msgcode,
            plaintext=self.plaintext,
            fields=self.fields,
            repeated=self.repeated,
            outcome=outcome,
        )


class Receiver:
    """Takes the body of one notification and gives the body of its answer; each is kept in the store."""

    def __init__(self, party: Party, store: Store, now: Callable[[], datetime]) -> None:
        self._party = party
        self._store = store
        self._now = now
        # One at a time, so that the same msgcode twice at once is accepted once.
        self._one_at_a_time = threading.Lock()

    def receive(self, body: bytes) -> bytes:
        reading, at = _Reading(), self._now()
        with self._one_at_a_time:
            try:
                self._read(body, reading, at)
                outcome = Outcome(SUCCESS, TEXTS[SUCCESS])
            except ProtocolError as refusal:
                outcome = Outcome(refusal.code, refusal.message)
            guarantee = ""
            if outcome.code == SUCCESS and not reading.repeated:
                if reading.transcode == Transcode.APPLICATION_STATUS:
                    guarantee = str(reading.fields.get("guaranteeId", ""))
                outcome = Outcome(SUCCESS, TEXTS[SUCCESS], findings=self._findings(reading, at, guarantee))
            self._store.add_message(reading.message(at, outcome), guarantee)
        return envelope.answer(outcome.code, outcome.text)

    def _read(self, body: bytes, reading: _Reading, at: datetime) -> None:
        request = envelope.parse(body)
        reading.transcode, reading.msgcode = request.transcode, request.msgcode
        if request.appid != self._party.appid:
            raise NotAuthenticated
        if request.transcode not in OUTBOUND:
            raise Malformed(f"transcode 应为{'、'.join(OUTBOUND)}之一")
        opened = self._open(request)
        reading.plaintext, reading.fields = opened.plaintext, dict(opened.fields)
        reading.number = self._number_of(reading)
        if (accepted := self._store.accepted(request.msgcode)) is not None:
            if (accepted.transcode, accepted.plaintext) != (request.transcode, opened.plaintext):
                raise Malformed("msgcode 已用于另一内容的报文")
            reading.repeated = True
            return
        if abs(at - request.reqtime) > timedelta(minutes=self._party.dialect.freshness):
            our_time = at.astimezone(CHINA).strftime("%Y%m%d%H%M%S")
            raise Stale(f"reqtime {request.reqtime_text} 与本方时间 {our_time} 相差过大")
        if problems := check(TABLES[request.transcode], opened.fields):
            raise InvalidFields(problems)
        if not reading.number:
            raise UnknownNumber

    def _open(self, request: envelope.Request) -> envelope.Opened:
        if self._party.dialect.signed == "data":
            envelope.verify(request, self._party)
            return envelope.open_request(request, self._party)
        try:
            opened = envelope.open_request(request, self._party)
        except CannotOpen:
            raise NotAuthenticated from None
        envelope.verify(request, self._party, opened)
        return opened

    def _number_of(self, reading: _Reading) -> str:
        """The order that a notification is about; empty for none of ours."""
        if reading.transcode == Transcode.APPLICATION_STATUS:
            number = reading.fields.get("applicationId")
            return str(number) if isinstance(number, str) and self._store.order(number) else ""
        guarantee = reading.fields.get("guaranteeId")
        return self._store.number_of(guarantee) if isinstance(guarantee, str) else ""

    def _findings(self, reading: _Reading, at: datetime, guarantee: str) -> list[str]:
        progress = Progress(refusal_by_prep108=self._party.dialect.refusal == "prep108")
        progress.follow_all(self._store.messages(reading.number))
        findings = [progress.follow(reading.message(at, Outcome(SUCCESS)))]
        if guarantee and (other := self._store.number_of(guarantee)):
            findings.append(f"保函唯一标识 {guarantee} 已用于订单 {other}，每次开函应使用新的标识")
        return [finding for finding in findings if finding]
