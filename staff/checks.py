"""What `check --deploy` says of the people who work here."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import DatabaseError
from django.utils.translation import gettext as _

from staff.accounts import mixed_accounts


@register(Tags.security, deploy=True)
def administrators_do_nothing_else(**_options: Any) -> list[CheckMessage]:
    try:
        names = ", ".join(account.username for account in mixed_accounts())
    except DatabaseError:  # not migrated yet, or away: other checks say so
        return []
    if not names:
        return []
    text = _("Administrators who hold another role too: %(names)s.") % {"names": names}
    return [checks.Warning(text, hint=_("Let them ask for separate accounts, one for each work."), id="staff.W001")]
