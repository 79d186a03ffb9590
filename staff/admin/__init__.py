"""The base of every screen of the desk, and the screens of this room: accounts, units, what waits for another person,
the data that guides decisions, lists of words, the working calendar, how staff are told, and the audit
trail.

`page` says what a page is made of, `record` is the base of lists and pages to read, `case` adds decisions and
a timeline, `timeline` shows the audit trail, `filters` are for lists.
"""

from staff.admin import (
    account,
    account_request,
    calendar,
    case_document,
    channel,
    parameter,
    proposal,
    reminder,
    role_combination,
    roster,
    trail,
    unit,
    word_list,
)

__all__ = [
    "account",
    "account_request",
    "calendar",
    "case_document",
    "channel",
    "parameter",
    "proposal",
    "reminder",
    "role_combination",
    "roster",
    "trail",
    "unit",
    "word_list",
]
