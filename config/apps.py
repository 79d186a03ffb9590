"""The configuration as a Django app: it alone knows every room, and joins what they offer."""

from contextlib import suppress
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate

from config.trade_words import speak


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"

    def __init__(self, app_name: str, app_module: ModuleType | None) -> None:
        super().__init__(app_name, app_module)
        speak()  # here, since Django translates a little while it loads the models

    def ready(self) -> None:
        # Not before: the rooms' models are loaded when this module is read.
        from config.rooms import grant_roles, join

        join()
        post_migrate.connect(grant_roles, dispatch_uid="config.grant_roles")
        make_data_folder()


def make_data_folder() -> None:
    """Makes the embedded database's folder, which SQLite does not; closed to others, as letters lie there too."""
    if Path(str(settings.DATABASES["default"]["NAME"])).parent == settings.DATA_DIR:
        with suppress(OSError):  # SQLite says that it cannot open its file
            settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
