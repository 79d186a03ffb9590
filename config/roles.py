"""Gives each role its permissions, collected from the `roles.py` of every room."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.conf import settings

from staff.roles import Role


def grants() -> dict[Role, set[str]]:
    """The permissions of each role, as "app_label.codename"."""
    collected: dict[Role, set[str]] = {role: set() for role in Role}
    for room in settings.ROOMS:
        if find_spec(f"{room}.roles"):
            for role, permissions in import_module(f"{room}.roles").GRANTS.items():
                collected[role] |= set(permissions)
    return collected


def grant_roles(sender: AppConfig, using: str, **_: object) -> None:
    """Makes a group for each role hold just the permissions that the rooms grant it."""
    from django.contrib.auth.models import Group, Permission

    if sender != [config for config in apps.get_app_configs() if config.models_module][-1]:
        return  # once, when the permissions of the last app are there
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for role, wanted in grants().items():
        if missing := wanted - known.keys():
            raise LookupError(f"The role {role} is granted permissions that no model declares: {sorted(missing)}")
        group, _created = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set([known[name] for name in sorted(wanted)])
