"""Data that guides decisions (业务参数): what a room offers, and which value is in force at a moment.

A value is changed by a proposal that another person confirms (`staff.parameter_decisions`), from a moment on; every
version stays. Without one the default holds, and the desk shows that nobody has confirmed it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django import forms
from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from staff import clock
from staff.duties import Profile
from staff.looks import Text
from staff.models import BusinessParameter, ParameterVersion, User
from staff.offered import Offered

Value = TypeVar("Value")


class ParameterGroup(TextChoices):
    """What stands together on the screen, in its order."""

    DUTIES = "duties", _("Duties")
    AUTHORITY = "authority", _("Authority")
    MONEY = "money", _("Money")
    CLOCKS = "clocks", _("Clocks and calendar")
    TELLING = "telling", _("Telling people")
    RETENTION = "retention", _("Retention")


@dataclass(frozen=True, kw_only=True)
class Parameter(Generic[Value]):
    """One piece of data. `field` makes the form field that asks for it and checks it; what the field gives back is the
    value, and as JSON it is what the field shows. `source` says where the default comes from; `first` gives what an
    installation said before there was this parameter, None where it said nothing."""

    code: str
    label: Text
    group: ParameterGroup
    field: Callable[[], forms.Field]
    default: Value
    source: Text
    help: Text = ""
    first: Callable[[], Value | None] = lambda: None

    def value(self, at: datetime | None = None) -> Value:
        """What holds at a moment, by default now."""
        version = self.version(at)
        return self.default if version is None else self.read(version.value)

    def version(self, at: datetime | None = None) -> ParameterVersion | None:
        """The version in force, None where that is the default: for whoever keeps by what it decided."""
        moment = at or clock.now()
        return ParameterVersion.objects.filter(parameter__code=self.code, valid_from__lte=moment).first()

    def latest(self) -> ParameterVersion | None:
        """The version confirmed last, be it in force or to come."""
        return ParameterVersion.objects.filter(parameter__code=self.code).order_by("-pk").first()

    def read(self, stored: Any) -> Value:
        value: Value = self.field().clean(stored)
        return value

    def stored(self, value: Value) -> Any:
        """As JSON keeps it."""
        shown = self.field().prepare_value(value)
        return str(shown) if isinstance(shown, Decimal) else shown

    def text(self, value: Value) -> Text:
        """As people read it."""
        field = self.field()
        if isinstance(field, forms.ChoiceField):
            labels: dict[Any, Text] = dict(field.choices)  # type: ignore[arg-type]
            return labels.get(value, str(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return f"{value:,.2f}" if isinstance(value, Decimal) else str(value)


PARAMETERS: Offered[Parameter[Any]] = Offered("PARAMETERS", Parameter, known_by=lambda parameter: parameter.code)


def parameter_of(row: BusinessParameter) -> Parameter[Any] | None:
    """What a row stands for; None where no room offers it any more."""
    return next((parameter for parameter in PARAMETERS if parameter.code == row.code), None)


def make_rows(using: str) -> None:
    """A row for each parameter that is offered, and its first version where the installation had said it otherwise."""
    for parameter in PARAMETERS:
        row, new = BusinessParameter.objects.using(using).get_or_create(code=parameter.code)
        if new and (value := parameter.first()) is not None:
            now = clock.now()
            ParameterVersion.objects.using(using).create(
                parameter=row, value=parameter.stored(value), valid_from=now, made_at=now
            )


def _former_profile() -> str | None:
    """An installation from before there was the choice goes on as it was: SEPARATE_DUTIES, true unless it was given."""
    if settings.SEPARATE_DUTIES is None:
        return Profile.FULL if User.objects.exists() else None
    return Profile.FULL if settings.SEPARATE_DUTIES else Profile.SMALL


PROFILE: Parameter[str] = Parameter(
    code="duties.profile",
    label=_("How duties are parted"),
    group=ParameterGroup.DUTIES,
    field=lambda: forms.ChoiceField(choices=Profile.choices),
    default=Profile.SMALL,
    source=_("Our proposal for fewer than ten people; from ten on choose the other."),
    help=_(
        "Which duties are never one person's on one case. Whatever moves money or protection takes two people in both."
    ),
    first=_former_profile,
)
