"""The message journal: every message in and out, what it said, and how it was answered."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from protocol.fields import EncryptedBinaryField
from protocol.models.connection import Connection


class Direction(models.TextChoices):
    INBOUND = "in", _("received")
    OUTBOUND = "out", _("sent")


class Message(models.Model):
    """One message as it was received, or as one attempt sent it.

    `body` is the envelope as it came or went, `plaintext` what it held; both are left empty where only size and
    digest are kept (strangers' and very large bodies). `order_number` and `guarantee_number` are what the message
    itself names, for search.
    """

    connection = models.ForeignKey(
        Connection,
        verbose_name=_("platform"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages",
    )
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    at = models.DateTimeField(_("at"), db_index=True)
    transcode = models.CharField(_("transcode"), max_length=20, blank=True)
    msgcode = models.CharField("msgcode", max_length=36, blank=True, db_index=True)
    version = models.CharField(_("version"), max_length=10, blank=True)
    remote_address = models.GenericIPAddressField(_("from address"), null=True, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    digest = models.CharField("SHA-256", max_length=64, blank=True)
    body = EncryptedBinaryField(_("body"), null=True, blank=True)
    plaintext = EncryptedBinaryField(_("plaintext"), null=True, blank=True)
    order_number = models.CharField(_("order number"), max_length=64, blank=True, db_index=True)
    guarantee_number = models.CharField(_("guarantee number"), max_length=64, blank=True, db_index=True)
    code = models.CharField(_("code"), max_length=3, blank=True)
    message = models.CharField(_("answer"), max_length=200, blank=True)
    incident = models.CharField(_("incident"), max_length=32, blank=True)
    answer = EncryptedBinaryField(_("answer's body"), null=True, blank=True)
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("message journal")
        default_permissions = ("view",)
        permissions = [("read_message_content", _("Can read the content of messages"))]
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(direction__in=Direction.values), name="message_direction_known")
        ]

    def __str__(self) -> str:
        return f"{self.transcode} {self.msgcode}"
