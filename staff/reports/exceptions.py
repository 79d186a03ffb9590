"""Exceptions (例外清单): what is out of the ordinary in a period, kind by kind, each with its case and its person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.chain_names import called
from staff.desk.page import Text
from staff.desk.reports.filters import Filter
from staff.desk.reports.report import Asked, Report, Subject
from staff.desk.reports.table import Cell, Column, Row, Table
from staff.desk.timeline import done_by, event_title
from staff.exceptions import EXCEPTIONS
from staff.models import AuditEntry, User
from staff.units import within

CHUNK = 2000


@dataclass(frozen=True)
class Exceptional:
    """One exception: of which kind, by which entry, and what it is."""

    kind: str
    entry: AuditEntry
    what: Text


def labels() -> dict[str, Text]:
    return {kind.code: kind.label for kind in EXCEPTIONS}


def _kinds(person: User) -> forms.Field:
    return forms.ChoiceField(choices=[("", "—"), *labels().items()])


class Exceptions(Report):
    """Read off the trail, so that nobody can leave one out."""

    code = "exceptions"
    label = gettext_lazy("Exceptions")
    help = gettext_lazy("What is out of the ordinary in the period: whoever looks over the house looks at it first.")
    subject = Subject.AUDIT
    permission = "staff.view_auditentry"
    filters = (Filter("kind", gettext_lazy("Kind"), _kinds, lambda value: labels()[value]),)
    has_money = False
    place = 95

    def tables(self, asked: Asked) -> Sequence[Table]:
        found = sorted(_found(asked), key=lambda one: (one.entry.at, one.entry.pk), reverse=True)
        counted, known = Counter(one.kind for one in found), labels()
        summary = Table(
            _("By kind"),
            [Column(_("Kind")), Column(_("how many"), Cell.COUNT, total=True)],
            [
                Row([label, counted[code]], url=self.url(**_same_days(asked), kind=code))
                for code, label in known.items()
                if code in counted or not asked.filters
            ],
        )
        columns = [
            Column(_("at"), Cell.MOMENT),
            Column(_("Kind")),
            Column(_("by")),
            Column(_("event")),
            Column(_("case"), Cell.CODE),
            Column(_("what")),
        ]
        names = called({one.entry.chain for one in found})
        rows = [
            Row(
                [
                    one.entry.at,
                    known[one.kind],
                    done_by(one.entry),
                    event_title(one.entry.event),
                    str(names[one.entry.chain].text) if one.entry.chain in names else one.entry.chain,
                    one.what,
                ],
                url=reverse("admin:staff_auditentry_change", args=[one.entry.pk]),
            )
            for one in found
        ]
        return [summary, Table(self.label, columns, rows)]


def _same_days(asked: Asked) -> dict[str, str]:
    return {"period": "free", "first": asked.span.first.isoformat(), "last": asked.span.last.isoformat()}


def _found(asked: Asked) -> Iterator[Exceptional]:
    span = asked.span
    rows = AuditEntry.objects.filter(at__gte=clock.midnight(span.first), at__lte=clock.end_of(span.last))
    entries = list(within(rows, asked.person).order_by("at", "id").iterator(CHUNK))
    for kind in EXCEPTIONS:
        if asked.filters.get("kind") in (None, kind.code):
            for entry, what in kind.find(entries):
                yield Exceptional(kind.code, entry, what)
