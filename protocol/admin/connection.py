"""Connections: each platform's agreement with us. Secrets go in and never come out."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol.crypto import keys
from protocol.decisions.connection import NewConnectionForm, add
from protocol.decisions.connection_form import CertificateField, KeyField
from protocol.families import FAMILIES
from protocol.models import Connection
from staff.desk.case import CaseAdmin
from staff.desk.page import NOTHING, Badge, Flag, Row, Section, Tone, rows
from staff.models import User


@admin.register(Connection)
class ConnectionAdmin(CaseAdmin):
    list_display = ["name", "appid", "address", "state_badge", "created_at"]
    list_display_links = ["name"]
    list_filter = ["suspended", "parked"]
    search_fields = ["name", "appid", "address"]
    search_help_text = gettext_lazy("Platform, appid or address")
    add_permission = "protocol.add_connection"

    @admin.display(description=gettext_lazy("state"))
    def state_badge(self, connection: Connection) -> str:
        return str(self.badge(connection))

    def heading(self, record: Connection) -> str:
        return record.appid

    def badge(self, record: Connection) -> Badge:
        if not record.is_agreed:
            return Badge(_("not agreed yet"), Tone.WAITS)
        if record.suspended:
            return Badge(_("suspended"), Tone.BAD)
        if record.parked:
            return Badge(_("delivery parked"), Tone.WARNING)
        return Badge(_("in service"), Tone.GOOD)

    def flags(self, record: Connection, person: User) -> list[Flag]:
        if record.is_agreed:
            return []
        return [Flag(_("Nothing is received or sent before keys and address are proposed and confirmed."))]

    def questions(self, case: Connection, person: User) -> list[Flag]:
        return []  # no case of a customer's

    def sections(self, record: Connection, person: User) -> list[Section]:
        key = record.own_key().public
        exchange = Section(
            _("Our public key, for the exchange"),
            note=_("Give the platform one of these; both are the same SM2 key."),
            template="desk/exchange.html",
            content={"point": keys.public_text(key), "spki": keys.public_pem(key)},
        )
        return [self.summary(record, person), exchange]

    def summary(self, case: Connection, person: User) -> Section:
        family = rows(case, "family") if len(list(FAMILIES)) > 1 else []
        dialect = ", ".join(f"{name}={value}" for name, value in case.dialect.items()) or _("default")
        return Section(
            _("The platform"),
            [
                *rows(case, "name", "appid"),
                *family,
                Row(_("its public key"), KeyField().told(case.platform_key), "wide"),
                *rows(case, "address"),
                Row(_("allowed networks"), ", ".join(case.networks) or _("any")),
                Row(
                    _("its certification authority"),
                    _("a private one") if case.ca_certificate else _("the public ones"),
                ),
                Row(_("our client certificate"), CertificateField().told(case.client_certificate) or NOTHING, "wide"),
                Row(_("dialect"), dialect),
                *rows(case, "suspended", "files_suspended", "parked", "created_at"),
            ],
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self.beginning(
            request,
            NewConnectionForm,
            add,
            title=_("Add a connection"),
            consequence=_("Nothing is received or sent before keys and address are proposed and confirmed."),
            afterwards=_("Our public key for it stands on its page; propose the platform's keys and address there."),
            done=_("Added. Give the platform our public key, and propose its keys and address."),
            back="admin:protocol_connection_changelist",
        )
