"""Outstanding exposure (在保余额) at the end of a day: by maturity, nature and platform, and what is to be released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.book.figures import Sums, balances
from guarantees.models import Measure
from guarantees.reports import filters
from guarantees.reports.behind import behind
from guarantees.reports.narrowing import narrowed, notes
from protocol.models import Connection
from protocol.names import choices_of
from protocol.vocabulary import PurchaseNature
from staff.clock import shifted
from staff.desk.page import Text
from staff.desk.reports.cells import part
from staff.desk.reports.report import Asked, Report, Subject, Takes
from staff.desk.reports.table import Cell, Chart, Column, Row, Series, Shape, Table

#: Days until a letter's last day; the last step has no end.
STEPS = (30, 90, 180, 360)
MONTHS_AHEAD = 12


@dataclass(frozen=True)
class Step:
    """Letters whose last day lies from `first` to `last`, both included; None: without bound."""

    label: Text
    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


def ladder(at: date) -> list[Step]:
    """What is overdue and unreleased, then the steps by how many days are left after the day."""
    steps = [Step(_("overdue, not released"), None, at - timedelta(days=1))]
    begins = at
    for before, days in zip((0, *STEPS), STEPS, strict=False):
        ends = at + timedelta(days=days)
        steps.append(Step(days_text(before, days), begins, ends))
        begins = ends + timedelta(days=1)
    steps.append(Step(_("beyond %(days)d days") % {"days": STEPS[-1]}, begins, None))
    return steps


def days_text(before: int, last: int) -> str:
    """A step of days, which begins behind the one before."""
    if not before:
        return _("up to %(days)d days") % {"days": last}
    return _("%(first)d to %(last)d days") % {"first": before + 1, "last": last}


class Exposure(Report):
    """What may still have to be paid under letters that are in force, or expired and not released."""

    code = "exposure"
    label = gettext_lazy("Outstanding exposure")
    help = gettext_lazy("Balances of letters at the end of a day, by maturity, nature and platform.")
    subject = Subject.RISK
    takes = Takes.DAY
    filters = filters.ALL
    on_paper = True
    place = 30

    def tables(self, asked: Asked) -> Sequence[Table]:
        at, who = asked.span.last, narrowed(asked)
        by_day = balances(who, Measure.EXPOSURE, at, by=("matures_on",))
        return [
            maturity(asked, by_day),
            _by(asked, _("By nature"), "nature", {one: str(label) for one, label in choices_of(PurchaseNature)}),
            _by(asked, _("By platform"), "platform", dict(Connection.objects.values_list("pk", "name"))),
            _releases(asked, by_day),
        ]


def maturity(asked: Asked, by_day: dict[date, Sums]) -> Table:
    """The maturity ladder, by the last day of validity."""
    at = asked.span.last
    whole = sum(by_day.values(), Sums())
    steps = ladder(at)
    sums = [sum((one for day, one in by_day.items() if step.holds(day)), Sums()) for step in steps]
    rows = [
        Row([step.label, one.count, one.amount, part(one.fen, whole.fen)], url=_opening(asked, step))
        for step, one in zip(steps, sums, strict=True)
    ]
    chart = Chart(
        _("Exposure by maturity"),
        Shape.BARS,
        [step.label for step in steps],
        [Series(_("exposure"), [one.amount for one in sums])],
    )
    return Table(_("By maturity"), _columns(_("valid for")), rows, chart=chart, notes=notes(asked))


def _opening(asked: Asked, step: Step) -> str:
    bounds = {"matures_from": step.first, "matures_to": step.last}
    given: dict[str, Any] = {name: day for name, day in bounds.items() if day}
    return behind(asked, Measure.EXPOSURE, last=asked.span.last, **given)


def _columns(first: Text) -> list[Column]:
    return [
        Column(first),
        Column(_("letters"), Cell.COUNT, total=True),
        Column(_("exposure"), Cell.MONEY, total=True),
        Column(_("part of the whole"), Cell.SHARE, total=True),
    ]


def _by(asked: Asked, title: Text, dimension: str, names: dict[int | str, str]) -> Table:
    found = balances(narrowed(asked), Measure.EXPOSURE, asked.span.last, by=(dimension,))
    whole = sum(found.values(), Sums())
    ordered = sorted(found.items(), key=lambda one: -one[1].fen)
    rows = [
        Row(
            [names.get(value, value), one.count, one.amount, part(one.fen, whole.fen)],
            url=behind(asked, Measure.EXPOSURE, last=asked.span.last, **{dimension: value}),
        )
        for value, one in ordered
    ]
    return Table(title, _columns(title), rows)


def _releases(asked: Asked, by_day: dict[date, Sums]) -> Table:
    """What ends by itself in each of the months to come, as the letters say it."""
    return Table(
        _("Expected releases"),
        [
            Column(_("month"), Cell.CODE),
            Column(_("letters"), Cell.COUNT, total=True),
            Column(_("exposure"), Cell.MONEY, total=True),
        ],
        list(_months_ahead(asked, by_day)),
        notes=[_("By the last day that the letters print; cancellations and surrenders come earlier.")],
    )


def _months_ahead(asked: Asked, by_day: dict[date, Sums]) -> Iterator[Row]:
    at = asked.span.last
    for number in range(MONTHS_AHEAD):
        begins = shifted(at.replace(day=1), number)
        ends = shifted(begins, 1) - timedelta(days=1)
        step = Step(f"{begins:%Y-%m}", max(begins, at), ends)
        one = sum((sums for day, sums in by_day.items() if step.holds(day)), Sums())
        yield Row([step.label, one.count, one.amount], url=_opening(asked, step))
