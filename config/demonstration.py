"""Who works in the demonstration: a login for each role, offered on the sign-in page with one click."""

from __future__ import annotations

from staff.desk.site import Login
from staff.roles import Role

PASSWORD = "demonstration-only"  # noqa: S105 (known to everyone: accounts with it exist in demonstrations alone)

LOGINS = [
    Login("underwriter", "王晓明", Role.UNDERWRITER, PASSWORD),
    Login("reviewer", "李静", Role.REVIEWER, PASSWORD),
    Login("cashier", "张海燕", Role.CASHIER, PASSWORD),
    Login("accountant", "孙丽", Role.ACCOUNTANT, PASSWORD),
    Login("issuer", "赵国强", Role.ISSUER, PASSWORD),
    Login("handler", "陈志远", Role.CLAIMS_HANDLER, PASSWORD),
    Login("manager", "刘敏", Role.MANAGER, PASSWORD),
    Login("auditor", "周文", Role.AUDITOR, PASSWORD),
    Login("administrator", "吴磊", Role.ADMINISTRATOR, PASSWORD),
]
