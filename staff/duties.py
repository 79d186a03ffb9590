"""Duties that are never one person's on one case: the one list of them. No Django models.

A duty is done by whoever is the person of an event of the trail (`EventKind.duty`), so everything that was ever done on
the case counts, in whichever round. A pair is read both ways. What one person proposes and another confirms is parted
besides, always, by `staff.proposals`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff.roles import Role


class Profile(TextChoices):
    """How many people an institution has to part its duties among; the sources are in docs/duties.md."""

    SMALL = "small", _("small: works with two people and an outside bookkeeper")
    FULL = "full", _("full: approval, money and issue are three people's")


class Duty(TextChoices):
    """What a person does on a case; the label completes "who …"."""

    APPROVAL = "approval", _("approved the terms")
    APPROVAL_CONFIRM = "approval_confirm", _("confirmed the terms")
    PREMIUM = "premium", _("took the premium")
    ISSUE = "issue", _("issued the letter")
    REFUND = "refund", _("asked for a refund to be paid")
    REFUND_RELEASE = "refund_release", _("released a refund")
    DEMAND = "demand", _("handled the demand")
    PAYMENT_RELEASE = "payment_release", _("released the payment of a demand")
    WORDING_UPLOAD = "wording_upload", _("uploaded the wording")
    WORDING_USE = "wording_use", _("put the wording into use")

    @property
    def noun(self) -> str | Promise:
        """What it is called where nobody has done it yet."""
        return _NOUNS[self]


_NOUNS: dict[Duty, str | Promise] = {
    Duty.APPROVAL: _("approval of the terms"),
    Duty.APPROVAL_CONFIRM: _("confirmation of the terms"),
    Duty.PREMIUM: _("taking or waiving the premium"),
    Duty.ISSUE: _("issue of the letter"),
    Duty.REFUND: _("asking for a refund"),
    Duty.REFUND_RELEASE: _("release of a refund"),
    Duty.DEMAND: _("handling a demand"),
    Duty.PAYMENT_RELEASE: _("release of a payment"),
    Duty.WORDING_UPLOAD: _("upload of a wording"),
    Duty.WORDING_USE: _("putting a wording into use"),
}


@dataclass(frozen=True)
class Pair:
    """Two duties that no person does both of on one case, under these profiles, and where that comes from."""

    one: Duty
    other: Duty
    profiles: frozenset[Profile]
    source: str | Promise

    def parts(self, duty: Duty, profile: Profile) -> Duty | None:
        """What whoever did may not do `duty` under the profile; None where this pair says nothing of it."""
        if profile not in self.profiles or duty not in (self.one, self.other):
            return None
        return self.other if duty == self.one else self.one


ALWAYS, FULL = frozenset(Profile), frozenset({Profile.FULL})
_OURS = _("our proposal; the institution confirms it")

PAIRS: tuple[Pair, ...] = (
    Pair(Duty.APPROVAL, Duty.ISSUE, ALWAYS, _OURS),
    Pair(Duty.PREMIUM, Duty.REFUND_RELEASE, ALWAYS, _OURS),
    Pair(Duty.REFUND, Duty.REFUND_RELEASE, ALWAYS, _OURS),
    Pair(Duty.DEMAND, Duty.PAYMENT_RELEASE, ALWAYS, _OURS),
    Pair(Duty.WORDING_UPLOAD, Duty.WORDING_USE, ALWAYS, _OURS),
    Pair(Duty.APPROVAL, Duty.PREMIUM, FULL, _OURS),
    Pair(Duty.APPROVAL_CONFIRM, Duty.PREMIUM, FULL, _OURS),
    Pair(Duty.APPROVAL_CONFIRM, Duty.ISSUE, FULL, _OURS),
    Pair(Duty.PREMIUM, Duty.ISSUE, FULL, _OURS),
)


def parted_from(duty: Duty, profile: Profile) -> set[Duty]:
    """What whoever did any of these on a case may not do `duty` on it."""
    return {other for pair in PAIRS if (other := pair.parts(duty, profile))}


@dataclass(frozen=True)
class RolePair:
    """Two roles that no person holds together under these profiles, and why."""

    one: Role
    other: Role
    profiles: frozenset[Profile]
    why: str | Promise

    def among(self, roles: Collection[str]) -> bool:
        return self.one in roles and self.other in roles


ROLE_PAIRS: tuple[RolePair, ...] = (
    RolePair(Role.CASHIER, Role.ACCOUNTANT, ALWAYS, _("Whoever takes money keeps no accounts (会计法, article 35).")),
    *(
        RolePair(Role.ADMINISTRATOR, role, ALWAYS, _("The administrator's role goes with no other."))
        for role in Role
        if role is not Role.ADMINISTRATOR
    ),
    *(
        RolePair(one, other, FULL, _("Approval, money and issue are three people's in the profile in force."))
        for one, other in (
            (Role.UNDERWRITER, Role.CASHIER),
            (Role.UNDERWRITER, Role.ISSUER),
            (Role.REVIEWER, Role.CASHIER),
            (Role.REVIEWER, Role.ISSUER),
            (Role.CASHIER, Role.ISSUER),
        )
    ),
)


def forbidden_pairs(roles: Collection[str], profile: Profile) -> list[RolePair]:
    """Which of these roles are not one person's under the profile."""
    return [pair for pair in ROLE_PAIRS if profile in pair.profiles and pair.among(roles)]


def forbidden_together(
    roles: Collection[str], profile: Profile, held: Collection[str] = frozenset()
) -> str | Promise | None:
    """Why these roles may not be given to one person; None where they may. What the person has `held` together from a
    time that allowed it stands in the way of no other change."""
    return next((pair.why for pair in forbidden_pairs(roles, profile) if not pair.among(held)), None)
