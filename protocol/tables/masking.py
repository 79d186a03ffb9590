"""Personal data as a screen or a log may show it: enough to recognise, too little to use."""

from __future__ import annotations

from collections.abc import Mapping

from protocol.tables.field import Personal

#: For each kind, how many characters stay readable at the beginning and at the end.
READABLE = {
    Personal.PERSON: (1, 0),
    Personal.ID_NUMBER: (3, 2),
    Personal.TELEPHONE: (3, 2),
    Personal.ACCOUNT: (4, 4),
}


def mask_value(kind: Personal, value: str) -> str:
    """`value` with its middle replaced by asterisks; a short one is masked whole but for its first character."""
    head, tail = READABLE[kind]
    if len(value) < head + tail + 4:
        head, tail = (1, 0) if len(value) > 1 else (0, 0)
    return value[:head] + "*" * (len(value) - head - tail) + (value[-tail:] if tail else "")


def mask(fields: Mapping[str, object], personal: Mapping[str, Personal]) -> dict[str, object]:
    """The fields of any message with the `personal` ones masked, at every depth; base64 files are only measured."""
    return {name: _masked(name, value, personal) for name, value in fields.items()}


def _masked(name: str, value: object, personal: Mapping[str, Personal]) -> object:
    if isinstance(value, Mapping):
        return mask(value, personal)
    if isinstance(value, list):
        return [_masked(name, inner, personal) for inner in value]
    if isinstance(value, str) and name in personal:
        return mask_value(personal[name], value)
    if isinstance(value, str) and len(value) > 4096:
        return f"… {len(value)} …"
    return value
