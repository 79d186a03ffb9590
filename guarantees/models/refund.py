"""A refund: premium that must be paid back, from the moment it is due."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guarantees.fields import MoneyField
from guarantees.models.application import Application
from guarantees.targets import OrderWork
from staff.encryption import EncryptedTextField


class Refunds(models.QuerySet["Refund"]):
    def waiting(self) -> Refunds:
        """Those to be paid back."""
        return self.filter(paid_at=None)


class Refund(OrderWork):
    """What is owed to the applicant of a premium that was received, and its payment once it was made."""

    unit_path = "application__order__unit"

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="refunds"
    )
    amount = MoneyField(_("amount"))
    due_at = models.DateTimeField(_("due since"), db_index=True)
    #: Where it is to go: name, bank and account.
    payee = EncryptedTextField(_("payee"), blank=True)
    release_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("release asked for by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid back at"), null=True, blank=True, db_index=True)
    reference = models.CharField(_("bank reference"), max_length=64, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("paid back by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = Refunds.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        default_permissions = ("view",)
        permissions = [
            ("release_refund", _("Can release small refunds")),
            ("release_large_refund", _("Can release any refund")),
        ]
        ordering = ["-due_at", "-id"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount_positive")]

    def __str__(self) -> str:
        return f"{self.application} {self.amount:,.2f}"

    @property
    def audit_chain(self) -> str:
        return self.application.audit_chain
