"""What the roles of one person add up to: which two duties they could do, and what the profile says of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from staff.decisions import permissions_for
from staff.duties import PAIRS, Duty, Pair, Profile, forbidden_pairs
from staff.models import RoleCombination


class Standing(TextChoices):
    """What the profile says of two duties that one person could do; the gravest first."""

    FORBIDDEN = "forbidden", _("roles that are not one person's")
    ALLOWED = "allowed", _("one person may do both on a case")
    APART = "apart", _("kept apart on each case")
    NONE = "none", _("nothing that is parted")


@dataclass(frozen=True)
class Combination:
    """Two duties that a person's roles both allow."""

    pair: Pair
    standing: Standing

    def __str__(self) -> str:
        return f"{self.pair.one.noun} × {self.pair.other.noun}"


def with_permissions(people: QuerySet[RoleCombination]) -> QuerySet[RoleCombination]:
    """With all that the functions below read of each, in a fixed number of questions."""
    return people.prefetch_related("groups__permissions__content_type")


def duties_open_to(person: RoleCombination) -> set[Duty]:
    """What the person's roles allow, on one case or another."""
    if person.is_superuser:
        return set(Duty)
    held = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for group in person.groups.all()
        for permission in group.permissions.all()
    }
    return {duty for duty in Duty if held & permissions_for(duty)}


def combinations(person: RoleCombination, profile: Profile) -> list[Combination]:
    """Each pair of the list of duties of which the person could do both."""
    duties = duties_open_to(person)
    return [
        Combination(pair, Standing.APART if profile in pair.profiles else Standing.ALLOWED)
        for pair in PAIRS
        if {pair.one, pair.other} <= duties
    ]


def standing(person: RoleCombination, profile: Profile) -> Standing:
    """The gravest of what is said of the person's roles."""
    if forbidden_pairs(person.roles, profile):
        return Standing.FORBIDDEN
    found = {combination.standing for combination in combinations(person, profile)}
    return next((one for one in Standing if one in found), Standing.NONE)
