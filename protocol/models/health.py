"""How well a platform can be reached, as the delivery finds it, and signs of life of whoever delivers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from protocol.models.connection import Connection


class PlatformHealth(models.Model):
    """Whether a platform can be reached. After several failures in a row it is down: then one message at a time
    probes it, and the first that gets through has it up again for all."""

    connection = models.OneToOneField(Connection, on_delete=models.PROTECT, related_name="health")
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    #: While it is down: when the next probe may leave. Null: it is up.
    probe_at = models.DateTimeField(_("next probe"), null=True, blank=True, db_index=True)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    #: Whether its last answer took longer than DELIVERY_SLOW.
    slow = models.BooleanField(_("slow"), default=False, db_default=False)

    class Meta:
        db_table = "protocol_line"  # what former versions called it
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.connection}"


class SendingSlot(models.Model):
    """One of so many senders that speak to a platform at the same time; see protocol/delivery/slots.py."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "protocol_place"  # what former versions called it
        default_permissions = ()
        ordering = ["connection", "number"]
        constraints = [models.UniqueConstraint(fields=["connection", "number"], name="place_once")]

    def __str__(self) -> str:
        return f"{self.connection} {self.number}"


class Part(models.TextChoices):
    """The parts of the delivery that give signs of life."""

    WORKER = "worker", _("who sends notifications")
    CLOCK = "clock", _("the clock of the periodic work")


class Heartbeat(models.Model):
    """When a part of the delivery was last at work."""

    part = models.CharField(_("part"), max_length=64, primary_key=True)
    at = models.DateTimeField(_("last heard of"))

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.part
