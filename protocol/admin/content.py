"""What a message says, field by field: masked, and only for those who may read it."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from protocol.tables import mask
from staff.admin.page import Row, Section
from staff.models import User

LONGEST = 300


def content_section(title: str, plaintext: str | bytes | None, person: User, *, allowed: bool = False) -> Section:
    """The fields of `plaintext` by their names on the wire; `allowed` says that this person may read this one."""
    if not allowed and not person.has_perm("protocol.read_message_content"):
        return Section(title, note=_("Your roles may not read the content of messages."))
    if not plaintext:
        return Section(title, note=_("The content was not kept."))
    fields = _fields(plaintext)
    if fields is None:
        return Section(title, note=_("The content is not a JSON object, so it cannot be shown masked."))
    shown = mask(fields)
    return Section(
        title,
        [Row(name, _shortened(value), "code") for name, value in shown.items()],
        note=_("Personal data is masked."),
    )


def _fields(plaintext: str | bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(plaintext)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _shortened(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return (
        text
        if len(text) <= LONGEST
        else _("%(begin)s… (%(length)d characters)") % {"begin": text[:LONGEST], "length": len(text)}
    )
