"""Data that guides decisions is changed by one person and confirmed by another, from a moment on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.decisions import Decision, Inapplicable, ReasonForm
from staff.events import Detail, EventKind
from staff.looks import Tone
from staff.models import BusinessParameter, ParameterVersion, User
from staff.parameters import Parameter, parameter_of
from staff.proposals import CONFIRM_CHANGE

PROPOSE = "staff.propose_change"


class ChangeForm(ReasonForm):
    """The new value, from when, and why."""

    valid_from = forms.DateField(
        label=gettext_lazy("Holds from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: from the confirmation on. A day begins at midnight in China."),
    )

    #: The version that the person saw, so that a proposal which another overtook is not confirmed.
    over = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, parameter: Parameter[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameter = parameter
        asked = parameter.fields()
        self.fields.update(asked)
        self.order_fields([*asked, "valid_from", "reason"])

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if day and (day < clock.today() or day.year not in clock.PLAUSIBLE_YEARS):
            raise forms.ValidationError(_("A change holds from today or a later day on; what was decided stays."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        version = self.parameter.latest()
        if data.get("over") != (version.pk if version else None):
            raise forms.ValidationError(_("The value was changed since this was proposed; look at it again."))
        if not self.errors:
            data["value"] = self.parameter.given(data)
        return data


def still_to_come(case: BusinessParameter) -> list[str]:
    """What is confirmed for later, a sentence each: a change that holds from before it ends there."""
    parameter = parameter_of(case)
    if parameter is None:
        return []
    return [
        _("From %(moment)s on it is %(value)s, as confirmed already.")
        % {
            "moment": date_format(localtime(version.valid_from), "DATETIME_FORMAT"),
            "value": parameter.text(parameter.read(version.value)),
        }
        for version in parameter.to_come()
    ]


class ChangeParameter(Decision[BusinessParameter]):
    """One person proposes, another confirms; the value that stands may be confirmed too, unchanged."""

    name = "change"
    label = gettext_lazy("Change the value")
    permission = PROPOSE
    confirm_permission = CONFIRM_CHANGE
    model = BusinessParameter
    event = EventKind("parameter.changed", gettext_lazy("Business parameter changed"), "tune", Tone.GOOD)
    detail_names = {
        "before": Detail(gettext_lazy("before")),
        "after": Detail(gettext_lazy("after")),
        "holds_from": Detail(gettext_lazy("holds from")),
    }

    def obstacle(self, case: BusinessParameter, person: User) -> str | None:
        if parameter_of(case) is None:
            return Inapplicable(_("Nothing reads this parameter any more."))
        return None

    def consequence(self, case: BusinessParameter) -> str:
        text = _("Decisions follow the new value from then on; what was decided before keeps the value it used.")
        return " ".join([text, *still_to_come(case)])

    def initial(self, case: BusinessParameter) -> Mapping[str, Any]:
        parameter = parameter_of(case)
        if parameter is None:
            return {}
        version = parameter.latest()
        return {**parameter.shown(parameter.value()), "over": version.pk if version else None}

    def form(self, case: BusinessParameter, data: Any = None, files: Any = None) -> forms.BaseForm:
        parameter = parameter_of(case)
        if parameter is None:
            raise LookupError(f"No room offers the parameter {case.code}.")
        return ChangeForm(data, files, initial=dict(self.initial(case)), parameter=parameter)

    def perform(self, case: BusinessParameter, person: User, data: dict[str, Any]) -> None:
        parameter, now = parameter_of(case), clock.now()
        if parameter is None:
            raise LookupError(f"No room offers the parameter {case.code}.")
        data["before"] = str(parameter.text(parameter.value()))
        data["after"] = str(parameter.text(data["value"]))
        day = data.get("valid_from")
        data["from"] = max(now, clock.midnight(day)) if day else now
        data["version"] = ParameterVersion(
            parameter=case,
            value=parameter.stored(data["value"]),
            valid_from=data["from"],
            made_at=now,
            proposed_by=person,
            reason=data["reason"],
        )

    def details(self, case: BusinessParameter, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"before": data["before"], "after": data["after"], "holds_from": data["from"].isoformat()}

    def follow(self, case: BusinessParameter, person: User, data: dict[str, Any]) -> None:
        version: ParameterVersion = data["version"]
        version.confirmed_by = person
        version.save()
