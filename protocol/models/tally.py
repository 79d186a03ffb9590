"""How much of what was refused is kept: per network and hour, so that no stranger fills the database."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Share(models.TextChoices):
    """Budgets of their own, so that what proves nothing never takes the place of a demand."""

    OPENED_DEMAND = "opened_demand", _("demands that our key opens")
    DEMAND = "demand", _("other demands")
    OTHER = "other", _("other messages")


class RefusalTally(models.Model):
    """What a network's refusals of one hour took of their budget; `beyond` counts those that got no row."""

    unit_path = None

    network = models.CharField(_("network"), max_length=64)
    hour = models.DateTimeField(_("hour"))
    share = models.CharField(_("share"), max_length=16, choices=Share.choices)
    rows = models.PositiveIntegerField(_("in the journal"), default=0)
    kept_bytes = models.PositiveBigIntegerField(_("bytes kept"), default=0)
    beyond = models.PositiveIntegerField(_("only counted"), default=0)
    last_at = models.DateTimeField(_("last"))

    class Meta:
        verbose_name = _("refusals of an hour")
        verbose_name_plural = _("refusals by network")
        default_permissions = ("view",)
        ordering = ["-hour", "network", "share"]
        constraints = [
            models.UniqueConstraint(fields=["hour", "network", "share"], name="refusals_once_an_hour"),
            models.CheckConstraint(condition=models.Q(share__in=Share.values), name="refusals_share_known"),
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.hour:%Y-%m-%d %H:%M}"
