"""The roles of a guarantee institution; each room says in its `offers.py` what they may do there."""

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The name of the group that stands for a role."""

    UNDERWRITER = "underwriter", _("Underwriter")
    REVIEWER = "reviewer", _("Reviewer")
    CASHIER = "cashier", _("Cashier")
    ACCOUNTANT = "accountant", _("Accountant")
    ISSUER = "issuer", _("Issuer")
    CLAIMS_HANDLER = "claims_handler", _("Claims handler")
    MANAGER = "manager", _("Manager")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


def mixes_administration(roles: Collection[str]) -> bool:
    """Whether these roles hold the administrator's and another: who makes accounts works on no case, checks no trail
    and confirms no account."""
    return Role.ADMINISTRATOR in roles and len(roles) > 1
