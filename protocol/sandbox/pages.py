"""What the pages show of the store, in the words of the specification; everything a template gets is text or truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from protocol.crypto import keys
from protocol.prep.tables import TABLES
from protocol.sandbox.platform import Platform
from protocol.sandbox.sequence import Progress
from protocol.sandbox.store import RECEIVED, SENT, Message, Order
from staff.clock import CHINA

#: Each notification by its transcode and status: what it means, and how good the news are.
STATUSES = {
    "PREP102-01": ("审批通过", "good"),
    "PREP102-02": ("审批拒绝", "bad"),
    "PREP102-03": ("开函成功", "good"),
    "PREP102-04": ("开函失败", "bad"),
    "PREP102-05": ("已支付", "good"),
    "PREP102-06": ("订单取消失败", "warning"),
    "PREP102-07": ("已取消", "plain"),
    "PREP102-08": ("已退保", "plain"),
    "PREP102-09": ("退保失败", "warning"),
    "PREP106-00": ("理赔受理中", "warning"),
    "PREP106-01": ("理赔成功", "good"),
    "PREP106-02": ("理赔失败", "bad"),
    "PREP108": ("注销结果", "plain"),
}
#: What a coded value means, by the field's name and its transcode.
MEANINGS = {
    ("PREP102", "applicationStatus"): {code[8:]: text for code, (text, _) in STATUSES.items() if "102-" in code},
    ("PREP106", "status"): {code[8:]: text for code, (text, _) in STATUSES.items() if "106-" in code},
    ("PREP102", "payType"): {"01": "网银转账", "02": "微信支付", "03": "支付宝支付", "04": "其他支付方式"},
    ("PREP104", "status"): {"01": "验证成功", "02": "验证失败"},
    ("PREP107", "invalidType"): {"0": "项目履约完成", "1": "保函文件格式错误"},
    ("PREP109", "applicationType"): {"01": "退保", "02": "订单取消"},
}
LABELS = {
    (table.transcode, field.name): field.label for table in TABLES.values() for field in (*table.answer, *table.request)
}
STRAYS_SHOWN = 10


@dataclass(frozen=True)
class Row:
    """One field: its name in the specification, its label, its value and what that means."""

    name: str
    label: str
    value: str
    meaning: str = ""


@dataclass(frozen=True)
class Chip:
    """One accepted notification, as a line of history shows it."""

    status: str
    label: str
    tone: str
    time: str
    findings: list[str]


@dataclass(frozen=True)
class Entry:
    """One message of the timeline."""

    key: str
    is_received: bool
    transcode: str
    title: str
    status: str
    time: str
    msgcode: str
    note: str
    repeated: bool
    code: str
    text: str
    trouble: str
    findings: list[str]
    verdict: str
    duration: str
    fields: list[Row]
    answer: list[Row]

    @property
    def is_refused(self) -> bool:
        return bool(self.trouble) or self.code not in ("", "000")


@dataclass(frozen=True)
class Summary:
    """One order of the list."""

    number: str
    time: str
    supplier: str
    project: str
    purchaser: str
    amount: str
    stage: str
    chips: list[Chip]
    has_guarantee: bool
    has_letter: bool
    is_refused: bool
    trouble: str

    @property
    def has_findings(self) -> bool:
        return any(chip.findings for chip in self.chips)


def home(platform: Platform, own_address: str) -> dict[str, object]:
    """The list of orders, and what the other side needs to know of this one."""
    strays = list(reversed(platform.store.messages("")))[:STRAYS_SHOWN]
    return {
        "orders": [_summary(platform, order) for order in platform.store.orders()],
        "strays": [_entry(message) for message in strays],
        "agreement": [
            Row("gateway", "网关地址", platform.gateway),
            Row("notify", "本平台通知地址", f"{own_address}/notify"),
            Row("appid", "银行标识", platform.party.appid),
            Row("publicKey", "本平台公钥（SM2）", keys.public_text(platform.party.own_key.public)),
        ],
    }


def order(platform: Platform, order: Order) -> dict[str, object]:
    """One order: its application, its history, and its letter where one was fetched."""
    letter = platform.store.letter(order.number)
    summary = _summary(platform, order)
    messages = platform.store.messages(order.number)
    return {
        "order": summary,
        "fields": _rows("PREP101", order.fields),
        "entries": [_entry(message) for message in reversed(messages)],
        "guarantee": platform.store.guarantee_of(order.number),
        "claim_amount": _guaranteed(messages) or order.fields["advanceAmount"],
        "letter_name": letter.name if letter else "",
        "letter_version": str(letter.id) if letter else "",
    }


def _summary(platform: Platform, order: Order) -> Summary:
    messages = platform.store.messages(order.number)
    progress = Progress(refusal_by_prep108=platform.party.dialect.refusal == "prep108").follow_all(messages)
    return Summary(
        number=order.number,
        time=_time(order.at),
        supplier=order.fields["supplier"],
        project=order.fields["projectName"],
        purchaser=order.fields["purchaseName"],
        amount=_money(order.fields["advanceAmount"]),
        stage=progress.label,
        chips=[_chip(message) for message in messages if _is_news(message)],
        has_guarantee=bool(platform.store.guarantee_of(order.number)),
        has_letter=platform.store.letter(order.number) is not None,
        is_refused=not progress.possible,
        trouble=_last_trouble(messages),
    )


def _last_trouble(messages: list[Message]) -> str:
    """Why the last message that was sent has no answer; empty where it has one."""
    sent = [message for message in messages if message.direction == SENT]
    return sent[-1].outcome.trouble if sent else ""


def _is_news(message: Message) -> bool:
    return message.direction == RECEIVED and message.is_accepted and not message.repeated


def _chip(message: Message) -> Chip:
    status = message.transcode
    if status_field := TABLES[message.transcode].status_field:
        status = f"{status}-{message.fields.get(status_field)}"
    label, tone = STATUSES.get(status, (status, "plain"))
    return Chip(status, label, tone, _time(message.at), list(message.outcome.findings))


def _entry(message: Message) -> Entry:
    outcome, table = message.outcome, TABLES.get(message.transcode)
    verdict = str(outcome.answer.get("status", "")) if message.transcode == "PREP104" and message.is_accepted else ""
    return Entry(
        key=f"m{message.id}",
        is_received=message.direction == RECEIVED,
        transcode=message.transcode or "报文",
        title=table.title if table else "无法识别的报文",
        status=_chip(message).label if _is_news(message) and table and table.status_field else "",
        time=_time(message.at),
        msgcode=message.msgcode,
        note=message.note,
        repeated=message.repeated,
        code=outcome.code,
        text=outcome.text,
        trouble=outcome.trouble,
        findings=list(outcome.findings),
        verdict=verdict,
        duration=f"{outcome.milliseconds} 毫秒" if outcome.milliseconds is not None else "",
        fields=_rows(message.transcode, message.fields),
        answer=_rows(message.transcode, outcome.answer),
    )


def _rows(transcode: str, fields: Mapping[str, object]) -> list[Row]:
    return [
        Row(
            name,
            LABELS.get((transcode, name), "接口规范以外的字段"),
            str(value),
            MEANINGS.get((transcode, name), {}).get(str(value), ""),
        )
        for name, value in fields.items()
    ]


def _guaranteed(messages: list[Message]) -> str:
    """The amount of the guarantee that was issued last; empty for none."""
    amounts = [str(message.fields["guaranteeAmt"]) for message in messages if "guaranteeAmt" in message.fields]
    return amounts[-1] if amounts else ""


def _money(text: str) -> str:
    try:
        return f"{Decimal(text):,.2f}"
    except InvalidOperation:
        return text


def _time(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
