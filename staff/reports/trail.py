"""The audit trail as a report: who did what, in a period, by person, case number and event; and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.audit import broken_links
from staff.chain_names import called, chains_of
from staff.desk.page import Text
from staff.desk.reports.filters import Filter
from staff.desk.reports.report import Asked, Report, Subject
from staff.desk.reports.table import Cell, Column, Row, Table
from staff.desk.timeline import done_by, event_choices, event_title, state_name
from staff.models import AuditEntry, User
from staff.units import within

CHUNK = 500
#: Of so many chains it is said on the page whether they are whole; of all others, on the page of each entry.
MOST_CHAINS = 100


def _people(person: User) -> forms.Field:
    return forms.ModelChoiceField(User.objects.order_by("name", "username"), empty_label="—")


def _events(person: User) -> forms.Field:
    return forms.ChoiceField(choices=[("", "—"), *event_choices()])


class Trail(Report):
    """Every entry of the period, the latest first."""

    code = "trail"
    label = gettext_lazy("Audit trail by person and case")
    help = gettext_lazy("Who did what and when: by person, case number and event, and whether the chains are whole.")
    subject = Subject.AUDIT
    permission = "staff.view_auditentry"
    filters = (
        Filter("person", gettext_lazy("Person"), _people),
        Filter(
            "case",
            gettext_lazy("Order or guarantee number"),
            lambda person: forms.CharField(max_length=64, strip=True),
        ),
        Filter("event", gettext_lazy("Event"), _events, event_title),
    )
    has_money = False
    is_long = True
    place = 100

    def tables(self, asked: Asked) -> Sequence[Table]:
        found = entries(asked)
        columns = [
            Column(_("at"), Cell.MOMENT),
            Column(_("by")),
            Column(_("event")),
            Column(_("case"), Cell.CODE),
            Column(_("state before")),
            Column(_("state after")),
            Column(_("reason")),
            Column(_("entry"), Cell.CODE),
        ]
        return [Table(self.label, columns, _rows(found), notes=[_whole(found)], count=found.count)]


def entries(asked: Asked) -> QuerySet[AuditEntry]:
    """Those of the person's units, in the period."""
    span = asked.span
    found = AuditEntry.objects.filter(at__gte=clock.midnight(span.first), at__lte=clock.end_of(span.last))
    if person := asked.filters.get("person"):
        found = found.filter(actor=person)
    if event := asked.filters.get("event"):
        found = found.filter(event=event)
    if number := asked.filters.get("case"):
        found = found.filter(chain__in=chains_of(number))
    return within(found, asked.person).order_by("-at", "-id")


def _rows(found: QuerySet[AuditEntry]) -> Iterator[Row]:
    passing = found.iterator(CHUNK)
    while some := list(islice(passing, CHUNK)):
        names = called({entry.chain for entry in some})
        for entry in some:
            named = names.get(entry.chain)
            yield Row(
                [
                    entry.at,
                    done_by(entry),
                    event_title(entry.event),
                    str(named.text) if named else "",
                    state_name(entry, entry.from_state) if entry.from_state else None,
                    state_name(entry, entry.to_state) if entry.to_state else None,
                    entry.reason,
                    f"{entry.chain}#{entry.number}",
                ],
                url=reverse("admin:staff_auditentry_change", args=[entry.pk]),
            )


def _whole(found: QuerySet[AuditEntry]) -> Text:
    """Whether the chains of the first entries are whole, as far as they are many."""
    chains = list(dict.fromkeys(found.values_list("chain", flat=True)[: MOST_CHAINS * 5]))[:MOST_CHAINS]
    if broken := [str(entry) for chain in chains for entry in islice(broken_links(chain), 1)]:
        text = _("NOT WHOLE: %(entries)s were changed after they were written, or an entry before them is missing.")
        return text % {"entries": "、".join(broken[:5])}
    return _("The %(number)d chains of the latest entries are whole: each digest fits, no entry is missing.") % {
        "number": len(chains)
    }
