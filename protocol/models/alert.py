"""An alert: something a person must look at, grouped so that a flood makes one row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from protocol.models.connection import Connection


class AlertKind(models.TextChoices):
    REFUSED_DEMAND = "refused_demand", _("demand refused")
    UNPROVEN_DEMAND = "unproven_demand", _("demand without proof refused")
    UNDELIVERED = "undelivered", _("notification undelivered")
    ATTENTION = "attention", _("notification needs attention")
    SILENT = "silent", _("delivery has not been heard of")
    CERTIFICATE_EXPIRES = "certificate_expires", _("signing certificate ends soon")
    CERTIFICATE_UNUSABLE = "certificate_unusable", _("signing certificate cannot be used")
    RECORD_DIFFERS = "record_differs", _("record differs from what was signed")
    LOOK_UPS_STOPPED = "look_ups_stopped", _("verification stopped by wrong codes")


class Alert(models.Model):
    """One kind of trouble with one subject (a connection, a notification, a worker) within one hour.

    A reminder (of a certificate's end) is one row from its first day on until it is dealt with; `hour` is then that
    day's beginning, and `count` the days. Each refused demand that may be one has an alert of its own, those that
    prove nothing one for each network and day (decisions C5); `messages` are the journal's rows.
    """

    unit_path = None  # a platform's; which order it is about, it names (NAMINGS of guarantees/offers.py)

    kind = models.CharField(_("kind"), max_length=24, choices=AlertKind.choices)
    connection = models.ForeignKey(
        Connection, verbose_name=_("platform"), null=True, blank=True, on_delete=models.PROTECT, related_name="alerts"
    )
    subject = models.CharField(_("about"), max_length=96)
    hour = models.DateTimeField(_("hour"))
    count = models.PositiveIntegerField(_("times"), default=0)
    last_at = models.DateTimeField(_("last"), db_index=True)
    text = models.CharField(_("what happened"), max_length=255)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("dealt with by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    seen_at = models.DateTimeField(_("dealt with"), null=True, blank=True, db_index=True)
    note = models.CharField(_("what was done"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        default_permissions = ("view",)
        permissions = [("settle_alert", _("Can deal with alerts"))]
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "hour"], name="alert_once_an_hour"),
            models.CheckConstraint(condition=models.Q(kind__in=AlertKind.values), name="alert_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    @property
    def audit_chain(self) -> str:
        return f"alert:{self.pk}"
