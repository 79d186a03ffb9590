"""What is decided about a connection: what is agreed with the platform by two people, the switches by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol import audit
from protocol.crypto import keys, sm2
from protocol.decisions.connection_form import ConnectionForm, present
from protocol.models import Connection
from staff.decisions import Decision
from staff.events import EventKind
from staff.models import User
from staff.proposals import CONFIRM_CHANGE

MANAGE = "protocol.change_connection"
SWITCHES = ("suspended", "files_suspended", "parked")


class NewConnectionForm(forms.Form):
    """By what the platform is known; the rest is agreed on its page."""

    name = forms.CharField(label=gettext_lazy("platform"), max_length=128)
    appid = forms.CharField(label="appid", max_length=32, help_text=gettext_lazy("As the platform gave it."))

    def clean_name(self) -> str:
        return self._free("name", gettext_lazy("There is a connection of this name already."))

    def clean_appid(self) -> str:
        return self._free("appid", gettext_lazy("There is a connection with this appid already."))

    def _free(self, name: str, taken: Any) -> str:
        value: str = self.cleaned_data[name]
        if Connection.objects.filter(**{name: value}).exists():
            raise forms.ValidationError(taken)
        return value


def add(person: User, data: Mapping[str, Any]) -> Connection:
    """A connection with a key of ours for the exchange, and none of the platform's: nothing is received or sent by it
    before that is agreed."""
    with transaction.atomic():
        connection = Connection.objects.create(
            name=data["name"], appid=data["appid"], private_key=keys.private_text(sm2.generate())
        )
        audit.connection_created(connection, person=person, changed=["name", "appid"])
    return connection


class Agree(Decision[Connection]):
    """Keys, address, networks and dialect. Whoever sets them says whom we believe and whom we tell, so another person
    confirms it."""

    name = "agree"
    label = gettext_lazy("Change keys, address, dialect")
    permission = MANAGE
    confirm_permission = CONFIRM_CHANGE
    model = Connection
    event = audit.CHANGED

    def initial(self, case: Connection) -> Mapping[str, Any]:
        return present(case)

    def form(self, case: Connection, data: Any = None, files: Any = None) -> forms.BaseForm:
        return ConnectionForm(data, files, connection=case)

    def consequence(self, case: Connection) -> str:
        return _(
            "From then on messages are believed by this key, and sent to this address. Whoever confirms compares "
            "appid, address and the key's fingerprint with the platform itself, by another way than they came in."
        )

    def perform(self, case: Connection, person: User, data: dict[str, Any]) -> None:
        agreed: Mapping[str, Any] = data["agreed"]
        data["changed"] = [name for name, value in agreed.items() if getattr(case, name) != value]
        for name, value in agreed.items():
            setattr(case, name, value)

    def details(self, case: Connection, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return audit.details(case, data["changed"])


class SwitchForm(forms.Form):
    suspended = forms.BooleanField(
        label=gettext_lazy("suspended"),
        required=False,
        help_text=gettext_lazy(
            "The platform is answered 301 and our notifications wait; demands are accepted even so, and files "
            "may be fetched and verified."
        ),
    )
    files_suspended = forms.BooleanField(
        label=gettext_lazy("fetching and verifying files suspended"),
        required=False,
        help_text=gettext_lazy("PREP103 and PREP104 are answered 301."),
    )
    parked = forms.BooleanField(
        label=gettext_lazy("delivery parked"),
        required=False,
        help_text=gettext_lazy("Our notifications wait until this is taken away."),
    )


class Switch(Decision[Connection]):
    """An emergency waits for nobody: one person stops a connection, and lets it go on."""

    name = "switch"
    label = gettext_lazy("Suspend or resume")
    permission = MANAGE
    model = Connection
    form_class = SwitchForm
    event = EventKind("connection.switched", gettext_lazy("Connection suspended or resumed"), "toggle_on")

    def initial(self, case: Connection) -> Mapping[str, Any]:
        return {name: getattr(case, name) for name in SWITCHES}

    def perform(self, case: Connection, person: User, data: dict[str, Any]) -> None:
        data["changed"] = [name for name in SWITCHES if getattr(case, name) != data[name]]
        for name in SWITCHES:
            setattr(case, name, data[name])

    def details(self, case: Connection, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return audit.details(case, data["changed"])
