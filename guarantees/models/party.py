"""Parties: who applies for guarantees and to whom they are given, known by their codes, whatever names they had."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from protocol import folding
from protocol.fields import FoldedField, FoldingField


def party_key(code: str) -> str:
    """By what a party is known, however its code is written: the organisation code, which of GB 32100's credit code is
    its places 9 to 17; else the code itself, folded. An identity number, which is as long, is a person's as a whole."""
    bare = folding.number(code)
    return bare[8:17] if len(bare) == 18 and not ric.is_valid(bare) else bare


class Parties(models.QuerySet["Party"]):
    def of_code(self, code: str) -> Party | None:
        return self.filter(key=party_key(code)).first()


class Party(models.Model):
    """An applicant, a purchaser, or both. What orders say of their parties is never rewritten: they name a code, and
    the party is found by it. `merged_into` is the party that this one turned out to be."""

    key = models.CharField(_("organisation code"), max_length=64, unique=True)
    code = models.CharField(_("code"), max_length=64)
    #: What it was called last.
    name = models.CharField(_("party's name"), max_length=256)
    folded = FoldedField(names=("name",), numbers=("code",))
    folding = FoldingField()
    first_seen = models.DateTimeField(_("known since"))
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )

    objects = Parties.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        default_permissions = ("view",)
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="party_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_chain(self) -> str:
        return f"party:{self.pk}"

    @classmethod
    def seen(cls, code: str, name: str, at: datetime) -> Party:
        """The party of that code, which was called so at that moment (aware)."""
        party, _new = cls.objects.get_or_create(
            key=party_key(code), defaults={"code": code, "name": name, "first_seen": at}
        )
        party.note(name, at)
        return party

    def note(self, name: str, at: datetime) -> None:
        """It was called so at that moment; the latest name is its name."""
        known, new = PartyName.objects.get_or_create(
            party=self, name=name, defaults={"first_seen": at, "last_seen": at}
        )
        if not new and not known.first_seen <= at <= known.last_seen:
            known.first_seen, known.last_seen = min(known.first_seen, at), max(known.last_seen, at)
            known.save(update_fields=["first_seen", "last_seen"])
        if self.name != name and not self.names.filter(last_seen__gt=at).exists():
            self.name = name
            self.save(update_fields=["name", "folded", "folding"])


class PartyName(models.Model):
    """A name under which applications named a party, and from when to when they did."""

    party = models.ForeignKey(Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="names")
    name = models.CharField(_("party's name"), max_length=256)
    first_seen = models.DateTimeField(_("first seen"))
    last_seen = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("name of a party")
        verbose_name_plural = _("names of parties")
        default_permissions = ()
        ordering = ["-last_seen", "-id"]
        constraints = [models.UniqueConstraint(fields=["party", "name"], name="party_name_once")]

    def __str__(self) -> str:
        return self.name
