from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuaranteesConfig(AppConfig):
    name = "guarantees"
    verbose_name = _("Guarantees")

    def ready(self) -> None:
        from guarantees import checks  # noqa: F401 (registers the checks)
        from guarantees.inbound import HANDLERS
        from protocol.handlers import register

        for handler in HANDLERS:
            register(handler)
