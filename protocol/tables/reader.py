"""The tolerant reader: a message's fields into typed values, wherever reading is unambiguous."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from protocol.chinatime import read_time
from protocol.errors import InvalidFields, Problem
from protocol.tables.field import Field, Kind
from protocol.tables.transcodes import TABLES

MAX_MONTHS = 600

#: What a value becomes: text and base64, money, months, dates, times.
Typed = str | bytes | Decimal | int | date | datetime


@dataclass(frozen=True)
class Reading:
    """The fields that the table knows, typed, the absent ones missing; and the others as they came."""

    values: dict[str, Typed]
    extras: dict[str, object]


class _Unreadable(ValueError):
    """Why a value cannot be read, in the platform's language."""


def read(transcode: str, fields: Mapping[str, object]) -> Reading:
    """The request of an inbound transcode, or InvalidFields with every problem there is.

    null, "" and blanks are absent (decisions E12); a JSON number stands for its text; lengths are the accepted ones
    (F1); money, dates and terms by F3, F4 and F7.
    """
    table = TABLES[transcode]
    values: dict[str, Typed] = {}
    problems: list[Problem] = []
    for field in table.request:
        given = fields.get(field.name)
        try:
            if given is None or (isinstance(given, str) and not given.strip()):
                if field.required:
                    raise _Unreadable("必填")
                continue
            if not isinstance(given, str):
                raise _Unreadable("应为字符串")
            values[field.name] = _typed(field, given)
        except _Unreadable as problem:
            problems.append(Problem(field.name, str(problem)))
    if problems:
        raise InvalidFields(problems)
    known = {field.name for field in table.request}
    return Reading(values, {name: value for name, value in fields.items() if name not in known})


def _typed(field: Field, text: str) -> Typed:
    if field.accepted_length is not None and len(text) > field.accepted_length:
        raise _Unreadable(f"长度超过{field.accepted_length}")
    if field.values and text.strip() not in field.values:
        raise _Unreadable(f"应为{'、'.join(field.values)}之一")
    if field.values:
        return text.strip()
    match field.kind:
        case Kind.MONEY:
            return _money(text.strip())
        case Kind.MONTHS:
            return _months(text.strip())
        case Kind.DATE | Kind.DAY:
            return _date(text.strip(), field)
        case Kind.DATETIME:
            return _datetime(text.strip())
        case Kind.BASE64:
            return _bytes(text)
        case Kind.TEXT:
            return str(text)


def _money(text: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,2})?", text, re.ASCII) or not Decimal(text):
        raise _Unreadable("应为大于0、至多两位小数的金额")
    return Decimal(text).quantize(Decimal("0.01"))


def _months(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) or not 1 <= int(text) <= MAX_MONTHS:
        raise _Unreadable(f"应为1至{MAX_MONTHS}的整月数")
    return int(text)


def _date(text: str, field: Field) -> date:
    day = read_time(text, r"[0-9]{8}", "%Y%m%d")
    if day is None and not field.required:
        day = read_time(text, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "%Y-%m-%d")
    if day is None:
        raise _Unreadable("应为yyyyMMdd格式的日期")
    return day.date()


def _datetime(text: str) -> datetime:
    time = read_time(text, r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", "%Y-%m-%d %H:%M:%S")
    if time is None:
        raise _Unreadable("应为yyyy-MM-dd HH:mm:ss格式的时间")
    return time


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _Unreadable("应为BASE64") from None
