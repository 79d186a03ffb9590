"""The link by which an applicant comes to its own page: who has it and knows the code sees one order."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guarantees.models.order import Order
from staff.encryption import EncryptedTextField


class LinkEnd(models.TextChoices):
    """Why a link ended before its time."""

    STOPPED = "stopped", _("stopped by staff")
    REPLACED = "replaced", _("replaced by another")
    WRONG_CODES = "wrong_codes", _("stopped after wrong codes")


class ApplicantLinks(models.QuerySet["ApplicantLink"]):
    def live(self, now: datetime) -> ApplicantLinks:
        """Those that open their page."""
        return self.filter(ended_at=None, expires_at__gt=now)


class ApplicantLink(models.Model):
    """One order's link. It is found by its token's digest; the token itself is kept encrypted, as the telephone is of
    which the code is made, so that the same message can be copied again and a link once sent goes on."""

    unit_path = "order__unit"

    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="applicant_links")
    token = EncryptedTextField(_("token"))
    token_digest = models.CharField(_("the token's SHA-256"), max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("valid until"))
    #: Of all its time: it ends with the twentieth, however slowly they come.
    wrong_codes = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    opened_at = models.DateTimeField(_("last opened at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=16, choices=LinkEnd.choices, blank=True)

    objects = ApplicantLinks.as_manager()

    class Meta:
        verbose_name = _("applicant's link")
        verbose_name_plural = _("applicants' links")
        default_permissions = ()
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(ended_at__isnull=True), name="applicant_link_one_of_an_order"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_why__in=["", *LinkEnd.values]), name="applicant_link_end_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.order)

    @property
    def audit_chain(self) -> str:
        return self.order.audit_chain

    def is_live(self, now: datetime) -> bool:
        """Whether it opens its page."""
        return self.ended_at is None and now < self.expires_at
