from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("Claims")

    def ready(self) -> None:
        from claims.blocking import carry_over, open_demand, settled_at
        from claims.inbound import HANDLERS
        from guarantees.blockers import register_blocker, register_succession
        from protocol.handlers import register

        for handler in HANDLERS:
            register(handler)
        register_blocker(open_demand, settled_at)
        register_succession(carry_over)
