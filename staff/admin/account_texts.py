"""What the facts of an account are called, on its page and on those of what is asked for it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy

from staff.roles import Role

FACTS = {
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail address"),
    "unit": gettext_lazy("unit"),
    "roles": gettext_lazy("roles"),
    "active": gettext_lazy("active"),
    "password": gettext_lazy("password"),
}


def role_names(roles: Collection[str]) -> str:
    return "、".join(str(role.label) for role in Role if role.value in roles) or "—"
