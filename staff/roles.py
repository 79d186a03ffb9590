"""The roles of a guarantee institution; each room says in its own `roles.py` what they may do there."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The name of the group that stands for a role."""

    UNDERWRITER = "underwriter", _("Underwriter")
    REVIEWER = "reviewer", _("Reviewer")
    CASHIER = "cashier", _("Cashier")
    ISSUER = "issuer", _("Issuer")
    CLAIMS_HANDLER = "claims_handler", _("Claims handler")
    MANAGER = "manager", _("Manager")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


GRANTS: dict[Role, set[str]] = {
    Role.MANAGER: {"staff.view_auditentry", "staff.view_user", "staff.export_lists"},
    Role.AUDITOR: {"staff.view_auditentry", "staff.view_user", "staff.export_lists"},
    Role.ADMINISTRATOR: {"staff.view_user", "staff.add_user", "staff.change_user", "auth.view_group"},
}
