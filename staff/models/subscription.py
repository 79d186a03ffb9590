"""Reports that are made by the calendar, for people who are mailed them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.encryption import EncryptedTextField
from staff.models.account import User


class Rhythm(models.TextChoices):
    DAILY = "daily", _("every day, of the day before")
    WEEKLY = "weekly", _("every Monday, of the week before")
    MONTHLY = "monthly", _("on the first of the month, of the month before")


class ReportSubscription(models.Model):
    """One report with its filters, in one form and rhythm; each of its people gets what they themselves may see.

    `query` is the report's address without its days, `last_due` the day for which it was made last: what was missed is
    made once. It ends, and is never deleted.
    """

    unit_path = "made_by__unit"

    report = models.CharField(_("report"), max_length=64)
    query = EncryptedTextField(_("what was asked"), blank=True)
    form = models.CharField(_("form"), max_length=8)
    rhythm = models.CharField(_("how often"), max_length=8, choices=Rhythm.choices)
    language = models.CharField(_("language"), max_length=16)
    made_by = models.ForeignKey(User, verbose_name=_("subscribed by"), on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("subscribed at"))
    people = models.ManyToManyField(User, verbose_name=_("for"), related_name="+")
    last_due = models.DateField(_("made last for"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription to a report")
        verbose_name_plural = _("subscriptions to reports")
        default_permissions = ()
        ordering = ["report", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rhythm__in=Rhythm.values), name="report_subscription_rhythm_known"
            ),
        ]

    def __str__(self) -> str:
        return self.report
