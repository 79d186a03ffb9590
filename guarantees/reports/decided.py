"""Decisions on applications: how many, how they went, why refused, and how long people took."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.models import Application, Approval, ApprovalKind, Guarantee, Party
from guarantees.reports import filters
from guarantees.word_lists import REJECTION
from staff import calendar, clock
from staff.desk.page import Text
from staff.desk.reports.cells import part
from staff.desk.reports.report import Asked, Report, Subject
from staff.desk.reports.table import Cell, Chart, Column, Row, Series, Shape, Table
from staff.models import AuditEntry
from staff.units import within

APPROVED, REJECTED = "application.approved", "application.rejected"
CHUNK = 2000


@dataclass(frozen=True)
class Decided:
    """One decision; the hours are working hours by the calendar, None where there is no letter yet."""

    approved: bool
    officer: str
    unit: str
    reason: str
    amount: Decimal
    to_decision: Decimal
    to_issue: Decimal | None


@dataclass
class Group:
    """What belongs to one officer or unit."""

    approved: int = 0
    rejected: int = 0
    amount: Decimal = Decimal(0)
    to_decision: list[Decimal] = field(default_factory=list)
    to_issue: list[Decimal] = field(default_factory=list)

    def add(self, one: Decided) -> None:
        self.approved += one.approved
        self.rejected += not one.approved
        self.amount += one.amount if one.approved else 0
        self.to_decision.append(one.to_decision)
        if one.to_issue is not None:
            self.to_issue.append(one.to_issue)

    def values(self) -> list[Any]:
        number = self.approved + self.rejected
        return [
            number,
            self.approved,
            self.rejected,
            part(self.approved, number),
            self.amount,
            median(self.to_decision) if self.to_decision else None,
            max(self.to_decision, default=None),
            median(self.to_issue) if self.to_issue else None,
        ]


class Decisions(Report):
    """Applications that were decided in the period: approved or rejected."""

    code = "decisions"
    label = gettext_lazy("Decisions on applications")
    help = gettext_lazy(
        "Volume, acceptance, reasons of rejections, and working hours from receipt to decision and from there to issue."
    )
    subject = Subject.WORK
    filters = (filters.PLATFORM, filters.UNIT, filters.NATURE, filters.APPLICANT)
    place = 60

    def tables(self, asked: Asked) -> Sequence[Table]:
        decided = list(_decided(asked))
        return [
            _grouped(_("By officer"), decided, lambda one: one.officer),
            _grouped(_("By unit"), decided, lambda one: one.unit),
            _reasons(decided),
        ]


def _decided(asked: Asked) -> Iterator[Decided]:
    span = asked.span
    taken = AuditEntry.objects.filter(
        event__in=(APPROVED, REJECTED), at__gte=clock.midnight(span.first), at__lte=clock.end_of(span.last)
    ).order_by()
    entries = {entry.subject_id: entry for entry in taken.select_related("actor").iterator(CHUNK)}
    time = calendar.working_time()
    keys = sorted(entries)
    for begin in range(0, len(keys), CHUNK):
        cases = _cases(asked, keys[begin : begin + CHUNK])
        issued = dict(
            Guarantee.objects.filter(application__in=cases, supersedes=None).values_list("application", "issued_at")
        )
        given = Approval.objects.filter(application__in=cases, kind=ApprovalKind.APPLICATION)
        approvals = {one.application_id: one for one in given.select_related("approved_by")}
        for case in cases.select_related("order__unit"):
            entry, letter, approval = entries[case.pk], issued.get(case.pk), approvals.get(case.pk)
            approved = entry.event == APPROVED
            yield Decided(
                approved,
                # Of an approval that two people gave, whoever judged the application: the other one confirmed.
                str(approval.approved_by) if approved and approval else entry.actor_name,
                str(case.order.unit),
                "" if approved else case.reason_code,
                approval.amount if approved and approval else Decimal(0),
                _hours(time, case.received_at, entry.at),
                _hours(time, entry.at, letter) if approved and letter else None,
            )


def _hours(time: Any, start: datetime, end: datetime) -> Decimal:
    return (Decimal(time.hours_between(start, end).total_seconds()) / 3600).quantize(Decimal("0.1"))


def _cases(asked: Asked, keys: Iterable[int]) -> QuerySet[Application]:
    condition = Q(pk__in=keys)
    paths = {"platform": "order__connection", "unit": "order__unit__in", "nature": "purchase_nature"}
    for name, value in asked.filters.items():
        if name == "applicant":
            theirs = Party.objects.filter(Q(pk__in=value) | Q(merged_into__in=value))
            condition &= Q(movements__applicant__in=theirs) | Q(applicant_code__in=theirs.values("code"))
        else:
            condition &= Q(**{paths[name]: value})
    return within(Application.objects.filter(condition), asked.person).distinct()


def _grouped(title: Text, decided: Iterable[Decided], key: Any) -> Table:
    groups: dict[str, Group] = defaultdict(Group)
    for one in decided:
        groups[key(one)].add(one)
    columns = [
        Column(title),
        Column(_("decided in all"), Cell.COUNT, total=True),
        Column(_("approved"), Cell.COUNT, total=True),
        Column(_("rejected"), Cell.COUNT, total=True),
        Column(_("acceptance"), Cell.SHARE),
        Column(_("approved, amount"), Cell.MONEY, total=True),
        Column(_("to the decision, median working hours"), Cell.HOURS),
        Column(_("to the decision, longest"), Cell.HOURS),
        Column(_("from there to issue, median working hours"), Cell.HOURS),
    ]
    ordered = sorted(groups.items(), key=lambda one: -len(one[1].to_decision))
    return Table(title, columns, [Row([name, *group.values()]) for name, group in ordered])


def _reasons(decided: Iterable[Decided]) -> Table:
    rejected = Counter(one.reason for one in decided if not one.approved)
    whole = sum(rejected.values())
    rows = [Row([_reason(code), number, part(number, whole)]) for code, number in rejected.most_common()]
    columns = [
        Column(_("Reason")),
        Column(_("rejected"), Cell.COUNT, total=True),
        Column(_("part of the whole"), Cell.SHARE, total=True),
    ]
    chart = Chart(
        _("Reasons of rejections"),
        Shape.RANKED,
        [row.values[0] for row in rows],
        [Series(_("rejected"), [row.values[1] for row in rows])],
        Cell.COUNT,
    )
    return Table(_("Reasons of rejections"), columns, rows, chart=chart if rows else None)


def _reason(code: str) -> Text:
    if not code:
        return _("in words, without a code")
    found = REJECTION.find(code)
    return found.text if found else code
