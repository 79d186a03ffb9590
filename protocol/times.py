"""Times of day as the platform writes them: in China Standard Time."""

from __future__ import annotations

import re
from datetime import datetime

from staff.clock import CHINA, PLAUSIBLE_YEARS


def read_time(text: str, pattern: str, form: str) -> datetime | None:
    """The aware time that `text` says in `form`, if it has just the shape of `pattern`, exists and is plausible; else
    None.

    The pattern is there because strptime also takes blanks, single digits and other scripts' digits.
    """
    if not re.fullmatch(pattern, text, re.ASCII):
        return None
    try:
        time = datetime.strptime(text, form).replace(tzinfo=CHINA)
    except ValueError:
        return None
    return time if time.year in PLAUSIBLE_YEARS else None
