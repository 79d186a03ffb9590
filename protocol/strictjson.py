"""JSON as decisions E12 read it: liberal where reading is unambiguous, strict where two readers could differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import NoReturn

from protocol.errors import Reason

MAX_DEPTH = 20
#: Far more than any message has; a body of millions of small values would cost minutes before its sender is known.
MAX_VALUES = 10_000


class JsonError(ValueError):
    """Bytes that hold no JSON object, or one that two readers could read differently."""


class NotUtf8(JsonError):
    """Bytes that are no UTF-8."""

    reason = Reason.NOT_UTF8

    def __init__(self) -> None:
        super().__init__("not UTF-8")


class Number(str):
    """A JSON number, as its literal text: so money keeps its digits, and no number is too large to read."""

    __slots__ = ()


#: What a parsed object holds.
Value = str | Number | bool | None | list["Value"] | dict[str, "Value"]


def loads(body: bytes) -> dict[str, Value]:
    """The object in `body` (UTF-8; a byte order mark is passed over), or JsonError."""
    if body.count(b",") > MAX_VALUES:
        raise JsonError(f"more than {MAX_VALUES} values")
    try:
        parsed = json.loads(
            body.decode("utf-8-sig"),
            parse_int=Number,
            parse_float=Number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_once_each,
        )
    except UnicodeDecodeError:
        raise NotUtf8 from None
    except RecursionError:
        raise JsonError(f"nested deeper than {MAX_DEPTH} levels") from None
    except json.JSONDecodeError as error:
        raise JsonError(f"not JSON at character {error.pos}") from None
    if not isinstance(parsed, dict):
        raise JsonError("not an object")
    _check(parsed)
    return parsed


def dumps(fields: Mapping[str, object]) -> bytes:
    """`fields` as compact JSON in UTF-8."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is no JSON value")


def _once_each(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonError("the same name twice in one object")
    return found


def _check(root: dict[str, Value]) -> None:
    waiting: list[tuple[Value, int]] = [(root, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            _check_text(value)
        elif depth > MAX_DEPTH:
            raise JsonError(f"nested deeper than {MAX_DEPTH} levels")
        else:
            waiting.extend((inner, depth + 1) for inner in _inner(value))


def _inner(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _check_text(text: str) -> None:
    if "\0" in text:
        raise JsonError("a string with NUL")
    if text.isascii():  # without a copy of what may be long
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise JsonError("a string with half a surrogate pair") from None
