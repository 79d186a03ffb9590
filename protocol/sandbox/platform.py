"""The government-procurement platform in its conversation with a gateway: what it sends, and what it takes."""

from __future__ import annotations

import base64
import binascii
import random
import re
import secrets
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

import requests

from protocol import envelope, strictjson
from protocol.envelope import NotTheSpecification, Party
from protocol.errors import SUCCESS
from protocol.prep.codes import InvalidType, WithdrawalType
from protocol.prep.transcodes import TABLES
from protocol.sandbox import invented
from protocol.sandbox.receiver import Receiver
from protocol.sandbox.store import SENT, Message, Order, Outcome, Store
from protocol.tables import check_answer
from protocol.vocabulary import DIGITAL, Transcode
from staff import clock
from staff.clock import CHINA

#: Seconds to connect, and to wait for the answer.
TIMEOUT = (5, 30)

#: Posts a body to an address: the answer's HTTP status and body, or OSError.
Post = Callable[[str, bytes], tuple[int, bytes]]


class NotPossible(Exception):
    """What cannot be sent as things stand; `reason` is a name in REASONS."""

    REASONS = {
        "order": "没有这个订单。",
        "guarantee": "尚未收到开函成功通知（PREP102 03），没有保函唯一标识可用。",
        "letter": "尚未取回保函文件，请先点击“取回保函文件”。",
        "message": "该订单尚未发送过报文。",
        "amount": "索赔金额应为大于 0、至多两位小数的数字，例如 120000.00。",
    }

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(self.REASONS[reason])


def post(address: str, body: bytes) -> tuple[int, bytes]:
    """POST over HTTP, straight to the gateway: neither proxies of the environment nor redirects are followed."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(
            address,
            data=body,
            headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        return answer.status_code, answer.content


class Platform:
    """Sends to the gateway at an address and takes its notifications; everything is kept in the store.

    Each sending method returns the message as it was kept, with the answer or the trouble.
    """

    def __init__(
        self,
        party: Party,
        gateway: str,
        store: Store,
        *,
        post: Post = post,
        now: Callable[[], datetime] = lambda: clock.now().astimezone(CHINA),
        chance: random.Random | None = None,
    ) -> None:
        self.party = party
        self.gateway = gateway
        self.store = store
        self._post = post
        self._now = now
        self._chance = chance or secrets.SystemRandom()
        self._receiver = Receiver(party, store, now)

    def receive(self, body: bytes) -> bytes:
        """The answer to a notification (PREP102, PREP106, PREP108)."""
        return self._receiver.receive(body)

    def submit(self, **given: str) -> Message:
        """PREP101: an invented application under a new number; `given` replaces or adds fields."""
        at = self._now().astimezone(CHINA)
        fields = {**invented.application(self._chance, at.date()), **given}
        # Kept before it leaves: a notification may come before the answer.
        order = self.store.add_order(at.strftime("%Y%m%d"), fields, at)
        return self._send(order.number, Transcode.APPLICATION, order.fields)

    def fetch(self, number: str) -> Message:
        """PREP103: the guarantee's file, which is kept."""
        return self._send(self._order(number).number, Transcode.FETCH_FILE, {"applicationId": number})

    def letter(self, number: str) -> bytes:
        """The content of the file that was fetched last."""
        if (letter := self.store.letter(number)) is None:
            raise NotPossible("letter")
        return self.store.content(letter)

    def verify(self, number: str, content: bytes, tampered: bool = False) -> Message:
        """PREP104: the file, or a copy of it with one byte changed."""
        self._order(number)
        return self._send(
            number,
            Transcode.VERIFY_FILE,
            {
                "guaranteeId": self._guarantee(number),
                "guaranteeData": base64.b64encode(tamper(content) if tampered else content).decode(),
            },
            note="文件副本已改动一个字节" if tampered else "文件原样",
        )

    def demand(self, number: str, amount: str) -> Message:
        """PREP105: the purchaser claims under the guarantee."""
        order = self._order(number).fields
        if not re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,2})?", amount, re.ASCII) or not float(amount):
            raise NotPossible("amount")
        fields = {
            "guaranteeId": self._guarantee(number),
            **invented.named_in_demand(order),
            "claimAmount": amount,
            **invented.demand(self._chance),
        }
        return self._send(number, Transcode.DEMAND, fields)

    def invalidate(self, number: str, kind: str = InvalidType.PERFORMED) -> Message:
        """PREP107: the contract was performed, or the file is defective."""
        self._order(number)
        fields = {
            "guaranteeId": self._guarantee(number),
            "invalidTime": self._now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
            "invalidType": kind,
            "remark": "合同已履约完成，申请注销保函"
            if kind == InvalidType.PERFORMED
            else "保函文件要素有误，申请退回重开",
        }
        return self._send(number, Transcode.CANCELLATION, fields)

    def cancel(self, number: str) -> Message:
        """PREP109 02: the order is to be cancelled."""
        return self._withdraw(number, WithdrawalType.ORDER_CANCELLATION, "供应商不再需要预付款，申请取消订单")

    def surrender(self, number: str) -> Message:
        """PREP109 01: the guarantee is to be surrendered."""
        return self._withdraw(number, WithdrawalType.SURRENDER, "供应商已退还预付款，申请退保")

    def resend(self, number: str) -> Message:
        """The order's last message once more: the same msgcode and content, sealed afresh."""
        self._order(number)
        last = self.store.last_sent(number)
        if last is None:
            raise NotPossible("message")
        return self._deliver(
            Message(
                number, self._now(), SENT, last.transcode, last.msgcode, last.plaintext, last.fields, last.note, True
            )
        )

    def _withdraw(self, number: str, kind: str, reason: str) -> Message:
        self._order(number)
        fields = {"applicationId": number, "applicationType": kind, "refundReason": reason}
        return self._send(number, Transcode.WITHDRAWAL, fields)

    def _order(self, number: str) -> Order:
        if (order := self.store.order(number)) is None:
            raise NotPossible("order")
        return order

    def _guarantee(self, number: str) -> str:
        if not (guarantee := self.store.guarantee_of(number)):
            raise NotPossible("guarantee")
        return guarantee

    def _send(self, number: str, transcode: str, fields: Mapping[str, str], note: str = "") -> Message:
        plaintext = strictjson.dumps(fields)
        return self._deliver(Message(number, self._now(), SENT, transcode, uuid.uuid4().hex, plaintext, fields, note))

    def _deliver(self, message: Message) -> Message:
        stored = self.store.add_message(message)
        body = envelope.seal_request(
            message.transcode, message.plaintext, self.party, msgcode=message.msgcode, reqtime=message.at
        )
        started = time.perf_counter()
        try:
            status, answer = self._post(self.gateway, body)
        except OSError as error:
            return self.store.finish(stored.id, Outcome(trouble=_trouble(error)))
        milliseconds = round((time.perf_counter() - started) * 1000)
        return self.store.finish(stored.id, self._outcome(message, status, answer, milliseconds))

    def _outcome(self, message: Message, status: int, body: bytes, milliseconds: int) -> Outcome:
        wrong_status = "" if status == 200 else f"网关返回 HTTP {status}，接口应答均应为 200"
        try:
            answered = envelope.read_answer(body, self.party)
        except NotTheSpecification as error:
            return Outcome(
                trouble=wrong_status or "网关应答不符合接口规范", findings=[str(error)], milliseconds=milliseconds
            )
        findings: list[str] = []
        if message.transcode in DIGITAL and answered.code == SUCCESS:
            problems = check_answer(TABLES[message.transcode], answered.fields)
            findings = [f"应答字段 {problem.field} {problem.text}" for problem in problems]
            if message.transcode == Transcode.FETCH_FILE and not problems:
                findings += self._keep_letter(message.number, answered.fields)
        return Outcome(answered.code, answered.message, answered.fields, wrong_status, findings, milliseconds)

    def _keep_letter(self, number: str, fields: Mapping[str, object]) -> list[str]:
        name = str(fields["guaranteeFileName"])
        try:
            content = base64.b64decode(str(fields["guaranteeFileContext"]), validate=True)
        except binascii.Error:
            return ["应答字段 guaranteeFileContext 应为BASE64"]
        self.store.add_letter(number, name, content, self._now())
        return [] if name.endswith(".pdf") else ["应答字段 guaranteeFileName 应以 .pdf 结尾"]


def tamper(content: bytes) -> bytes:
    """A copy with one bit of one byte changed: within the first stream, never in the signature's unsigned padding."""
    place = content.find(b"stream")
    place = place + 16 if 0 <= place < len(content) - 16 else len(content) // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :] if content else b"\0"


def _trouble(error: OSError) -> str:
    if isinstance(error, (TimeoutError, requests.Timeout)):
        return "网关未在规定时间内应答（超时）"
    if isinstance(error, (ConnectionError, requests.ConnectionError)):
        return "无法连接网关（连接被拒绝或中断）"
    return f"报文未能送达网关（{type(error).__name__}）"
