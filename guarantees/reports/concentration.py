"""Concentration: to whom most of the exposure at the end of a day belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.book.figures import Sums, balances
from guarantees.models import Measure, Party
from guarantees.reports import filters
from guarantees.reports.behind import behind
from guarantees.reports.narrowing import narrowed, notes
from guarantees.reports.provinces import province
from staff.desk.page import Text
from staff.desk.reports.cells import part
from staff.desk.reports.report import Asked, Report, Subject, Takes
from staff.desk.reports.table import Cell, Chart, Column, Row, Series, Shape, Table

#: So many of the largest are named; the others are one row.
LARGEST = 20
DRAWN = 10


class Concentration(Report):
    """Applicants, purchasers and places of registration, the largest first."""

    code = "concentration"
    label = gettext_lazy("Concentration")
    help = gettext_lazy("The largest applicants, purchasers and places of registration, with their share.")
    subject = Subject.RISK
    takes = Takes.DAY
    filters = filters.ALL
    place = 40

    def tables(self, asked: Asked) -> Sequence[Table]:
        return [
            _ranked(asked, _("Largest applicants"), "applicant"),
            _ranked(asked, _("Largest purchasers"), "purchaser"),
            _ranked(asked, _("Places of registration"), "province"),
        ]


def _ranked(asked: Asked, title: Text, dimension: str) -> Table:
    found = balances(narrowed(asked), Measure.EXPOSURE, asked.span.last, by=(dimension,))
    whole = sum(found.values(), Sums()).fen
    ordered = sorted(found.items(), key=lambda one: -one[1].fen)
    named = _names(dimension, [key for key, _sums in ordered[:LARGEST]])
    rows, cumulated = [], 0
    for place, (key, sums) in enumerate(ordered[:LARGEST], start=1):
        cumulated += sums.fen
        figures = [sums.count, sums.amount, part(sums.fen, whole), part(cumulated, whole)]
        rows.append(Row([place, named[key], *figures], url=_opening(asked, dimension, key)))
    if rest := ordered[LARGEST:]:
        sums = sum((one for _key, one in rest), Sums())
        rows.append(
            Row(
                [
                    None,
                    _("%(number)d others") % {"number": len(rest)},
                    sums.count,
                    sums.amount,
                    part(sums.fen, whole),
                    None,
                ]
            )
        )
    columns = [
        Column(_("place"), Cell.COUNT),
        Column(title),
        Column(_("letters"), Cell.COUNT, total=True),
        Column(_("exposure"), Cell.MONEY, total=True),
        Column(_("part of the whole"), Cell.SHARE, total=True),
        Column(_("cumulated"), Cell.SHARE),
    ]
    drawn = ordered[:DRAWN]
    chart = Chart(
        title,
        Shape.RANKED,
        [named[key] for key, _sums in drawn],
        [Series(_("exposure"), [one.amount for _key, one in drawn])],
    )
    return Table(title, columns, rows, chart=chart if drawn else None, notes=notes(asked))


def _names(dimension: str, keys: list[Any]) -> Mapping[Any, Text]:
    if dimension == "province":
        return {key: province(key) for key in keys}
    return dict(Party.objects.filter(pk__in=keys).values_list("pk", "name"))


def _opening(asked: Asked, dimension: str, key: Any) -> str:
    if dimension == "province":
        return behind(asked, Measure.EXPOSURE, last=asked.span.last, region=key) if key else ""
    code = Party.objects.values_list("code", flat=True).get(pk=key)
    of_party: dict[str, Any] = {dimension: code}
    return behind(asked, Measure.EXPOSURE, last=asked.span.last, **of_party)
