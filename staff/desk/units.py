"""What units mean for every list and page: who sees which rows, and whose each is where there is more than one unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staff.desk.export import Column
from staff.desk.filters import UnitFilter
from staff.desk.page import NOTHING
from staff.models import User
from staff.units import are_spoken_of, path_of, unit_of, units_of, within

if TYPE_CHECKING:
    from staff.desk.export import ExportAdmin as Base
else:
    Base = object


class OfUnits(Base):
    """Keeps a screen to what its reader may see; adds the unit to the list, its filters, its file and the page."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return within(super().get_queryset(request), cast("User", request.user))

    def get_list_display(self, request: HttpRequest) -> Any:
        shown, person = super().get_list_display(request), cast("User", request.user)
        return [*shown, self._list_column(person)] if self._tells_units(person) else shown

    def get_list_filter(self, request: HttpRequest) -> Any:
        shown = super().get_list_filter(request)
        return [*shown, UnitFilter] if request and self._tells_units(cast("User", request.user)) else shown

    def file_columns(self, person: User) -> list[Column]:
        shown = super().file_columns(person)
        return [*shown, Column(_("unit"), _named(person))] if self._tells_units(person) else shown

    def unit_name(self, record: Model, person: User) -> str:
        """Whose the record is; empty where nobody needs to be told."""
        return _named(person)(record) if self._tells_units(person) else ""

    def _tells_units(self, person: User) -> bool:
        return path_of(self.model) not in (None, "pk") and are_spoken_of(person)

    def _list_column(self, person: User) -> Callable[[Any], str]:
        named = _named(person)

        @admin.display(description=_("unit"), ordering=f"{path_of(self.model)}__lineage")
        def unit(record: Any) -> str:
            return named(record)

        return unit


def _named(person: User) -> Callable[[Any], str]:
    """The name of a record's unit, of those that the person was asked for once: a list needs no join for it."""
    names = {unit.pk: unit.name for unit in units_of(person)}
    return lambda record: names.get(unit_of(record) or 0, NOTHING)
