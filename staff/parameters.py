"""Data that guides decisions (业务参数): what a room offers, and which value is in force at a moment.

A value is changed by a proposal that another person confirms (`staff.parameter_decisions`), from a moment on; every
version stays. Without one the default holds, and the desk shows that nobody has confirmed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django import forms
from django.conf import settings
from django.db.models import Q, TextChoices
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
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
    LETTERS = "letters", _("Guarantees")
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
        """The version in force, None where that is the default: for whoever keeps by what it decided. What an
        installation said before there was the parameter held before that, too."""
        moment = at or clock.now()
        if (held := _HELD.get()) is not None:
            return in_force(held.of(self.code), moment)
        return ParameterVersion.objects.filter(
            Q(valid_from__lte=moment) | Q(proposed_by=None), parameter__code=self.code
        ).first()

    def latest(self) -> ParameterVersion | None:
        """The version confirmed last, be it in force or to come."""
        return ParameterVersion.objects.filter(parameter__code=self.code).order_by("-pk").first()

    def to_come(self) -> list[ParameterVersion]:
        """What is confirmed for a later moment, the next first."""
        later = ParameterVersion.objects.filter(parameter__code=self.code, valid_from__gt=clock.now())
        return list(later.exclude(proposed_by=None).order_by("valid_from", "id"))

    def read(self, stored: Any) -> Value:
        value: Value = self.field().clean(stored)
        return value

    def stored(self, value: Value) -> Any:
        """As JSON keeps it."""
        shown = self.field().prepare_value(value)
        return str(shown) if isinstance(shown, Decimal) else shown

    def text(self, value: Value) -> Text:
        """As people read it."""
        return _("not set") if value is None else _text(self.field(), value)

    def fields(self) -> dict[str, forms.Field]:
        """What a change of it asks for, by the names in the form; `shown` fills them in, `given` reads them."""
        field = self.field()
        field.label, field.help_text = str(self.label), str(self.help)
        return {"value": field}

    def shown(self, value: Value) -> Mapping[str, Any]:
        return {"value": value}

    def given(self, data: Mapping[str, Any]) -> Value:
        """Raises ValidationError where the answers are no value together."""
        value: Value = data["value"]
        return value


@dataclass(frozen=True, kw_only=True)
class ParameterOfParts(Parameter[Value]):
    """A value of several parts, which change together: `made` is its class, whose attributes are called as the fields
    are. `made` raises ValidationError where the parts are no value together. None: nothing is set."""

    parts: Callable[[], Mapping[str, forms.Field]]
    made: Callable[..., Any]
    field: Callable[[], forms.Field] = forms.Field

    def read(self, stored: Any) -> Value:
        return self.given({name: field.clean(stored.get(name)) for name, field in self.parts().items()})

    def stored(self, value: Value) -> Any:
        return {name: str(part) for name, part in self.shown(value).items()}

    def text(self, value: Value) -> Text:
        if value is None:
            return _("not set")
        shown = self.shown(value)
        return " · ".join(f"{field.label} {_text(field, shown[name])}" for name, field in self.parts().items())

    def fields(self) -> dict[str, forms.Field]:
        return dict(self.parts())

    def shown(self, value: Value) -> Mapping[str, Any]:
        return {} if value is None else {name: getattr(value, name) for name in self.parts()}

    def given(self, data: Mapping[str, Any]) -> Value:
        value: Value = self.made(**{name: data[name] for name in self.parts()})
        return value


def _text(field: forms.Field, value: Any) -> Text:
    if isinstance(field, forms.ChoiceField):
        labels: dict[Any, Text] = dict(field.choices)  # type: ignore[arg-type]
        return labels.get(value, str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return f"{value:,.{getattr(field, 'decimal_places', None) or 0}f}"
    return str(value)


PARAMETERS: Offered[Parameter[Any]] = Offered("PARAMETERS", Parameter, known_by=lambda parameter: parameter.code)


def in_force(versions: Iterable[ParameterVersion], at: datetime) -> ParameterVersion | None:
    """That of all versions of a parameter, the latest first, which holds at a moment; None where the default does."""
    return next((one for one in versions if one.valid_from <= at or one.proposed_by_id is None), None)


class _Held:
    """Every version there is, read by one query when the first is asked for. Where it `stands`, nothing that happens
    within is seen: whoever began it works on the data of one moment. `above` is what it lies within."""

    def __init__(self, *, stands: bool, above: _Held | None) -> None:
        self.stands, self.above = stands, above
        self._versions: Mapping[str, list[ParameterVersion]] | None = None

    def of(self, code: str) -> Iterable[ParameterVersion]:
        """The versions of a parameter, the latest first."""
        if self._versions is None:
            versions: dict[str, list[ParameterVersion]] = {}
            for version in ParameterVersion.objects.select_related("parameter"):
                versions.setdefault(version.parameter.code, []).append(version)
            self._versions = versions
        return self._versions.get(code, ())

    def forget(self) -> None:
        """A version was added: it is read anew, here and above."""
        if not self.stands:
            self._versions = None
        if self.above:
            self.above.forget()


_HELD: ContextVar[_Held | None] = ContextVar("held", default=None)


@contextmanager
def _holding(held: _Held) -> Iterator[None]:
    token = _HELD.set(held)
    try:
        yield
    finally:
        _HELD.reset(token)


@contextmanager
def read_once() -> Iterator[None]:
    """Within it the versions are read once, by one query, as they were at its beginning: for lists, and for work on
    many cases that asks of each."""
    held = _Held(stands=True, above=_HELD.get())
    held.of("")
    with _holding(held):
        yield


@contextmanager
def read_together() -> Iterator[None]:
    """Within it the versions are read once too, when the first is asked for, and anew after a change within: for a
    request, and for a decision from its lock on, which so sees what was confirmed while it waited. Within `read_once`
    it changes nothing."""
    above = _HELD.get()
    if above is not None and above.stands:
        yield
        return
    with _holding(_Held(stands=False, above=above)):
        yield


@receiver(post_save, sender=ParameterVersion)
def _read_anew(**_: object) -> None:
    if held := _HELD.get():
        held.forget()


class ParametersMiddleware:
    """A request reads the parameters once, and none keeps them for the next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with read_together():
            return self.get_response(request)


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
