"""Who works here, and the append-only record of what was decided by whom."""

from staff.models.account import AccountRequest, AccountRequestKind, AccountRequestState, User
from staff.models.audit import AuditEntry

__all__ = ["AccountRequest", "AccountRequestKind", "AccountRequestState", "AuditEntry", "User"]
