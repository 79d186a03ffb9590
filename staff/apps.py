from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.core.management.color import no_style
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        post_migrate.connect(make_head_office, sender=self, dispatch_uid="staff.make_head_office")


def make_head_office(using: str, apps: Any = apps, **_options: Any) -> None:
    """The unit above every other, where an emptied database has lost it; a migration has made it first."""
    try:
        units = apps.get_model("staff", "Unit").objects.using(using)
    except LookupError:  # migrated back to a time before there were units
        return
    if units.filter(pk=1).exists():
        return
    units.create(pk=1, code="HQ", name="总部", lineage=f"{1:06d}")
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [units.model]):
            cursor.execute(statement)
