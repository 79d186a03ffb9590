"""Whose case it is: a person sees, decides, exports and is told of what belongs to their unit and those below it.

A model on the desk says once, as `unit_path`, which fields lead from it to its unit ("order__unit"), or None where it
belongs to no unit. What points at no case and yet names one is offered as a Naming. Nothing is asked for whoever sees
every unit, so for nobody while the head office is alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from staff.looks import Text
from staff.models import Unit, User
from staff.models.unit import HEAD_OFFICE
from staff.offered import Offered

if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[Unit]
else:
    ModelChoiceField = forms.ModelChoiceField

Row = TypeVar("Row", bound=Model)
SEE_ALL = "staff.see_every_unit"


@dataclass(frozen=True)
class Held:
    """Something that units have, as the tree counts it: `rows` of one model. A unit that has any is not closed."""

    label: Text
    rows: Callable[[], QuerySet[Any]]

    def numbers(self) -> dict[int, int]:
        """How many each unit has of its own."""
        rows = self.rows()
        return dict(rows.order_by().values_list(path_of(rows.model) or "pk").annotate(number=Count("pk")))


HELD: Offered[Held] = Offered("HELD", Held, known_by=lambda held: str(held.label))


@dataclass(frozen=True)
class Naming:
    """Rows of `model` that point at no case and name one of `case`: they are seen by whoever sees that case. One that
    names nothing of ours belongs to no unit.

    `named_by` says of columns of the case what of the row they equal: a column, or an expression of columns.
    """

    model: type[Model]
    case: type[Model]
    named_by: Mapping[str, str | Combinable]

    def leave(self, rows: QuerySet[Row], units: Iterable[int]) -> QuerySet[Row]:
        """The rows that name no case of other units."""
        same: dict[str, OuterRef] = {}
        for column, by in self.named_by.items():
            if not isinstance(by, str):
                name = f"named_{self.case._meta.model_name}_{column}"
                rows, by = rows.alias(**{name: by}), name
            same[column] = OuterRef(by)
        theirs = ~Q(**{f"{path_of(self.case)}__in": units})
        return rows.filter(~Exists(self.case._default_manager.filter(theirs, **same).order_by()))


NAMINGS: Offered[Naming] = Offered(
    "NAMINGS", Naming, known_by=lambda naming: f"{naming.model._meta.label} {naming.case._meta.label}"
)


def path_of(model: type[Model]) -> str | None:
    """From a model on the desk to its unit, as a query path; None where it belongs to no unit."""
    path: str | None = model.unit_path  # type: ignore[attr-defined]
    return path


def sees_every_unit(person: User) -> bool:
    """Whether the person's roles say so, or their unit is the one above every other."""
    return person.unit_id == HEAD_OFFICE or person.has_perm(SEE_ALL)


def units_of(person: User) -> list[Unit]:
    """The units whose cases the person sees, in the tree's order, asked for once in a request."""
    known: list[Unit] | None = getattr(person, "_units", None)
    if known is None:
        known = list(Unit.objects.all() if sees_every_unit(person) else Unit.objects.from_here(person.unit))
        person._units = known  # type: ignore[attr-defined]
    return known


def are_spoken_of(person: User) -> bool:
    """Whether units mean anything to this person: while the head office is alone there is nothing to tell."""
    return [unit.pk for unit in units_of(person)] != [HEAD_OFFICE]


def within(rows: QuerySet[Row], person: User) -> QuerySet[Row]:
    """Those of the rows that are this person's to see."""
    if sees_every_unit(person):
        return rows
    units = [unit.pk for unit in units_of(person)]
    if path := path_of(rows.model):
        rows = rows.filter(**{f"{path}__in": units})
    for naming in NAMINGS:
        if issubclass(rows.model, naming.model):
            rows = naming.leave(rows, units)
    return rows


def covers(person: User, record: Model) -> bool:
    """Whether a stored record is this person's to see, and so to decide on."""
    if sees_every_unit(person):
        return True
    return within(type(record)._default_manager.filter(pk=record.pk), person).exists()


def unit_of(record: Model) -> int | None:
    """The primary key of the unit that a record belongs to."""
    *parents, last = (path_of(type(record)) or "").split("__")
    found: Any = record
    for parent in parents:
        if found is not None:
            found = getattr(found, parent)
    return getattr(found, f"{last}_id", None) if found is not None and last else None


def name_of(code: str) -> str:
    """What a unit is called whose code the trail or a request gives; the code where there is none."""
    return Unit.objects.filter(code=code).values_list("name", flat=True).first() or code


class UnitField(ModelChoiceField):
    """One of the units that are not closed, as the tree has them; their codes are its values."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Unit.objects.filter(active=True), to_field_name="code", **kwargs)

    def label_from_instance(self, obj: Unit) -> str:
        return obj.indented
