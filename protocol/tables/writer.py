"""The strict writer: typed facts into exactly the fields of a table; and the check that a message is just so."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from protocol.details import FieldDetail
from protocol.errors import Problem
from protocol.tables.field import STATUS, Field, Kind, Table
from protocol.wire_language import COMMA
from staff.clock import CHINA

#: What the platform may have given as its own number (decisions F1).
LONGEST_ECHO = 64


@dataclass(frozen=True)
class Built:
    """The fields as they are sent, and what had to be cut or left out to fit: the field and its whole value."""

    fields: dict[str, str]
    cuts: dict[str, str]


def build(table: Table, facts: Mapping[str, object]) -> Built:
    """The request of an outbound transcode in the status that the facts name.

    Facts: str (a word of ours where the field has codes), Decimal, date, aware datetime. Exactly the fields of that
    status (decisions F2); a required text that is too long is cut, an optional one left out, and both are told (F1).
    ValueError for what can only be our mistake: a fact that is missing, unknown, of another status or without a value
    of its field's kind.
    """
    return _build(table, table.request, facts)


def build_answer(table: Table, facts: Mapping[str, object]) -> Built:
    """The fields of a digital transcode's answer, beside code and message; as `build`."""
    return _build(table, table.answer, facts)


def _build(table: Table, fields: tuple[Field, ...], facts: Mapping[str, object]) -> Built:
    status = facts.get(STATUS)
    written: dict[str, str] = {}
    cuts: dict[str, str] = {}
    given = {name: value for name, value in facts.items() if value is not None}
    for field in fields:
        value = given.pop(field.fact, None)
        if value is None or (value == "" and not field.may_be_blank):
            if field.is_required(status):
                raise ValueError(f"{table.transcode}: {field.name} is missing in status {status!r}.")
            continue
        if not field.is_present(status):
            raise ValueError(f"{table.transcode}: {field.name} is not sent in status {status!r}.")
        text = _written(field, value)
        if field.length is not None and len(text) > field.length and not field.echo:
            cuts[field.name] = text
            if not field.is_required(status):
                continue
            if field.kind is not Kind.TEXT:
                raise ValueError(f"{table.transcode}: {field.name} is too long: {text!r}.")
            text = text[: field.length]
        written[field.name] = text
    if given:
        raise ValueError(f"{table.transcode} does not tell {sorted(given)}.")
    return Built(written, cuts)


def _written(field: Field, value: object) -> str:
    if value == "" and field.may_be_blank:
        return ""
    if field.codes:
        if (code := field.code_of(value)) is None:
            raise ValueError(f"{field.name} has no code for {value!r}.")
        return code
    match field.kind, value:
        case Kind.TEXT | Kind.BASE64, str():
            return str(value)
        case Kind.MONEY, Decimal():
            if value < 0 or value != value.quantize(Decimal("0.01")):
                raise ValueError(f"{field.name} is no amount of yuan and fen: {value}")
            return f"{value:.2f}"
        case Kind.DATETIME, datetime():
            if value.tzinfo is None:
                raise ValueError(f"{field.name} is a time without a zone.")
            return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        case Kind.DAY, datetime():
            return value.astimezone(CHINA).strftime("%Y-%m-%d")
        case Kind.DAY, date():
            return value.strftime("%Y-%m-%d")
        case Kind.DATE, date():
            return value.strftime("%Y%m%d")
        case Kind.MONTHS, int():
            return str(value)
    raise ValueError(f"{field.name} ({field.kind.value}) cannot be written from {type(value).__name__}.")


def check(table: Table, fields: Mapping[str, object]) -> list[Problem]:
    """What a receiver that goes by the table to the letter finds wrong with a request; nothing, if it is right."""
    return _check(table.request, fields)


def check_answer(table: Table, fields: Mapping[str, object]) -> list[Problem]:
    """`check` for the fields of a digital transcode's answer, beside code and message."""
    return _check(table.answer, fields)


def _check(expected: tuple[Field, ...], fields: Mapping[str, object]) -> list[Problem]:
    given = [(field, fields.get(field.name)) for field in expected if field.fact == STATUS]
    code = next((code for _field, code in given), None)
    status = next((known.word for field, code in given for known in field.codes if known == code), None)
    problems = [
        _problem(name, FieldDetail.UNKNOWN) for name in fields if name not in {field.name for field in expected}
    ]
    for field in expected:
        value = fields.get(field.name)
        if value is None or (value == "" and not field.may_be_blank):
            if field.is_required(status):
                problems.append(_problem(field.name, FieldDetail.REQUIRED))
        elif not field.is_present(status):
            problems.append(_problem(field.name, FieldDetail.NOT_IN_THIS_STATUS, status=code))
        elif not isinstance(value, str):
            problems.append(_problem(field.name, FieldDetail.NO_TEXT))
        elif value:
            problems += _wrong(field, value)
    return problems


def _wrong(field: Field, text: str) -> list[Problem]:
    found = []
    longest = LONGEST_ECHO if field.echo else field.length
    if longest is not None and len(text) > longest:
        found.append(_problem(field.name, FieldDetail.TOO_LONG, longest=longest))
    if field.codes and text not in field.codes:
        found.append(_problem(field.name, FieldDetail.NONE_OF, values=COMMA.join(field.codes)))
    if not _FORMATS[field.kind](text):
        found.append(_problem(field.name, FieldDetail.OTHERWISE_WRITTEN, form=field.kind.value))
    return found


def _problem(name: str, detail: FieldDetail, **particulars: object) -> Problem:
    return Problem(name, detail.on_the_wire(**particulars))


def _is_time(form: str) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        try:
            return datetime.strptime(text, form).strftime(form) == text  # noqa: DTZ007 (only its form is judged)
        except ValueError:
            return False

    return holds


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except binascii.Error:
        return False


_FORMATS: dict[Kind, Callable[[str], bool]] = {
    Kind.TEXT: lambda text: True,
    Kind.MONEY: lambda text: bool(re.fullmatch(r"[0-9]{1,16}\.[0-9]{2}", text, re.ASCII)),
    Kind.MONTHS: lambda text: bool(re.fullmatch(r"[0-9]{1,10}", text, re.ASCII)),
    Kind.DATE: _is_time("%Y%m%d"),
    Kind.DAY: _is_time("%Y-%m-%d"),
    Kind.DATETIME: _is_time("%Y-%m-%d %H:%M:%S"),
    Kind.BASE64: _is_base64,
}
