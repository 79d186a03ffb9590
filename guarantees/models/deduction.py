"""A deduction (扣减): the purchaser took back part of the advance from a progress payment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guarantees.fields import MoneyField
from guarantees.models.guarantee import Guarantee
from staff import clock


class Deduction(models.Model):
    """By so much the guaranteed amount fell, on a paper of the purchaser's; recorded by one person, confirmed by
    another. Those from before there were these rows stand in the trail alone."""

    unit_path = "guarantee__application__order__unit"

    guarantee = models.ForeignKey(
        Guarantee, verbose_name=_("guarantee"), on_delete=models.PROTECT, related_name="deductions"
    )
    amount = MoneyField(_("amount"))
    document = models.CharField(_("document"), max_length=255)
    paper = models.FileField(_("purchaser's paper"), max_length=200)
    paper_digest = models.CharField(_("the paper's SHA-256"), max_length=64)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("confirmed by"), on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now, editable=False, db_index=True)

    class Meta:
        verbose_name = _("deduction")
        verbose_name_plural = _("deductions")
        default_permissions = ("view",)
        ordering = ["-recorded_at", "-id"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="deduction_amount_positive")]

    def __str__(self) -> str:
        return f"{self.guarantee} {self.amount:,.2f}"

    @property
    def audit_chain(self) -> str:
        return self.guarantee.audit_chain
