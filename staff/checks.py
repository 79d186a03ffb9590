"""What `check --deploy` says of the people who work here; the language of every check."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import DatabaseError
from django.utils.translation import override

from staff.accounts import mixed_accounts


def in_english(check: Callable[..., list[CheckMessage]]) -> Callable[..., list[CheckMessage]]:
    """The check, speaking as Django's own do at the command line; what it finds may be told in the desk's words."""

    @wraps(check)
    def speaking(**options: Any) -> list[CheckMessage]:
        with override("en"):
            return check(**options)

    return speaking


@register(Tags.security, deploy=True)
@in_english
def administrators_do_nothing_else(**_options: Any) -> list[CheckMessage]:
    try:
        names = ", ".join(account.username for account in mixed_accounts())
    except DatabaseError:  # not migrated yet, or away: other checks say so
        return []
    if not names:
        return []
    text = f"Administrators who hold another role too: {names}."
    return [checks.Warning(text, hint="Let them ask for separate accounts, one for each work.", id="staff.W001")]
