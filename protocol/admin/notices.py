"""What the home page says of the delivery and of the search, where something is amiss."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from protocol import searching
from protocol.delivery.heartbeat import silent_parts
from staff.desk.page import Flag, Tone, moment


def silence(now: datetime) -> Flag | None:
    """The server that delivers itself raises an alert too; behind another one this is all that is heard of it."""
    if not (silent := silent_parts(now)):
        return None
    text = _("Not heard of: %(parts)s. Until that is mended notifications do not leave, and nothing ends in time.")
    since = _("%(part)s (since %(since)s)")
    named = [since % {"part": part.label, "since": moment(at)} if at else str(part.label) for part, at in silent]
    return Flag(text % {"parts": "、".join(named)}, Tone.BAD)


def search_behind(now: datetime) -> Flag | None:
    """Rows from before the folding are still searched the slow way."""
    if not (rows := searching.rows_behind()):
        return None
    return Flag(
        _("%(rows)d records are not yet in the new search; it is slower until manage.py fold_texts has run.")
        % {"rows": rows}
    )
