"""The way to a platform as the delivery finds it, and signs of life of whoever delivers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from protocol.models.connection import Connection


class Line(models.Model):
    """Whether a platform can be reached. After several failures in a row it is down: then one message at a time
    probes it, and the first that gets through opens it again for all."""

    connection = models.OneToOneField(Connection, on_delete=models.PROTECT, related_name="line")
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    #: While the line is down: when the next probe may leave. Null: the line is up.
    probe_at = models.DateTimeField(_("next probe"), null=True, blank=True, db_index=True)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    #: Whether its last answer took longer than DELIVERY_SLOW.
    slow = models.BooleanField(_("slow"), default=False, db_default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.connection}"


class Place(models.Model):
    """One of the places at which a platform is spoken to at the same time; see protocol/delivery/places.py."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
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
