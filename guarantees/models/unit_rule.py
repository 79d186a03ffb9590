"""A rule by which an application comes to a unit when it arrives."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guarantees.fields import MoneyField
from protocol.models import Connection
from protocol.names import choices_of
from protocol.vocabulary import PurchaseNature
from staff.models import Unit


class UnitRules(models.QuerySet["UnitRule"]):
    def in_use(self) -> UnitRules:
        """Those that are not withdrawn, whether or not their day has come."""
        return self.filter(withdrawn_at=None)


class UnitRule(models.Model):
    """What is left empty is not asked for. The first rule of all, by `place`, that takes an application decides; where
    none does it is the head office's (guarantees/arrival.py)."""

    unit_path = "unit"

    place = models.PositiveIntegerField(_("place"))
    connection = models.ForeignKey(
        Connection, verbose_name=_("platform"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.CharField(_("purchaser's region"), max_length=6, blank=True)
    nature = models.CharField(_("nature of purchase"), max_length=16, choices=choices_of(PurchaseNature), blank=True)
    amount_from = MoneyField(_("advance from"), null=True, blank=True)
    amount_to = MoneyField(_("advance up to"), null=True, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="rules")
    active_from = models.DateField(_("in use from"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = UnitRules.as_manager()

    class Meta:
        verbose_name = _("rule of arrival")
        verbose_name_plural = _("rules of arrival")
        default_permissions = ("view",)
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=models.Q(withdrawn_at=None), name="unit_rule_one_at_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} → {self.unit}"

    @property
    def audit_chain(self) -> str:
        return f"unit-rule:{self.pk}"
