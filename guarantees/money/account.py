"""The account to which premiums are paid: data that two people change, since whoever sets it says where money goes."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from staff.parameters import Parameter, ParameterGroup, ParameterOfParts


@dataclass(frozen=True)
class Account:
    """A bank account of the institution's own."""

    name: str
    number: str
    bank: str


def _former_account() -> Account | None:
    given = (settings.PREMIUM_ACCOUNT_NAME, settings.PREMIUM_ACCOUNT_NUMBER, settings.PREMIUM_ACCOUNT_BANK)
    return Account(*given) if all(given) else None


PREMIUM_ACCOUNT: Parameter[Account | None] = ParameterOfParts(
    code="money.premium_account",
    label=_("Account to which premiums are paid"),
    group=ParameterGroup.MONEY,
    parts=lambda: {
        "name": forms.CharField(label=_("Account name"), max_length=128),
        "number": forms.CharField(
            label=_("Account number"),
            max_length=34,
            validators=[RegexValidator(r"^[0-9A-Za-z-]{6,34}\Z", _("6 to 34 digits, letters or dashes, no spaces."))],
        ),
        "bank": forms.CharField(label=_("Bank and branch"), max_length=128),
    },
    made=Account,
    default=None,
    source=_("The institution's own account."),
    help=_(
        "Payment notices made from then on name it; one that was made keeps its account. Whoever confirms compares it "
        "with a paper of the bank's, never with the request alone."
    ),
    first=_former_account,
)
