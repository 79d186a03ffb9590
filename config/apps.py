"""The configuration as a Django app: it alone knows every room, and joins what they offer."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401 (registers the checks)
        from config.roles import grant_roles

        # Permissions exist only after migrations have run, so the roles get theirs then, each time.
        post_migrate.connect(grant_roles, dispatch_uid="config.grant_roles")
