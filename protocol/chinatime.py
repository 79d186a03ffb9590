"""China Standard Time, in which the platform writes and reads every time of day."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def read_time(text: str, pattern: str, form: str) -> datetime | None:
    """The aware time that `text` says in `form`, if it has just the shape of `pattern` and exists; else None.

    The pattern is there because strptime also takes blanks, single digits and other scripts' digits.
    """
    if not re.fullmatch(pattern, text, re.ASCII):
        return None
    try:
        return datetime.strptime(text, form).replace(tzinfo=CHINA)
    except ValueError:
        return None
