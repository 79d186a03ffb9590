"""Who may do what, and which duties are never one person's: docs/duties.md, made from what the decisions say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils import translation

from config.rooms import grants
from staff.decisions import DECISIONS, EVENTS, Decision
from staff.duties import PAIRS, ROLE_PAIRS, Duty, Profile, parted_from
from staff.roles import Role

INTRODUCTION = """\
<!-- Made by `python manage.py draw_duties`; a test keeps it current. -->
# Duties

Who decides what, who confirms it, and what is never one person's. All of it is read from the code that refuses it.
"""
ON_ONE_CASE = """
## On one case

Whoever did what a line begins with, in any round of the order, is refused what a column marked ✗ names. The profile is
a business parameter; an installation of fewer than ten people begins with `small`.
"""
BY_PROPOSAL = """
Besides, whoever proposes what another must confirm (the last columns of the table of decisions) never confirms that
proposal, under every profile: deductions, releases of expired guarantees, waivers, refunds, payments, business
parameters, units and rules.
"""
TOGETHER = """
## Roles of one person

These are asked for and confirmed for no one person; who holds them together from a time that allowed it keeps them and
is named on the home page. Any others may be held together, and are then kept apart on each case: what each person could
do, and what then parts it, stands for auditor and manager under Roles held together.
"""
ONE_MATTER = """
## Decided by another than who began it

Under every profile, and whatever roles they hold.
"""
ALL = """
## Decisions

The duty is what whoever decides or proposes has then done on the case.
"""


def matrix() -> str:
    """docs/duties.md."""
    with translation.override("en"):
        return "".join(
            (
                INTRODUCTION,
                ON_ONE_CASE,
                *(_pairs_under(profile) for profile in Profile),
                "\n### Where it comes from\n\n",
                _table(("who …", "… is not who …", "under", "source"), _sources()),
                BY_PROPOSAL,
                TOGETHER,
                "\n",
                _table(("role", "not with", "under", "because"), _roles_apart()),
                ONE_MATTER,
                "\n",
                _table(("case", "decision", "never by"), _by_another()),
                ALL,
                "\n",
                _table(
                    ("case", "decision", "duty", "permission", "roles", "confirmed by permission", "roles", "duty"),
                    (*(_decision(decision) for decision in DECISIONS), *_beside_decisions()),
                ),
            )
        )


def _pairs_under(profile: Profile) -> str:
    rows = (
        (one.label, *("✗" if other in parted_from(one, profile) else "" for other in Duty))
        for one in Duty
        if parted_from(one, profile)
    )
    return f"\n### {profile.label}\n\n" + _table(("who …", *(str(duty.label) for duty in Duty)), rows)


def _sources() -> Iterable[tuple[Any, ...]]:
    return ((pair.one.label, pair.other.label, _under(pair.profiles), pair.source) for pair in PAIRS)


def _under(profiles: Collection[Profile]) -> str:
    return "every profile" if len(profiles) == len(Profile) else ", ".join(sorted(profiles))


def _roles_apart() -> Iterable[tuple[Any, ...]]:
    return ((pair.one.label, pair.other.label, _under(pair.profiles), pair.why) for pair in ROLE_PAIRS)


def _by_another() -> Iterable[tuple[Any, ...]]:
    return ((_case(decision), decision.label, decision.never_by) for decision in DECISIONS if decision.never_by)


def _decision(decision: Decision[Any]) -> tuple[Any, ...]:
    confirming = decision.confirm_permissions()
    return (
        _case(decision),
        decision.label,
        _label(decision.event.duty),
        f"`{decision.permission}`",
        _held_by([decision.permission]),
        ", ".join(f"`{name}`" for name in confirming),
        _held_by(confirming),
        _label(decision.confirm_duty),
    )


def _beside_decisions() -> Iterable[tuple[Any, ...]]:
    """What somebody brings about and no decision is."""
    for kind in EVENTS:
        if kind.duty and kind.permission:
            yield "", kind.title, _label(kind.duty), f"`{kind.permission}`", _held_by([kind.permission]), "", "", ""


def _case(decision: Decision[Any]) -> str:
    return str(decision.model._meta.verbose_name)


def _held_by(permissions: Collection[str]) -> str:
    return ", ".join(str(role.label) for role in Role if grants()[role] & set(permissions))


def _label(duty: Duty | None) -> str:
    return str(duty.label) if duty else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [head, tuple("---" for _column in head), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)
