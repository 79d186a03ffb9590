"""What a platform may say only once: the accepted signed messages. Never partitioned or erased."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from protocol.models.connection import Connection


class AcceptedMessage(models.Model):
    """A signed message that was answered 000, known by its msgcode and transcode."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    transcode = models.CharField(max_length=20)
    msgcode = models.CharField(max_length=36)
    plaintext_digest = models.BinaryField(max_length=32)
    code = models.CharField(max_length=3)
    message = models.CharField(max_length=200, blank=True)
    accepted_at = models.DateTimeField()
    #: How often it came again and got its answer again; a repetition has no row in the journal (decisions C7).
    repeats = models.PositiveIntegerField(_("repeated"), default=0)
    last_repeat_at = models.DateTimeField(_("last repeated"), null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["connection", "transcode", "msgcode"], name="accepted_message_once")
        ]

    def __str__(self) -> str:
        return f"{self.transcode} {self.msgcode}"


class AcceptedSignature(models.Model):
    """A `sign` under which an accepted message came: an honest sender that repeats itself may encrypt afresh."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    sign = models.BinaryField(max_length=32)
    accepted = models.ForeignKey(AcceptedMessage, on_delete=models.PROTECT, related_name="signatures")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["connection", "sign"], name="accepted_signature_once")]

    def __str__(self) -> str:
        return bytes(self.sign).hex()
