"""The tolerant reader: a message's fields into typed facts, wherever reading is unambiguous."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from protocol.base64text import from_base64
from protocol.details import FieldDetail
from protocol.errors import InvalidFields, Problem
from protocol.strictjson import Number
from protocol.tables.field import Field, Kind, Table
from protocol.times import read_time
from protocol.vocabulary import NEVER_REFUSED
from protocol.wire_language import COMMA

MAX_MONTHS = 600
#: Thirteen digits before the point: what every database gives back exactly (decisions F3).
MONEY_BELOW = Decimal(10) ** 13
#: No number that is meant is written longer; an exponent of a million would be worked out at length.
LONGEST_NUMBER = 40
_DIGITS = r"[0-9]+(\.[0-9]+)?"
_NUMBER = _DIGITS + r"([eE][+-]?[0-9]{1,2})?"

#: What a value becomes: text (a word of ours where the field has codes) and base64, money, months, dates, times.
Typed = str | bytes | Decimal | int | date | datetime


@dataclass(frozen=True)
class Reading:
    """What the fields that the table knows say, by the facts' names, absent ones missing; the others as they came.

    `doubtful` names texts that came as numbers which have lost digits, in a transcode that is never refused.
    """

    facts: dict[str, Typed]
    unknown_fields: dict[str, object]
    doubtful: tuple[str, ...] = ()


class _Unreadable(ValueError):
    """Why a value cannot be read, in the platform's language."""

    def __init__(self, detail: FieldDetail, **particulars: object) -> None:
        super().__init__(detail.on_the_wire(**particulars))


def read(table: Table, fields: Mapping[str, object]) -> Reading:
    """The request of an inbound transcode, or InvalidFields with every problem there is.

    null, "" and blanks are absent, a whole JSON number stands for its text (decisions E12); form is judged before
    length, and length without outer blanks, by the accepted ones (F1); money, dates and terms by F3, F4 and F7. An
    optional term of 0 says nothing, and is kept among the others.
    """
    facts: dict[str, Typed] = {}
    problems: list[Problem] = []
    doubtful: list[str] = []
    meaningless: dict[str, object] = {}
    for field in table.request:
        given = fields.get(field.name)
        try:
            if given is None or (isinstance(given, str) and not given.strip()):
                if field.required:
                    raise _Unreadable(FieldDetail.REQUIRED)
                continue
            if not isinstance(given, str):
                raise _Unreadable(FieldDetail.NO_TEXT)
            if _has_lost_digits(field, given):
                if table.transcode not in NEVER_REFUSED:
                    raise _Unreadable(FieldDetail.NO_TEXT_BUT_A_NUMBER)
                doubtful.append(field.name)
            value = _typed(field, given)
            if value is None:
                meaningless[field.name] = str(given)
            else:
                facts[field.fact] = value
        except _Unreadable as problem:
            problems.append(Problem(field.name, str(problem), field.label))
    if problems:
        raise InvalidFields(problems)
    known = {field.name for field in table.request}
    unknown = {name: value for name, value in fields.items() if name not in known}
    return Reading(facts, {**unknown, **meaningless}, tuple(doubtful))


def _has_lost_digits(field: Field, given: str) -> bool:
    """Whether a text came as a JSON number with a fraction or an exponent: an account of 19 digits as 6.2E18."""
    is_text = field.kind is Kind.TEXT or bool(field.codes)
    return is_text and isinstance(given, Number) and not re.fullmatch(r"-?[0-9]+", given, re.ASCII)


def _typed(field: Field, text: str) -> Typed | None:
    """None: as good as absent."""
    if field.codes:
        if (code := next((code for code in field.codes if code == text.strip()), None)) is None:
            raise _Unreadable(FieldDetail.NONE_OF, values=COMMA.join(field.codes))
        return code.word
    match field.kind:
        case Kind.MONEY:
            return _money(text)
        case Kind.MONTHS:
            return _months(text, field)
        case Kind.DATE | Kind.DAY:
            return _date(text.strip(), field)
        case Kind.DATETIME:
            return _datetime(text.strip())
        case Kind.BASE64:
            return _bytes(text)
        case Kind.TEXT:
            return _text(text, field)


def _text(text: str, field: Field) -> str:
    """As it came; without its outer blanks where only so it fits."""
    longest, bare = field.accepted_length, text.strip()
    if longest is not None and len(bare) > longest:
        raise _Unreadable(FieldDetail.TOO_LONG, longest=longest)
    return str(text if longest is None or len(text) <= longest else bare)


def _money(text: str) -> Decimal:
    """A string is plain digits; a JSON number may have an exponent, as Java writes it. Further zeros say nothing."""
    form = _NUMBER if isinstance(text, Number) else _DIGITS
    bare = text.strip()
    amount = Decimal(bare) if len(bare) <= LONGEST_NUMBER and re.fullmatch(form, bare, re.ASCII) else Decimal(0)
    if not 0 < amount < MONEY_BELOW or amount % Decimal("0.01"):
        raise _Unreadable(FieldDetail.NO_MONEY)
    return amount.quantize(Decimal("0.01"))


def _months(text: str, field: Field) -> int | None:
    """Whole months; a JSON number may have a fraction of zeros. 0 in an optional field is as good as absent (F7)."""
    form = _NUMBER if isinstance(text, Number) else r"[0-9]+"
    bare = text.strip()
    number = Decimal(bare) if len(bare) <= LONGEST_NUMBER and re.fullmatch(form, bare, re.ASCII) else Decimal("0.5")
    if number == 0 and not field.required:
        return None
    if number % 1 or not 1 <= number <= MAX_MONTHS:
        raise _Unreadable(FieldDetail.NO_MONTHS, most=MAX_MONTHS)
    return int(number)


def _date(text: str, field: Field) -> date:
    day = read_time(text, r"[0-9]{8}", "%Y%m%d")
    if day is None and not field.required:
        day = read_time(text, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "%Y-%m-%d")
    if day is None:
        raise _Unreadable(FieldDetail.NO_DATE)
    return day.date()


def _datetime(text: str) -> datetime:
    bare = re.sub(r"\.0{1,9}$", "", text)  # Java's Timestamp writes its fraction
    time = read_time(bare, r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", "%Y-%m-%d %H:%M:%S")
    if time is None:
        raise _Unreadable(FieldDetail.NO_TIME)
    return time


def _bytes(text: str) -> bytes:
    """A file's bytes; a data: URL's head and line breaks are passed over, a blank is a + that was lost on its way."""
    bare = text.strip()
    if head := re.match(r"data:[\w/.+-]{0,100};base64,", bare, re.ASCII):
        bare = bare[head.end() :]
    for blank in "\r\n\t":
        if blank in bare:  # found much sooner than replaced
            bare = bare.replace(blank, "")
    if " " in bare:
        raise _Unreadable(FieldDetail.BLANK_IN_BASE64)
    if (found := from_base64(bare)) is None:
        raise _Unreadable(FieldDetail.NO_BASE64)
    return found
