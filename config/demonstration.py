"""Who works in the demonstration: a login for each role, offered on the sign-in page with one click."""

from __future__ import annotations

from dataclasses import dataclass

from staff.roles import Role

PASSWORD = "demonstration-only"  # noqa: S105 (known to everyone: accounts with it exist in demonstrations alone)


@dataclass(frozen=True)
class Login:
    """One person of the demonstration institution."""

    username: str
    name: str
    role: Role
    password: str = PASSWORD


LOGINS = [
    Login("underwriter", "王晓明", Role.UNDERWRITER),
    Login("reviewer", "李静", Role.REVIEWER),
    Login("cashier", "张海燕", Role.CASHIER),
    Login("issuer", "赵国强", Role.ISSUER),
    Login("handler", "陈志远", Role.CLAIMS_HANDLER),
    Login("manager", "刘敏", Role.MANAGER),
    Login("auditor", "周文", Role.AUDITOR),
    Login("administrator", "吴磊", Role.ADMINISTRATOR),
]
