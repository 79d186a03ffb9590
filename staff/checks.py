"""What `check --deploy` says of the people who work here; what a check of any room is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.db import DatabaseError
from django.utils.translation import override

from staff.accounts import mixed_accounts


class Check:
    """A system check as rooms offer it: `find` returns what is wrong; `deploy`: only `check --deploy` asks it.

    It speaks English, as Django's own do at the command line: what it finds may be told in the desk's words.
    """

    def __init__(self, find: Callable[..., list[CheckMessage]], *tags: str, deploy: bool = False) -> None:
        self.find, self.tags, self.deploy = find, tags, deploy

    def __call__(self, **options: Any) -> list[CheckMessage]:
        with override("en"):
            return self.find(**options)


def administrators_do_nothing_else(**_options: Any) -> list[CheckMessage]:
    try:
        names = ", ".join(account.username for account in mixed_accounts())
    except DatabaseError:  # not migrated yet, or away: other checks say so
        return []
    if not names:
        return []
    text = f"Administrators who hold another role too: {names}."
    return [checks.Warning(text, hint="Let them ask for separate accounts, one for each work.", id="staff.W001")]
