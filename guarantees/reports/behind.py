"""The cases behind a figure: what of a measure each order has, or moved in a period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Max, Q, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.book.figures import lines_of
from guarantees.book.kinds import MovementKind, kind_labels
from guarantees.book.posting import yuan
from guarantees.models import Measure
from guarantees.reports import filters
from guarantees.reports.narrowing import narrowed, notes
from staff import clock
from staff.desk.form_fields import DayField
from staff.desk.reports.filters import Filter
from staff.desk.reports.period import Named
from staff.desk.reports.report import Asked, Report, Subject
from staff.desk.reports.table import Cell, Column, Row, Table
from staff.models import User

#: Before the first day of any book.
EVER = date(clock.PLAUSIBLE_YEARS[0], 1, 1)
CODE = "cases"


def _measures(person: User) -> forms.Field:
    return forms.ChoiceField(choices=[("", "—"), *Measure.choices])


def _kinds(person: User) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=list(kind_labels().items()), widget=forms.SelectMultiple(attrs={"size": 4})
    )


def _kind_names(codes: Iterable[str]) -> str:
    known = kind_labels()
    return "、".join(str(known.get(code, code)) for code in codes)


class CasesBehind(Report):
    """Each application with what its lines come to; one whose lines come to nothing is left out."""

    code = CODE
    label = gettext_lazy("Cases behind a figure")
    help = gettext_lazy("Every order with what it has of a measure; figures of other reports lead here.")
    subject = Subject.BUSINESS
    filters = (
        Filter("measure", gettext_lazy("Measure"), _measures, lambda value: Measure(value).label),
        Filter("kind", gettext_lazy("Business events"), _kinds, _kind_names),
        Filter(
            "matures_from",
            gettext_lazy("Valid until, from"),
            lambda person: DayField(),
        ),
        Filter(
            "matures_to",
            gettext_lazy("Valid until, to"),
            lambda person: DayField(),
        ),
        *filters.ALL,
        filters.OFFICER,
    )
    is_long = True
    place = 90

    def tables(self, asked: Asked) -> Sequence[Table]:
        measure = Measure(asked.filters.get("measure", Measure.EXPOSURE))
        condition = Q(measure=measure, counts_on__range=(asked.span.first, asked.span.last))
        if codes := asked.filters.get("kind"):
            condition &= Q(kind__in=codes)
        if day := asked.filters.get("matures_from"):
            condition &= Q(matures_on__gte=day)
        if day := asked.filters.get("matures_to"):
            condition &= Q(matures_on__lte=day)
        columns = [
            Column(_("order number"), Cell.CODE),
            Column(_("guarantee number"), Cell.CODE),
            Column(_("applicant"), Cell.TEXT),
            Column(_("beneficiary"), Cell.TEXT),
            Column(measure.label, Cell.MONEY, total=True),
            Column(_("how many"), Cell.COUNT, total=True),
            Column(_("last moved on"), Cell.DAY),
        ]
        return [Table(measure.label, columns, _rows(asked, condition), notes=notes(asked))]


def _rows(asked: Asked, condition: Q) -> Iterator[Row]:
    lines = lines_of(narrowed(asked, without=("measure", "kind", "matures_from", "matures_to")), condition)
    named = ("order__number", "application__applicant_name", "application__beneficiary_name")
    grouped = (
        lines.order_by()
        .values("application", *named)
        .annotate(sum_fen=Sum("fen"), how_many=Sum("count"), last=Max("counts_on"), letter=Max("guarantee__number"))
        .filter(~Q(sum_fen=0) | ~Q(how_many=0))
        .order_by("-sum_fen", "application")
    )
    for row in grouped.iterator(2000):
        values = [row[named[0]], row["letter"], row[named[1]], row[named[2]]]
        yield Row(
            [*values, yuan(row["sum_fen"]), row["how_many"], row["last"]],
            url=reverse("admin:guarantees_application_change", args=[row["application"]]),
        )


def behind(
    asked: Asked,
    measure: Measure,
    *,
    first: date = EVER,
    last: date,
    kinds: Iterable[MovementKind] = (),
    **more: Any,
) -> str:
    """The address of the cases that a figure is made of, with all that the report was narrowed by."""
    query = QueryDict(asked.query, mutable=True)
    for name in ("period", "day", "page"):
        query.pop(name, None)
    query.update({"period": Named.FREE, "first": first.isoformat(), "last": last.isoformat(), "measure": measure})
    query.setlist("kind", [kind.code for kind in kinds])
    for name, value in more.items():
        query[name] = value.isoformat() if isinstance(value, date) else str(value)
    known = {"period", "first", "last", "scale", *(one.name for one in CasesBehind.filters)}
    for name in set(query) - known:
        del query[name]
    return f"{reverse('admin:report', args=[CODE])}?{query.urlencode()}"
