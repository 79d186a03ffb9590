"""Both ends of a conversation: a sandbox, and an institution that seals notifications and answers what it is sent."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from protocol import envelope
from protocol.crypto import sm2
from protocol.dialect import Dialect
from protocol.prep.transcodes import TABLES
from protocol.sandbox.platform import Platform
from protocol.sandbox.store import Store
from staff.clock import CHINA

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=CHINA)
PDF = b"%PDF-1.7\n1 0 obj\nstream\nthe pages of the letter, long enough\nendstream\n%%EOF"
ISSUED = {
    "guaranteeAmt": "120000.00",
    "validTimeStart": "2026-11-24 00:00:00",
    "validTimeEnd": "2027-11-23 23:59:59",
    "letterOfTime": "2026-11-24 10:00:00",
    "companyName": "内蒙古天骄科技有限公司",
}
PAID = {"payTime": "2026-11-24 09:30:00", "payAmt": "1800.00", "payType": "01"}


@dataclass
class Institution:
    """Keeps what the sandbox sent; answers 000, or what a test puts into `answers`; its verdicts tell files apart."""

    party: envelope.Party
    requests: list[envelope.Request] = field(default_factory=list)
    opened: list[dict[str, object]] = field(default_factory=list)
    answers: dict[str, Callable[[], tuple[int, bytes]]] = field(default_factory=dict)

    def post(self, address: str, body: bytes) -> tuple[int, bytes]:
        request = envelope.parse(body)
        opened = envelope.open_request(request, self.party)
        if not request.is_digital:
            envelope.verify(request, self.party, opened)
        fields = opened.fields
        self.requests.append(request)
        self.opened.append(dict(fields))
        if answer := self.answers.get(request.transcode):
            return answer()
        if request.transcode == "PREP103":
            content = {"guaranteeFileName": "保函.pdf", "guaranteeFileContext": base64.b64encode(PDF).decode()}
            return 200, envelope.seal_answer(content, self.party)
        if request.transcode == "PREP104":
            status = "01" if base64.b64decode(str(fields["guaranteeData"])) == PDF else "02"
            names = [row.name for row in TABLES["PREP104"].answer if row.may_be_blank]
            answer = {"guaranteeId": str(fields["guaranteeId"]), "status": status, **dict.fromkeys(names, "")}
            return 200, envelope.seal_answer(answer, self.party)
        return 200, envelope.answer("000")

    def notification(self, transcode: str, fields: dict[str, str], msgcode: str = "", reqtime: datetime = NOW) -> bytes:
        plaintext = json.dumps(fields, ensure_ascii=False).encode()
        return envelope.seal_request(
            transcode, plaintext, self.party, msgcode=msgcode or uuid.uuid4().hex, reqtime=reqtime
        )

    def status(self, number: str, status: str, **more: str) -> bytes:
        """A PREP102 with what its status asks for."""
        fields = {"applicationId": number, "applicationStatus": status, **more}
        if status == "03":
            fields = {**fields, "guaranteeId": f"BH{number}", **ISSUED, **more}
        if status == "05":
            fields |= PAID
        return self.notification("PREP102", fields)


@dataclass
class Conversation:
    platform: Platform
    institution: Institution

    def tell(self, number: str, *statuses: str) -> list[str]:
        """Notifies of each status in turn; the answers' codes."""
        return [self.take(self.institution.status(number, status)) for status in statuses]

    def take(self, body: bytes) -> str:
        return str(json.loads(self.platform.receive(body))["code"])

    def issued(self) -> str:
        """The number of an order whose guarantee was issued."""
        number = self.platform.submit().number
        assert self.tell(number, "01", "05", "03") == ["000"] * 3
        return number

    def findings(self, number: str) -> list[str]:
        return [finding for message in self.platform.store.messages(number) for finding in message.outcome.findings]

    def wrong_secret(self) -> Institution:
        """The institution with another appsecret, so that its signatures do not hold."""
        return Institution(replace(self.institution.party, appsecret="another"))


def begin(dialect: Dialect | None = None) -> Conversation:
    ours, theirs = sm2.generate(), sm2.generate()
    dialect = dialect or Dialect()
    institution = Institution(envelope.Party("A1", "key", "secret", ours, theirs.public, dialect))
    party = envelope.Party("A1", "key", "secret", theirs, ours.public, dialect)
    platform = Platform(party, "http://gateway/", Store(":memory:"), post=institution.post, now=lambda: NOW)
    return Conversation(platform, institution)
