"""What the pages show of the store, in the words of the specification; everything a template gets is text or truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from protocol.crypto import keys
from protocol.prep.codes import ApplicationStatus, DemandStatus
from protocol.prep.transcodes import TABLES
from protocol.sandbox.platform import Platform
from protocol.sandbox.sequence import Progress
from protocol.sandbox.store import RECEIVED, SENT, Message, Order
from protocol.vocabulary import Transcode
from protocol.wire_language import on_the_wire
from staff.clock import CHINA

#: How good the news of a status are; what is not here is neither good nor bad.
TONES: dict[tuple[str, str], str] = {
    (Transcode.APPLICATION_STATUS, ApplicationStatus.APPROVED): "good",
    (Transcode.APPLICATION_STATUS, ApplicationStatus.REJECTED): "bad",
    (Transcode.APPLICATION_STATUS, ApplicationStatus.ISSUED): "good",
    (Transcode.APPLICATION_STATUS, ApplicationStatus.FAILED): "bad",
    (Transcode.APPLICATION_STATUS, ApplicationStatus.PAID): "good",
    (Transcode.APPLICATION_STATUS, ApplicationStatus.CANCELLATION_REFUSED): "warning",
    (Transcode.APPLICATION_STATUS, ApplicationStatus.SURRENDER_REFUSED): "warning",
    (Transcode.DEMAND_STATUS, DemandStatus.IN_HAND): "warning",
    (Transcode.DEMAND_STATUS, DemandStatus.PAID): "good",
    (Transcode.DEMAND_STATUS, DemandStatus.REFUSED): "bad",
}
#: What each code means, by the transcode and the field.
MEANINGS: dict[tuple[str, str], dict[str, str]] = {
    (table.transcode, field.name): {str(code): code.own or on_the_wire(code.word.label) for code in field.codes}
    for table in TABLES.values()
    for field in (*table.answer, *table.request)
}
LABELS: dict[tuple[str, str], str] = {
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
        "fields": _rows(Transcode.APPLICATION, order.fields),
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
    table = TABLES[message.transcode]
    status_field = table.status.name if table.status else ""
    code = str(message.fields.get(status_field, ""))
    status = f"{table.transcode}-{code}" if code else message.transcode
    label = MEANINGS.get((message.transcode, status_field), {}).get(code) or _title(table.transcode)
    tone = TONES.get((message.transcode, code), "plain")
    return Chip(status, label, tone, _time(message.at), list(message.outcome.findings))


def _title(transcode: Transcode) -> str:
    return on_the_wire(transcode.label)


def _entry(message: Message) -> Entry:
    outcome, table = message.outcome, TABLES.get(message.transcode)
    verdict = (
        str(outcome.answer.get("status", ""))
        if message.transcode == Transcode.VERIFY_FILE and message.is_accepted
        else ""
    )
    return Entry(
        key=f"m{message.id}",
        is_received=message.direction == RECEIVED,
        transcode=message.transcode or "报文",
        title=_title(table.transcode) if table else "无法识别的报文",
        status=_chip(message).label if _is_news(message) and table and table.status else "",
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
