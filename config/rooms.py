"""Joins the rooms: what each offers in its `offers.py` is handed to whoever reads it, and there is no other way.

A room is a Django app that has an `offers.py`; the rooms are in the order of INSTALLED_APPS, the lowest first.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission
from django.core.checks import register
from django.utils.module_loading import autodiscover_modules

from guarantees.blockers import BLOCKERS
from guarantees.book.building import BUILDERS
from guarantees.book.kinds import MOVEMENTS
from guarantees.book.proof import WITNESSES
from protocol.families import FAMILIES
from protocol.handlers import HANDLERS
from staff import parameters, word_lists
from staff.chain_names import CHAINS
from staff.checks import Check
from staff.decisions import DECISIONS, EVENTS
from staff.desk.dashboard import FIGURES
from staff.desk.home import COUNTERS, NOTICES
from staff.desk.navigation import SCREENS
from staff.desk.panels import PANELS
from staff.desk.reports.paper import PRINTERS
from staff.desk.reports.report import REPORTS
from staff.desk.site import LOGINS
from staff.desk.timeline import DETAILS
from staff.exceptions import EXCEPTIONS
from staff.offered import Offered, OfferedByName, Periodic
from staff.parameters import PARAMETERS
from staff.reminders.kinds import REMINDERS
from staff.roles import Role
from staff.units import HELD, NAMINGS
from staff.word_lists import WORD_LISTS

GRANTS: OfferedByName[set[str]] = OfferedByName("GRANTS", set)
PERIODIC: Offered[Periodic] = Offered("PERIODIC", Periodic, known_by=lambda work: work.name)
CHECKS: Offered[Check] = Offered("CHECKS", Check, known_by=lambda check: check.find.__name__)

#: Every kind of offer there is. A new kind is a list beside whoever reads it, and its line here.
LISTS: tuple[Offered[Any], ...] = (
    FAMILIES,
    HANDLERS,
    BLOCKERS,
    MOVEMENTS,
    BUILDERS,
    WITNESSES,
    DECISIONS,
    EVENTS,
    SCREENS,
    COUNTERS,
    NOTICES,
    PANELS,
    REPORTS,
    CHAINS,
    EXCEPTIONS,
    FIGURES,
    PRINTERS,
    NAMINGS,
    HELD,
    LOGINS,
    PARAMETERS,
    WORD_LISTS,
    REMINDERS,
    PERIODIC,
    CHECKS,
)
MAPPINGS: tuple[OfferedByName[Any], ...] = (DETAILS, GRANTS)


def rooms() -> dict[str, ModuleType]:
    """Each room's `offers`, the lowest room first."""
    autodiscover_modules("offers")
    names = [config.name for config in apps.get_app_configs()]
    return {name: sys.modules[f"{name}.offers"] for name in names if f"{name}.offers" in sys.modules}


def join() -> None:
    """Hands over what every room offers, and registers its system checks with Django."""
    modules = rooms()
    for listed in LISTS:
        listed.hand_over({name: getattr(module, listed.name, []) for name, module in modules.items()})
    for mapping in MAPPINGS:
        mapping.hand_over({name: getattr(module, mapping.name, {}) for name, module in modules.items()})
    for check in CHECKS:
        register(check, *check.tags, deploy=check.deploy)


def periodic_work() -> list[Periodic]:
    """All periodic work of the house."""
    return list(PERIODIC)


def grants() -> dict[Role, set[str]]:
    """The permissions of each role, as "app_label.codename"."""
    collected: dict[Role, set[str]] = {role: set() for role in Role}
    for role, permissions in GRANTS.items():
        collected[Role(role)] |= set(permissions)
    return collected


def grant_roles(sender: AppConfig, using: str, **_: object) -> None:
    """Makes a group for each role hold just the permissions that the rooms grant it, a row for each parameter
    and list of words; after each migration, since permissions exist only then."""
    if sender != [config for config in apps.get_app_configs() if config.models_module][-1]:
        return  # once, when the permissions of the last app are there
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for role, wanted in grants().items():
        if missing := wanted - known.keys():
            raise LookupError(
                f"The role {role} is granted permissions that no model declares, or none of its migrations: "
                f"{sorted(missing)}"
            )
        group, _created = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set([known[name] for name in sorted(wanted)])
    parameters.make_rows(using)
    word_lists.make_rows(using)
