"""The message journal: every message in and out, what it said, and how it was answered."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from protocol.errors import SUCCESS, Reason
from protocol.failures import failure_text
from protocol.models.connection import Connection
from protocol.models.reason import REASONS
from protocol.vocabulary import DIGITAL, NEVER_REFUSED
from staff.encryption import EncryptedBinaryField


class Direction(models.TextChoices):
    INBOUND = "in", _("received")
    OUTBOUND = "out", _("sent")


#: Refused before the signature held, or with a signature that anyone may have recorded.
UNPROVEN = frozenset(
    {
        Reason.ADDRESS,
        Reason.METHOD,
        Reason.TOO_LARGE,
        Reason.BUSY,
        Reason.NOT_RECEIVED,
        Reason.NO_ENVELOPE,
        Reason.MALFORMED,
        Reason.TRANSCODE,
        Reason.TRANSCODE_OF_ADDRESS,
        Reason.UNKNOWN_APPID,
        Reason.FOREIGN_NETWORK,
        Reason.SIGN_NOT_HEX,
        Reason.WRONG_SIGNATURE,
        Reason.STALE,
        Reason.THROTTLED,
        Reason.REUSED,
    }
)


class Message(models.Model):
    """One message as it was received, or as one attempt sent it.

    `body` is the envelope as it came or went, `plaintext` what it held; both are left empty where only size and
    digest are kept (decisions C7: strangers', throttled and very large bodies, and what is beyond the budget).
    `order_number` and `guarantee_number` are what the message itself names, for search. `connection` is the platform
    that it claims to come from; `is_unproven` says that nothing proves it. `reason`, `particulars` and `appid` (as it
    was written) are for ourselves: the answer tells none of them.
    """

    unit_path = None  # a platform's; which order it is about, it names (NAMINGS of guarantees/offers.py)

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
    msgcode = models.CharField(_("msgcode"), max_length=36, blank=True, db_index=True)
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
    #: Of ours that brought back no code: `message` are its particulars (protocol/failures.py).
    failure = models.CharField(max_length=16, null=True, blank=True, editable=False)
    incident = models.CharField(_("incident"), max_length=32, blank=True)
    # Nullable: a column with a default would have SQLite copy the whole journal when it is added.
    reason = models.CharField(_("reason"), max_length=24, choices=REASONS, null=True, blank=True)
    particulars = models.CharField(_("in particular"), max_length=200, null=True, blank=True)
    appid = models.CharField(_("appid as written"), max_length=64, null=True, blank=True)
    alert = models.ForeignKey(
        "protocol.Alert",
        verbose_name=_("alert"),
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="messages",
    )
    answer = EncryptedBinaryField(_("answer's body"), null=True, blank=True)
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("message journal")
        default_permissions = ("view",)
        permissions = [
            ("read_message_content", _("Can read the content of messages")),
            ("read_refusals", _("Can read why messages were refused, and what they held")),
            ("read_refused_demands", _("Can read why demands were refused, and what they held")),
        ]
        ordering = ["-at", "-id"]
        # Of the few rows that have the value: the journal is long.
        indexes = [
            models.Index(fields=["reason", "-at"], name="message_by_reason", condition=models.Q(reason__isnull=False)),
            models.Index(fields=["appid"], name="message_by_appid", condition=models.Q(appid__isnull=False)),
            models.Index(fields=["alert"], name="message_by_alert", condition=models.Q(alert__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(direction__in=Direction.values), name="message_direction_known")
        ]

    def __str__(self) -> str:
        return f"{self.transcode} {self.msgcode}"

    @property
    def answered(self) -> str:
        """What was answered, beside the code, for a person; or why nothing was."""
        return failure_text(self.failure, self.message)

    @property
    def is_refused(self) -> bool:
        return self.direction == Direction.INBOUND and bool(self.code) and self.code != SUCCESS

    @property
    def is_unproven(self) -> bool:
        """Whether nothing proves that it came from `connection` just now."""
        return self.is_refused and (self.reason in UNPROVEN or self.transcode in DIGITAL)

    @property
    def is_demand(self) -> bool:
        """Whether it says so, or was taken for one where what it says cannot be read (decisions C5)."""
        return self.transcode in NEVER_REFUSED or self.alert_id is not None
