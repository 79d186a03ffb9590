"""When a guarantee begins and ends (decisions B3). Dates are China's; instants are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from guarantees.letter.wording.kinds import SURETYSHIP
from staff.clock import CHINA, end_of, shifted


@dataclass(frozen=True)
class Validity:
    """From the first to the last second of validity, both included."""

    begins: datetime
    ends: datetime


def validity(*, start: date | None, end: date | None, months: int, issued_at: datetime) -> Validity:
    """The validity of a letter issued at `issued_at`.

    It begins at 00:00:00 of `start`, or at the moment of issue where that is absent or past; it ends at 23:59:59 of
    `end`, or of the last day of the term from then on: a start that is past shortens it by nothing.
    """
    issue_date = issued_at.astimezone(CHINA).date()
    if start is None or start <= issue_date:
        first_day, begins = issue_date, issued_at.astimezone(CHINA).replace(microsecond=0)
    else:
        first_day, begins = start, datetime.combine(start, time.min, CHINA)
    last_day = end or last_day_of_term(first_day, months)
    return Validity(begins, end_of(last_day))


def last_day_of_term(start: date, months: int) -> date:
    """The last day of a term of whole months: 1 March for one month ends on 31 March, 31 January on 28 February."""
    later = shifted(start, months)
    return later if later.day < start.day else later - timedelta(days=1)


def disagree(*, start: date | None, end: date | None, months: int) -> bool:
    """Whether dates and term that were both given contradict each other (the dates win, and a flag is shown)."""
    return start is not None and end is not None and last_day_of_term(start, months) != end


def may_outlast_its_letter(kind: str, *, begins: date, ends: date, contract_months: int | None) -> bool:
    """Whether the law may make a period longer than a letter of that kind prints it.

    A suretyship's period that ends before or with the due date of what it secures, the contract of so many months,
    counts as none agreed, and becomes six months from that date (民法典 art. 692). What other letters print holds.
    """
    if kind != SURETYSHIP or contract_months is None:
        return False
    return ends <= last_day_of_term(begins, contract_months)
