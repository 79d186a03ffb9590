"""Who works here in which unit, and the append-only record of what was decided by whom."""

from staff.models.account import AccountRequest, AccountRequestKind, AccountRequestState, User
from staff.models.audit import AuditEntry
from staff.models.calendar import CalendarDay, CalendarDayState, CalendarYear
from staff.models.unit import Unit

__all__ = [
    "AccountRequest",
    "AccountRequestKind",
    "AccountRequestState",
    "AuditEntry",
    "CalendarDay",
    "CalendarDayState",
    "CalendarYear",
    "Unit",
    "User",
]
