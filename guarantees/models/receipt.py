"""A receipt: money that came in for a premium."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guarantees.fields import MoneyField
from guarantees.models.application import Application
from protocol.names import choices_of, values_of
from protocol.vocabulary import Means
from staff import clock


class Receipt(models.Model):
    """One payment towards an application's premium, as the cashier saw it in."""

    unit_path = "application__order__unit"

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="receipts"
    )
    amount = MoneyField(_("amount"))
    paid_at = models.DateTimeField(_("paid at"))
    means = models.CharField(_("means"), max_length=16, choices=choices_of(Means))
    reference = models.CharField(_("bank reference"), max_length=64, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        default_permissions = ("view",)
        ordering = ["paid_at", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="receipt_amount_positive"),
            models.CheckConstraint(condition=models.Q(means__in=values_of(Means)), name="receipt_means_known"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.paid_at:%Y-%m-%d}"
