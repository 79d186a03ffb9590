"""Premiums that are open at the end of a day: due, received without a letter, on account, in suspense, to refund."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.book.figures import Sums, lines_of
from guarantees.models import Measure
from guarantees.reports import filters
from guarantees.reports.behind import behind
from guarantees.reports.exposure import days_text
from guarantees.reports.narrowing import narrowed, notes
from staff.desk.page import Text
from staff.desk.reports.report import Asked, Report, Subject, Takes
from staff.desk.reports.table import Cell, Column, Row, Table

#: Days since it last moved.
AGES = (7, 30, 90)


@dataclass(frozen=True)
class Open:
    """What one application has of a measure, in fen, and since when it stands so."""

    fen: int
    since: date


class Premiums(Report):
    """By how long it stands open: from the day on which the measure of the case last moved."""

    code = "premiums"
    label = gettext_lazy("Open premiums and refunds")
    help = gettext_lazy("Due and unpaid, paid and not issued, on account, in suspense and to refund, with their ages.")
    subject = Subject.MONEY
    takes = Takes.DAY
    filters = filters.ALL
    place = 50

    def tables(self, asked: Asked) -> Sequence[Table]:
        due, reserved = _open(asked, Measure.PREMIUM_DUE), _open(asked, Measure.RESERVED)
        unissued = {case: one for case, one in reserved.items() if case not in due}
        rows = [
            _row(asked, _("approved and unpaid (premium)"), Measure.PREMIUM_DUE, due),
            _row(asked, _("settled and not issued (guaranteed amount)"), Measure.RESERVED, unissued),
            *(
                _row(asked, measure.label, measure, _open(asked, measure))
                for measure in (Measure.ON_ACCOUNT, Measure.SUSPENSE, Measure.REFUND)
            ),
        ]
        columns = [
            Column(_("what is open")),
            Column(_("orders"), Cell.COUNT),
            Column(_("amount"), Cell.MONEY),
            *(Column(days_text(before, days), Cell.MONEY) for before, days in zip((0, *AGES), AGES, strict=False)),
            Column(_("longer"), Cell.MONEY),
            Column(_("oldest, days"), Cell.DAYS),
        ]
        return [Table(self.label, columns, rows, notes=notes(asked))]


def _open(asked: Asked, measure: Measure) -> Mapping[int, Open]:
    lines = lines_of(narrowed(asked), Q(measure=measure, counts_on__lte=asked.span.last)).order_by()
    grouped = lines.values("application").annotate(now=Sum("fen"), since=Max("counts_on")).filter(~Q(now=0))
    return {row["application"]: Open(row["now"], row["since"]) for row in grouped}


def _row(asked: Asked, label: Text, measure: Measure, found: Mapping[int, Open]) -> Row:
    at = asked.span.last
    bounds = [at - timedelta(days=days) for days in AGES]
    parts, newer = [], at + timedelta(days=1)
    for bound in [*bounds, date.min]:
        parts.append(Sums(sum(one.fen for one in found.values() if bound <= one.since < newer)).amount)
        newer = bound
    oldest = max(((at - one.since).days for one in found.values()), default=None)
    whole = Sums(sum(one.fen for one in found.values())).amount
    return Row([label, len(found), whole, *parts, oldest], url=behind(asked, measure, last=at) if found else "")
