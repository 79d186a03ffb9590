"""The outbox: what a platform is still to be told, in the order of each order's events, and every attempt."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from protocol.failures import failure_text
from protocol.models.connection import Connection
from protocol.names import named, status_named
from staff.encryption import EncryptedTextField


def new_msgcode() -> str:
    return uuid4().hex


class NotificationState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    ATTENTION = "attention", _("needs attention")
    SETTLED = "settled", _("settled by hand")


class Notification(models.Model):
    """One outgoing message; it leaves strictly after the earlier ones of its queue (one order, all its rounds).

    `answer` is what the platform said; where it said nothing, the particulars of the `failure` (protocol/failures.py).

    `next_attempt_at` is both backoff and lease: it is written before an attempt, so a worker that dies is followed by
    another without anybody noticing. `lease` counts the claims; only the holder of the last one may record a result.

    `state` is how far its delivery has come, and no state machine: workers write it for many messages at once, in one
    statement whose condition is the lease (`delivery.recording`), and attempts and journal are the record of that. A
    person's word on it is a decision, in the trail like any other.
    """

    unit_path = None  # a platform's; which order it is about, it names (NAMINGS of guarantees/offers.py)

    connection = models.ForeignKey(
        Connection, verbose_name=_("platform"), on_delete=models.PROTECT, related_name="notifications"
    )
    queue = models.CharField(_("order number"), max_length=64)
    transcode = models.CharField(_("transcode"), max_length=20)
    msgcode = models.CharField(_("msgcode"), max_length=32, unique=True, default=new_msgcode, editable=False)
    plaintext = EncryptedTextField(_("plaintext"))
    status = models.CharField(_("status"), max_length=32, blank=True)
    cuts = models.JSONField(_("cut to fit"), default=dict, blank=True)
    created_at = models.DateTimeField(_("decided"), db_index=True, editable=False)
    state = models.CharField(
        _("state"), max_length=16, choices=NotificationState.choices, default=NotificationState.WAITING
    )
    attempts_made = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    lease = models.PositiveIntegerField(default=0, editable=False)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    code = models.CharField(_("last code"), max_length=3, blank=True)
    answer = models.CharField(_("last answer"), max_length=200, blank=True)
    failure = models.CharField(max_length=16, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        default_permissions = ("view",)
        permissions = [("settle_notification", _("Can send notifications again or settle them"))]
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=NotificationState.values), name="notification_state_known"
            )
        ]
        indexes = [
            models.Index(fields=["connection", "queue", "id"], name="notification_queue"),
            models.Index(fields=["next_attempt_at"], condition=models.Q(state="waiting"), name="notification_due"),
            models.Index(
                fields=["connection", "queue", "id"],
                condition=models.Q(state__in=["waiting", "attention"]),
                name="notification_undelivered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transcode} {self.msgcode}"

    @property
    def audit_chain(self) -> str:
        return f"notification:{self.pk}"

    @property
    def named(self) -> str:
        """Its transcode, what people call it, and what it says."""
        return " · ".join(filter(None, (named(self.transcode), self.says)))

    @property
    def answered(self) -> str:
        """What the last attempt came to, for a person: the code and what the platform said, or why there is none."""
        return f"{self.code} {failure_text(self.failure, self.answer)}".strip()

    @property
    def says(self) -> str:
        """What the platform is told, for a person: "01 approved"."""
        return status_named(self.connection.speaks.tables.get(self.transcode), self.status)


class Attempt(models.Model):
    """One try to deliver a notification: when, how long, and what came back, or the particulars (`error`) of the
    `failure`, which former versions did not name."""

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(_("number"))
    started_at = models.DateTimeField(_("started"))
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True, blank=True)
    http_status = models.PositiveSmallIntegerField("HTTP", null=True, blank=True)
    code = models.CharField(_("code"), max_length=3, blank=True)
    message = models.CharField(_("message"), max_length=200, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    failure = models.CharField(max_length=16, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        default_permissions = ("view",)
        ordering = ["notification", "number"]
        constraints = [models.UniqueConstraint(fields=["notification", "number"], name="attempt_number_once")]

    def __str__(self) -> str:
        return f"{self.notification} #{self.number}"

    @property
    def answered(self) -> str:
        """What it came to, for a person."""
        return f"{self.code} {self.message} {failure_text(self.failure, self.error)}".strip()
