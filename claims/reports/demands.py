"""Demands: received, paid, refused and open, what of the business is lost to them, and how long they took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import book, deadline
from claims.models import Demand
from guarantees.book import kinds
from guarantees.book.figures import Sums, balance, flow
from guarantees.models import Measure
from guarantees.reports import filters
from guarantees.reports.behind import behind
from guarantees.reports.narrowing import narrowed, notes
from staff import calendar, clock
from staff.desk.reports.cells import part
from staff.desk.reports.period import Period
from staff.desk.reports.report import Asked, Report, Subject
from staff.desk.reports.table import Cell, Column, Row, Table
from staff.units import within


class DemandsReport(Report):
    code = "demands"
    label = gettext_lazy("Demands and loss ratio")
    help = gettext_lazy("Demands received, paid, refused and open, with amounts, and the days that they took.")
    subject = Subject.RISK
    permission = "claims.view_demand"
    filters = filters.ALL
    compares = False
    on_paper = True
    place = 45

    def tables(self, asked: Asked) -> Sequence[Table]:
        return [_summary(asked), _each(asked)]


def _summary(asked: Asked) -> Table:
    """This period beside the one before and the same last year."""
    periods = (asked.span, asked.span.before(), asked.span.same_last_year())
    columns = [
        Column(_("demands")),
        *(
            column
            for heading in (_("this period"), _("the period before"), _("last year"))
            for column in (
                Column(_("%(period)s, number") % {"period": heading}, Cell.COUNT),
                Column(_("%(period)s, amount") % {"period": heading}, Cell.MONEY),
            )
        ),
    ]
    who = narrowed(asked)
    demanded, paid = Measure.DEMANDED, Measure.PAID
    lines = (
        (_("received"), demanded, (book.RECEIVED,), 1),
        (_("decided: paid"), demanded, (book.DECIDED_PAID,), -1),
        (_("decided: refused"), demanded, (book.REFUSED,), -1),
        (_("closed as duplicates"), demanded, (book.CLOSED,), -1),
        (_("money paid on demands"), paid, (book.PAYMENT, book.BOUNCED), 1),
    )
    rows = [
        Row(
            [label, *_pairs([_signed(flow(who, measure, period, of), sign) for period in periods])],
            url=behind(asked, measure, first=asked.span.first, last=asked.span.last, kinds=of),
        )
        for label, measure, of, sign in lines
    ]
    rows.append(
        Row(
            [_("open at the end"), *_pairs([balance(who, demanded, period.last) for period in periods])],
            url=behind(asked, demanded, last=asked.span.last),
        )
    )
    return Table(
        _("Demands and loss ratio"),
        columns,
        rows,
        notes=[*(_ratio(asked, period) for period in periods[:1]), *notes(asked)],
    )


def _ratio(asked: Asked, period: Period) -> str:
    """代偿率: paid on demands by what was released in the same time."""
    who = narrowed(asked)
    paid = flow(who, Measure.PAID, period, (book.PAYMENT, book.BOUNCED)).fen
    released = -flow(who, Measure.EXPOSURE, period, kinds.ENDS).fen + paid
    lost = part(paid, released)
    text = "—" if lost is None else f"{lost * 100:.2f} %"
    return _(
        "Loss ratio %(ratio)s: what was paid on demands, by what ended in the period (balances released and paid)."
    ) % {"ratio": text}


def _signed(sums: Sums, sign: int) -> Sums:
    return Sums(sums.fen * sign, sums.count * sign)


def _pairs(sums: Sequence[Sums]) -> Iterator[int | Decimal]:
    for one in sums:
        yield one.count
        yield one.amount


def _each(asked: Asked) -> Table:
    """Each demand that was received or decided in the period, or is open at its end."""
    columns = [
        Column(_("guarantee number"), Cell.CODE),
        Column(_("beneficiary")),
        Column(_("received at"), Cell.DAY),
        Column(_("amount demanded"), Cell.MONEY, total=True),
        Column(_("state")),
        Column(_("decided at"), Cell.DAY),
        Column(_("paid"), Cell.MONEY, total=True),
        Column(_("working days to the decision"), Cell.DAYS),
        Column(_("working days to the payment"), Cell.DAYS),
        Column(_("promised until"), Cell.DAY),
        Column(_("kept")),
    ]
    return Table(_("Each demand"), columns, _rows(_demands(asked)))


def _demands(asked: Asked) -> QuerySet[Demand]:
    first, last = clock.midnight(asked.span.first), clock.end_of(asked.span.last)
    touched = Q(received_at__range=(first, last)) | Q(decided_at__range=(first, last))
    touched |= Q(received_at__lte=last) & (Q(decided_at=None) | Q(decided_at__gt=last))
    paths = {
        "platform": "order__connection",
        "unit": "order__unit__in",
        "nature": "guarantee__application__purchase_nature",
        "region": "guarantee__movements__region__startswith",
    }
    for name, value in asked.filters.items():
        if name in ("applicant", "purchaser"):
            path = f"guarantee__movements__{name}"
            touched &= Q(**{f"{path}__in": value}) | Q(**{f"{path}__merged_into__in": value})
        else:
            touched &= Q(**{paths[name]: value})
    found = within(Demand.objects.filter(touched), asked.person)
    return found.select_related("guarantee").prefetch_related("payments").order_by("received_at", "id").distinct()


def _rows(demands: QuerySet[Demand]) -> Iterator[Row]:
    now = clock.now()
    for demand in demands.iterator(500):
        payments = [one for one in demand.payments.all() if one.bounced_at is None]
        paid_at = max((one.paid_at for one in payments), default=None)
        end = deadline.of_demand(demand.guarantee, demand.received_at)
        until = paid_at or demand.decided_at or now
        yield Row(
            [
                demand.named_number,
                demand.beneficiary_name,
                clock.day(demand.received_at),
                demand.amount,
                demand.get_state_display(),
                clock.day(demand.decided_at) if demand.decided_at else None,
                sum((one.amount for one in payments), Decimal("0.00")),
                _days(demand.received_at, demand.decided_at),
                _days(demand.received_at, paid_at),
                end.day,
                _("kept") if until <= end.at else _("late"),
            ],
            url=reverse("admin:claims_demand_change", args=[demand.pk]),
        )


def _days(start: datetime, end: datetime | None) -> int | None:
    return calendar.working_days(clock.day(start), clock.day(end)) if end else None
