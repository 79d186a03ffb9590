"""What a room tells the home page: numbers, each of which opens the list that it counts, and how things stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.account_decisions import CONFIRM
from staff.accounts import mixed_accounts, open_requests
from staff.models import AccountRequestState, User

if TYPE_CHECKING:
    from staff.desk.page import Flag  # the screens are loaded after the site, whose home page this is


@dataclass(frozen=True)
class Counter:
    """One number.

    `changelist` names a list of the desk ("guarantees_application"), and `filters` narrow it to what `rows`
    counts. Whoever holds `permission` sees the number; for whoever holds `duty` it is work that waits for
    them. An `alert` is shown as trouble unless it is zero.
    """

    label: str | Promise
    changelist: str
    rows: Callable[[], QuerySet[Any]]
    permission: str
    filters: Mapping[str, str] = field(default_factory=dict)
    duty: str = ""
    alert: bool = False

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.changelist}_changelist") + (f"?{urlencode(self.filters)}" if self.filters else "")

    def shown_to(self, person: User) -> bool:
        return person.has_perm(self.permission)

    def waits_for(self, person: User) -> bool:
        return bool(self.duty) and person.has_perm(self.duty)


@dataclass(frozen=True)
class Notice:
    """How something stands on which everybody's work depends; whoever holds one of the permissions is told.
    None: there is nothing to say."""

    flag: Callable[[datetime], Flag | None]
    permissions: tuple[str, ...]

    def shown_to(self, person: User) -> bool:
        return any(person.has_perm(permission) for permission in self.permissions)


def _mixed_accounts(now: datetime) -> Flag | None:
    from staff.desk.page import Flag

    if not (mixed := mixed_accounts()):
        return None
    return Flag(
        _("Administrators who hold another role too, and so could decide on what they set up themselves: %(names)s.")
        % {"names": "、".join(f"{account.username}（{account}）" for account in mixed)}
    )


COUNTERS = [
    Counter(
        label=gettext_lazy("account requests to confirm"),
        changelist="staff_accountrequest",
        filters={"state__exact": AccountRequestState.ASKED},
        rows=open_requests,
        permission="staff.view_accountrequest",
        duty=CONFIRM,
    ),
]
NOTICES = [Notice(flag=_mixed_accounts, permissions=(CONFIRM,))]
