"""By which channels staff are told, and who is on duty on which day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff import clock
from staff.encryption import EncryptedTextField
from staff.models.account import User
from staff.models.unit import Unit


class ChannelKind(models.TextChoices):
    WECOM = "wecom", _("WeCom group robot")
    DINGTALK = "dingtalk", _("DingTalk group robot")
    FEISHU = "feishu", _("Feishu group robot")
    EMAIL = "email", _("e-mail")

    @property
    def is_robot(self) -> bool:
        return self is not ChannelKind.EMAIL


class ChannelQuerySet(models.QuerySet["Channel"]):
    def in_use(self) -> ChannelQuerySet:
        return self.filter(active=True)

    def serving(self, kind: str, role: str, unit: Unit) -> list[Channel]:
        """Those in use that carry this kind of reminder, of a matter of this unit, to this role. Their addresses are
        not read, so that one that cannot be decrypted stops no demand from coming in."""
        listed = self.in_use().select_related("unit").defer("address", "secret").order_by("pk")
        return [channel for channel in listed if channel.serves(kind, role, unit)]


class Channel(models.Model):
    """One way to tell staff: a robot in a group of theirs, or e-mail.

    `address` is a robot's webhook, key included, or e-mail addresses separated by commas; an e-mail channel without any
    writes to whoever is told, by the address of their account. `secret` is what DingTalk and Feishu robots sign with.
    `roles` and `reminders` (codes) and `unit` (with all below it) narrow what it carries; empty: all. What it last
    answered is kept for the desk.
    """

    unit_path = None  # how the house tells its people

    name = models.CharField(_("channel"), max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=ChannelKind.choices)
    address = EncryptedTextField(_("address"), blank=True)
    secret = EncryptedTextField(_("signing secret"), blank=True)
    roles = models.JSONField(_("for roles"), default=list, blank=True)
    reminders = models.JSONField(_("for kinds of reminder"), default=list, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("for unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    active = models.BooleanField(_("in use"), default=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    worked_at = models.DateTimeField(_("last worked"), null=True, blank=True)
    failed_at = models.DateTimeField(_("last failed"), null=True, blank=True)
    failure = models.CharField(_("last failure"), max_length=255, blank=True)

    objects = ChannelQuerySet.as_manager()
    #: Who asked for a trial just now; kept nowhere.
    tester: User | None = None

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        default_permissions = ("view",)
        permissions = [("manage_channels", _("Can set the channels by which staff are told"))]
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ChannelKind.values), name="channel_kind_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_chain(self) -> str:
        return f"channel:{self.pk}"

    def serves(self, kind: str, role: str, unit: Unit) -> bool:
        if self.unit is not None and not unit.lineage.startswith(self.unit.lineage):
            return False
        return (not self.reminders or kind in self.reminders) and (not self.roles or role in self.roles)

    @property
    def can_be_used(self) -> bool:
        """A robot has an address; e-mail may go to the accounts' own."""
        return bool(self.address) or self.kind == ChannelKind.EMAIL

    @property
    def is_failing(self) -> bool:
        """Whether the last that was tried did not get through."""
        return self.failed_at is not None and (self.worked_at is None or self.worked_at < self.failed_at)


class RosterEntry(models.Model):
    """A person on duty on one day; of several, the one with the smaller `place` is told first."""

    day = models.DateField(_("day"))
    place = models.PositiveSmallIntegerField(_("place on the list"))
    person = models.ForeignKey(User, verbose_name=_("on duty"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("roster entry")
        verbose_name_plural = _("duty roster")
        default_permissions = ("view",)
        permissions = [("manage_roster", _("Can set the duty roster"))]
        ordering = ["day", "place"]
        constraints = [
            models.UniqueConstraint(fields=["day", "place"], name="roster_one_at_a_place"),
            models.UniqueConstraint(fields=["day", "person"], name="roster_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.place}"
