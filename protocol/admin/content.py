"""What a message says, field by field: masked, and only for those who may read it."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from protocol.families import personal_fields
from protocol.tables import Personal, mask, mask_value
from staff.desk.page import Row, Section
from staff.models import User

LONGEST = 300
#: Of a demand that was refused, which a person reads instead of the program.
LONGEST_OF_A_DEMAND = 4000
#: What stands alone in a text and may be a telephone, an account or an identity card; our own numbers have letters.
_NUMBERS = re.compile(r"(?<![0-9A-Za-z])[0-9]{11,19}[Xx]?(?![0-9A-Za-z])")


def content_section(
    title: str, content: str | bytes | None, person: User, *, allowed: bool = False, whole: bool = False
) -> Section:
    """The fields of `content` by their names on the wire; `allowed` says that this person may read this one, `whole`
    that long fields are shown too, and as a text what is no JSON object."""
    if not allowed and not person.has_perm("protocol.read_message_content"):
        return Section(title, note=_("Your roles may not read the content of messages."))
    if not content:
        return Section(title, note=_("The content was not kept."))
    text, is_utf8 = _decoded(content)
    encoding = "" if is_utf8 else _("It is not in UTF-8; it is shown here as GBK (GB 18030).")
    longest = LONGEST_OF_A_DEMAND if whole else LONGEST
    fields = _fields(text)
    if fields is None and not whole:
        return Section(title, note=_("The content is not a JSON object, so it cannot be shown masked."))
    if fields is None:
        shown = _NUMBERS.sub(lambda number: mask_value(Personal.ID_NUMBER, number[0]), text)
        note = _("The content is not a JSON object; numbers that may be personal are masked.")
        return Section(title, [Row(_("text"), _shortened(shown, longest), "wide")], note=f"{note} {encoding}".strip())
    return Section(
        title,
        [Row(name, _shortened(value, longest), "code") for name, value in mask(fields, personal_fields()).items()],
        note=f"{_('Personal data is masked.')} {encoding}".strip(),
    )


def _decoded(content: str | bytes) -> tuple[str, bool]:
    """As text, and whether it was in UTF-8; otherwise as GBK, the other encoding that platforms write."""
    if isinstance(content, str):
        return content, True
    try:
        return content.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace"), False


def _fields(text: str) -> dict[str, Any] | None:
    try:
        content = json.loads(text, object_pairs_hook=_all_of_a_name)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _all_of_a_name(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that comes twice shows all that it says."""
    times = Counter(name for name, _value in pairs)
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = value if times[name] == 1 else [*found.get(name, []), value]
    return found


def _shortened(value: Any, longest: int) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return (
        text
        if len(text) <= longest
        else _("%(begin)s… (%(length)d characters)") % {"begin": text[:longest], "length": len(text)}
    )
