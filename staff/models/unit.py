"""A unit: the head office, and the branches and departments below it."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

#: The primary key of the unit that is there from the first day and stands above every other.
HEAD_OFFICE = 1
#: Digits of a lineage for each level: with one width and nothing but digits the tree sorts alike in every database.
STEP = 6
MOST_LEVELS = 8


class Misplaced(Exception):
    """A unit cannot stand there; `str()` of it says so to a person."""


class Units(models.QuerySet["Unit"]):
    def from_here(self, unit: Unit) -> Units:
        """The unit and all below it."""
        return self.filter(lineage__startswith=unit.lineage)


class Unit(models.Model):
    """One place of the tree. Units are closed, never deleted: what was theirs stays theirs.

    `lineage` is the way down from the head office, so that a unit and all below it share a beginning.
    """

    unit_path = "pk"

    code = models.CharField(
        _("unit code"),
        max_length=16,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z-]+\Z", _("A unit's code has ASCII letters, digits and dashes."))],
    )
    name = models.CharField(_("unit name"), max_length=64, unique=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("belongs to"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    lineage = models.CharField(max_length=STEP * MOST_LEVELS, db_index=True, editable=False)
    active = models.BooleanField(_("active"), default=True)

    objects = Units.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        default_permissions = ("view",)
        permissions = [
            ("manage_units", _("Can set up units, and the rules by which applications come to them")),
            ("see_every_unit", _("Can see every unit's cases")),
        ]
        ordering = ["lineage"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=False) | models.Q(id=HEAD_OFFICE), name="unit_one_head_office"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_chain(self) -> str:
        return f"unit:{self.pk}"

    @property
    def level(self) -> int:
        """How many units stand above it."""
        return len(self.lineage) // STEP - 1

    def above(self) -> list[Unit]:
        """Those that it belongs to, the head office first."""
        ways = [self.lineage[:end] for end in range(STEP, len(self.lineage), STEP)]
        return list(Unit.objects.filter(lineage__in=ways))

    @property
    def indented(self) -> str:
        """Its name as a choice among all of the tree."""
        return "　" * self.level + self.name

    def is_below(self, other: Unit) -> bool:
        """Whether it is the other one, or belongs to it."""
        return self.lineage.startswith(other.lineage)

    @classmethod
    def lock_tree(cls) -> None:
        """Locks all units until the transaction ends: who stands below whom is one matter."""
        list(cls.objects.select_for_update().order_by("pk").values_list("pk"))

    def place_under(self, parent: Unit) -> None:
        """Puts this unit, which is saved, and all below it under `parent`. Called with the tree locked; whoever calls
        saves. Raises Misplaced where that makes a circle or too many levels."""
        if reason := self.why_not_under(parent):
            raise Misplaced(reason)
        before, after = self.lineage, f"{parent.lineage}{self.pk:0{STEP}d}"
        for unit in Unit.objects.from_here(self).exclude(pk=self.pk) if before else ():
            Unit.objects.filter(pk=unit.pk).update(lineage=after + unit.lineage[len(before) :])
        self.parent, self.lineage = parent, after

    def why_not_under(self, parent: Unit) -> str | None:
        """Why it cannot stand under `parent`, for a person: it would make a circle, or too many levels."""
        names = {"unit": self, "parent": parent, "levels": MOST_LEVELS}
        if self.lineage and parent.lineage.startswith(self.lineage):
            return gettext("%(unit)s cannot belong to %(parent)s, which is itself or stands below it.") % names
        below = Unit.objects.from_here(self).values_list("lineage", flat=True) if self.lineage else []
        deepest = max((len(lineage) // STEP - self.level for lineage in below), default=1)
        if parent.level + 1 + deepest > MOST_LEVELS:
            return gettext("%(unit)s would stand too deep: units have at most %(levels)d levels.") % names
        return None
