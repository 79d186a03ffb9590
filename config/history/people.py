"""Who works at the institution in its past: the demonstration's people and some colleagues of theirs."""

from __future__ import annotations

import random

from django.contrib.auth.models import Group
from django.db import transaction

from config.demonstration import LOGINS
from staff.models import User
from staff.roles import Role

#: Colleagues do not sign in: their accounts have no password.
COLLEAGUES = (
    ("underwriter2", "郑宇航", Role.UNDERWRITER),
    ("underwriter3", "何雨桐", Role.UNDERWRITER),
    ("reviewer2", "马建军", Role.REVIEWER),
    ("cashier2", "罗婷", Role.CASHIER),
    ("issuer2", "林志鹏", Role.ISSUER),
    ("handler2", "高翔", Role.CLAIMS_HANDLER),
    ("manager2", "朱国华", Role.MANAGER),
)


class People:
    """The staff; each row is read once, and so are its permissions."""

    def __init__(self) -> None:
        make_logins()
        with transaction.atomic():
            for username, name, role in COLLEAGUES:
                _account(username, name, role)
        names = [*(login.username for login in LOGINS), *(name for name, _shown, _role in COLLEAGUES)]
        self._all = list(User.objects.filter(username__in=names).order_by("pk"))

    def who(self, permission: str, chance: random.Random) -> list[User]:
        """Those who hold the permission, in a drawn order."""
        holders = [person for person in self._all if person.has_perm(permission)]
        return chance.sample(holders, len(holders))


def make_logins() -> None:
    """The demonstration's accounts, one for each role, with the password that everybody knows."""
    with transaction.atomic():
        for login in LOGINS:
            _account(login.username, login.name, login.role, login.password)


def _account(username: str, name: str, role: Role, password: str | None = None) -> None:
    """Made where it is missing, and left as it is where it is there."""
    account, new = User.objects.get_or_create(username=username, defaults={"name": name})
    if new:
        account.set_password(password)  # none: nobody signs in
        account.save()
        account.groups.add(Group.objects.get(name=role.value))
