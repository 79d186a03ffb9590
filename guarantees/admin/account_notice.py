"""What the home page says while no account for premiums is set."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from guarantees.money.account import PREMIUM_ACCOUNT
from staff.admin.first_days import leading_to_parameter
from staff.desk.page import Flag


def no_premium_account(now: datetime) -> Flag | None:
    if PREMIUM_ACCOUNT.value(now) is not None:
        return None
    return leading_to_parameter(_("No account for premiums is set: no payment notice can be made."), PREMIUM_ACCOUNT)
