"""Reading the book: balances at a day, and what moved in a period, by whatever lines are told apart.

Sums are whole fen, so that every database adds them up exactly; `yuan` makes CNY of them. Only what is the person's
unit's is read. Lines of parties that were merged count for the party they turned out to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Substr, TruncMonth

from guarantees.book.kinds import MovementKind
from guarantees.book.posting import yuan
from guarantees.models import BookState, DailyTotal, Measure, Movement, Order
from staff.desk.reports.period import Period
from staff.models import User
from staff.units import within

#: By what lines can be told apart beside their own columns.
DERIVED: Mapping[str, Any] = {
    "month": TruncMonth("counts_on"),
    "province": Substr("region", 1, 2),
    "applicant": Coalesce("applicant__merged_into", "applicant"),
    "purchaser": Coalesce("purchaser__merged_into", "purchaser"),
}
#: What the totals of days keep; whoever asks for more reads the lines.
IN_TOTALS = frozenset({"counts_on", "measure", "kind", "unit", "platform", "nature", "letter_kind", "month"})


@dataclass(frozen=True)
class Sums:
    """How much and how many."""

    fen: int = 0
    count: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.fen + other.fen, self.count + other.count)

    @property
    def amount(self) -> Decimal:
        """CNY."""
        return yuan(self.fen)


@dataclass(frozen=True)
class Narrowed:
    """Whose lines are read, and which of them: `filters` are those of reports by their names."""

    person: User
    filters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def condition(self) -> Q:
        """The filters as a condition on lines and totals."""
        found = Q()
        for name, value in self.filters.items():
            if name in ("applicant", "purchaser"):
                found &= Q(**{f"{name}__in": value}) | Q(**{f"{name}__merged_into__in": value})
            elif name == "region":
                found &= Q(region__startswith=value)
            elif name == "unit":
                found &= Q(unit__in=value)
            else:
                found &= Q(**{name: value})
        return found

    @property
    def names(self) -> set[str]:
        return set(self.filters)


def balances(narrowed: Narrowed, measure: Measure, at: date, by: Sequence[str] = ()) -> dict[Any, Sums]:
    """What stands at the end of that day (China's), for each value of what it is told apart by: of one a value, of
    several a tuple, of none the key None. What is nothing is left out."""
    return summed(narrowed, Q(measure=measure, counts_on__lte=at), by)


def balance(narrowed: Narrowed, measure: Measure, at: date) -> Sums:
    return balances(narrowed, measure, at).get(None, Sums())


def flows(
    narrowed: Narrowed,
    measure: Measure,
    period: Period,
    kinds: Iterable[MovementKind] = (),
    by: Sequence[str] = (),
) -> dict[Any, Sums]:
    """What moved in the period, of those kinds or of all; keys as of `balances`."""
    condition = Q(measure=measure, counts_on__range=(period.first, period.last))
    if codes := [kind.code for kind in kinds]:
        condition &= Q(kind__in=codes)
    return summed(narrowed, condition, by)


def flow(narrowed: Narrowed, measure: Measure, period: Period, kinds: Iterable[MovementKind] = ()) -> Sums:
    return flows(narrowed, measure, period, kinds).get(None, Sums())


def summed(narrowed: Narrowed, condition: Q, by: Sequence[str] = ()) -> dict[Any, Sums]:
    """The sums of all lines that the condition leaves: of the totals of days and the lines behind them, where those
    know what is asked for; else of all lines."""
    asked = narrowed.condition & condition
    if not narrowed.names | set(by) <= IN_TOTALS:
        found = _grouped(within(Movement.objects.all(), narrowed.person), asked, by)
    else:
        found, mark = {}, -1
        # Somebody may add up in between: what was a line behind the mark would be in the totals as well.
        while mark != (mark := _mark()):
            found = _grouped(within(DailyTotal.objects.all(), narrowed.person), asked, by)
            behind = within(Movement.objects.filter(pk__gt=mark), narrowed.person)
            for key, sums in _grouped(behind, asked, by).items():
                found[key] = found.get(key, Sums()) + sums
    return {key: sums for key, sums in found.items() if sums != Sums()}


def _mark() -> int:
    """The last line that is in the totals of days."""
    return BookState.objects.values_list("totalled", flat=True).first() or 0


def _grouped(rows: QuerySet[Any], condition: Q, by: Sequence[str]) -> dict[Any, Sums]:
    # "how_many", since a column is called count.
    named = {f"by_{place}": DERIVED.get(name, F(name)) for place, name in enumerate(by)}
    grouped = rows.filter(condition).order_by().annotate(**(named or {"by_0": Value(0)})).values(*(named or ["by_0"]))
    found = {}
    for row in grouped.annotate(sum_fen=Sum("fen"), how_many=Sum("count")):
        key = tuple(row[name] for name in named)
        found[key if len(key) > 1 else key[0] if key else None] = Sums(row["sum_fen"] or 0, row["how_many"] or 0)
    return found


def lines_of(narrowed: Narrowed, condition: Q) -> QuerySet[Movement]:
    """The lines behind a figure."""
    return within(Movement.objects.filter(narrowed.condition & condition), narrowed.person)


def not_in_book() -> int:
    """How many orders are not in the book yet: as far the figures are incomplete."""
    return Order.objects.filter(in_book=False).count()
