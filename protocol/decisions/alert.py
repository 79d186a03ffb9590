"""An alert is dealt with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol.models import Alert
from staff import clock
from staff.decisions import Decision, Inapplicable
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User


class NoteForm(forms.Form):
    """Asks what was done."""

    note = forms.CharField(
        label=gettext_lazy("What was done"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )


class SettleAlert(Decision[Alert]):
    name = "settle"
    label = gettext_lazy("Dealt with")
    permission = "protocol.settle_alert"
    model = Alert
    form_class = NoteForm
    event = EventKind("alert.settled", gettext_lazy("Dealt with"), "task_alt", Tone.GOOD)

    def obstacle(self, case: Alert, person: User) -> str | None:
        if case.seen_at is None:
            return None
        return Inapplicable(_("%(person)s has dealt with this already.") % {"person": case.seen_by})

    def perform(self, case: Alert, person: User, data: dict[str, Any]) -> None:
        case.seen_by, case.seen_at, case.note = person, clock.now(), data["note"]

    def reason(self, case: Alert, data: Mapping[str, Any]) -> str:
        return str(data["note"])
