"""Filters for lists: a range of days, a range of amounts, a choice of our own. Native inputs, no script.

The ranges are not those of `unfold.contrib.filters`: of instants theirs leave out the last day but its midnight, an end
that cannot be read takes the other away with it, and their days come with a calendar script. Only the reading of two
parameters would be left of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, cast

from django.contrib.admin import ChoicesFieldListFilter, FieldListFilter, SimpleListFilter
from django.db.models import DateTimeField, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff import clock
from staff.desk.page import Text
from staff.models import User
from staff.models.unit import HEAD_OFFICE
from staff.units import path_of, units_of, within
from staff.word_lists import WordList


class RangeFilter(FieldListFilter):
    """From … to …, both included; what cannot be read is left out and the field is marked."""

    template = "desk/filters/range.html"
    input_type: ClassVar[str]
    step: ClassVar[str] = ""

    def expected_parameters(self) -> list[str | None]:
        return [f"{self.field_path}_from", f"{self.field_path}_to"]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for name, label in ((f"{self.field_path}_from", _("from")), (f"{self.field_path}_to", _("to"))):
            given = self._given(name)
            yield {
                "name": name,
                "label": label,
                "value": given,
                "wrong": bool(given) and self.read(given) is None,
                "type": self.input_type,
                "step": self.step,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        first = self.read(self._given(f"{self.field_path}_from"))
        last = self.read(self._given(f"{self.field_path}_to"))
        if first is not None:
            queryset = queryset.filter(**{f"{self.field_path}__gte": self.begin(first)})
        if last is not None:
            queryset = queryset.filter(**{f"{self.field_path}__lte": self.end(last)})
        return queryset

    def _given(self, name: str) -> str:
        value: Any = self.used_parameters.get(name, "")
        return str(value[0] if isinstance(value, list) and value else value or "").strip()

    def read(self, given: str) -> Any:
        raise NotImplementedError

    def begin(self, value: Any) -> Any:
        return value

    def end(self, value: Any) -> Any:
        return value


class DayRange(RangeFilter):
    """Days in China; works on dates and on instants."""

    input_type = "date"

    def read(self, given: str) -> date | None:
        try:
            day = date.fromisoformat(given)
        except ValueError:
            return None
        return day if day.year in clock.PLAUSIBLE_YEARS else None

    def begin(self, value: date) -> date | datetime:
        return self._instant(value, time.min)

    def end(self, value: date) -> date | datetime:
        return self._instant(value, time.max)

    def _instant(self, value: date, at: time) -> date | datetime:
        if isinstance(self.field, DateTimeField):
            return timezone.make_aware(datetime.combine(value, at))
        return value


class AmountRange(RangeFilter):
    """Amounts in CNY."""

    input_type = "number"
    step = "0.01"

    def read(self, given: str) -> Decimal | None:
        try:
            amount = Decimal(given.replace(",", ""))
        except InvalidOperation:
            return None
        if not amount.is_finite() or not (amount == 0 or -2 <= amount.adjusted() < 18):
            return None
        return amount


class ChoiceFilter(SimpleListFilter):
    """Leaves the rows that a queryset's method finds: value → what it is called, and what it leaves of a queryset.

    What counts the same rows elsewhere (`staff.desk.home.Counter`) names the filter and the value.
    """

    choices_of_rows: ClassVar[Mapping[str, tuple[Text, Callable[[Any], QuerySet[Any]]]]]

    @classmethod
    def chosen(cls, value: str, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What the value leaves; all where there is no such value."""
        choice = cls.choices_of_rows.get(value)
        return choice[1](queryset) if choice else queryset

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(value, label) for value, (label, _rows) in self.choices_of_rows.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.chosen(self.value() or "", queryset)


def by_reason(*lists: WordList) -> type[SimpleListFilter]:
    """A filter by the reason that was chosen of the lists, be it retired since."""

    class Reason(SimpleListFilter):
        title = _("reason chosen")
        parameter_name = "chosen_reason"

        def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
            return [(word.code, f"{word.code} {word.text}") for listed in lists for word in listed.all_words()]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(reason_code=self.value()) if self.value() else queryset

    return Reason


def once_called(names: Mapping[str, str]) -> type[ChoicesFieldListFilter]:
    """A filter of a column's choices for which an address may still name a choice as it was stored before: `names`
    says what each is now, so that bookmarked lists go on."""

    class OnceCalled(ChoicesFieldListFilter):
        def __init__(
            self, field: Any, request: HttpRequest, params: Any, model: Any, admin: Any, field_path: str
        ) -> None:
            for lookup in (f"{field_path}__exact", f"{field_path}__in"):
                if lookup in params:
                    params[lookup] = [names.get(value, value) for value in params[lookup]]
            super().__init__(field, request, params, model, admin, field_path)

    return OnceCalled


class OnlyOf(FieldListFilter):
    """Leaves the rows that belong to one case. It is offered by no list of choices: a link from the case sets it, and
    only then it stands among the filters, to be taken off."""

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: type[Model], model_admin: Any, field_path: str
    ) -> None:
        self.lookup_kwarg = f"{field_path}__id__exact"
        super().__init__(field, request, params, model, model_admin, field_path)
        self.case_model: type[Model] = field.related_model
        self.title = str(self.case_model._meta.verbose_name)
        #: Under this name the theme's template looks for what is chosen.
        self.lookup_val: Any = self.used_parameters.get(self.lookup_kwarg)
        self.cases = within(self.case_model._default_manager.all(), cast("User", request.user))
        self.named = request.user.has_perm(f"{self.case_model._meta.app_label}.view_{self.case_model._meta.model_name}")

    def expected_parameters(self) -> list[str | None]:
        return [self.lookup_kwarg]

    def has_output(self) -> bool:
        return self.lookup_val is not None

    def choices(self, changelist: Any) -> Iterator[Any]:
        one = self.cases.filter(pk=self.lookup_val[-1]).first() if self.named else None
        without = changelist.get_query_string(remove=[self.lookup_kwarg])
        yield {"selected": False, "query_string": without, "display": _("All")}
        yield {"selected": True, "query_string": changelist.get_query_string(), "display": str(one or "—")}


class UnitFilter(SimpleListFilter):
    """A unit and those below it."""

    title = _("unit")
    parameter_name = "of_unit"

    def __init__(self, request: HttpRequest, params: Any, model: type[Model], model_admin: Any) -> None:
        self.units = {str(unit.pk): unit for unit in units_of(cast("User", request.user))}
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(pk, unit.indented) for pk, unit in self.units.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        chosen = self.units.get(self.value() or "")
        if chosen is None or chosen.pk == HEAD_OFFICE:
            return queryset
        below = [unit.pk for unit in self.units.values() if unit.lineage.startswith(chosen.lineage)]
        return queryset.filter(**{f"{path_of(queryset.model)}__in": below})
