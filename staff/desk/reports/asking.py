"""The form of a report: it reads the address, and refuses in a sentence what cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from staff import clock
from staff.desk.form_fields import DayField
from staff.desk.page import Text
from staff.desk.reports.period import MONTHS, Comparison, Named, Period
from staff.desk.reports.report import Asked, Report, Scale, Takes
from staff.models import User

#: Words of an address that ask a report for nothing; and those that are no filter's.
BESIDES = frozenset({"page"})
QUESTIONS = BESIDES | {"period", "first", "last", "day", "compare", "scale"}
#: What stands in an address for no comparison, and for all of them.
NONE, BOTH = "none", "both"


@dataclass(frozen=True)
class Offer:
    """One of the periods or days that people ask for most, and its address."""

    label: Text
    query: str
    chosen: bool


class ReportForm(forms.Form):
    """`asked` is what it comes to once it is valid. An address that asks for nothing asks for this month, or today.

    Of a period the days count, `first` and `last`; where there are none, `period` names them, and means other days on
    another day. Beside the days it says of which kind the period is: a year up to a day in January is also a month.
    """

    def __init__(self, report: Report, person: User, given: QueryDict) -> None:
        self.report, self.person, self.given, self.today = report, person, given, clock.today()
        self.answers = self._with_defaults()
        super().__init__(self.answers)
        if report.takes is Takes.PERIOD:
            both = {"required": _("Give the first and the last day.")}
            self.fields["first"] = DayField(label=_("from"), error_messages=both)
            self.fields["last"] = DayField(label=_("to"), error_messages=both)
            self.fields["period"] = forms.ChoiceField(
                choices=Named.choices, required=False, widget=forms.HiddenInput, label=_("Period")
            )
        if report.can_compare:
            choices = [(NONE, _("no comparison")), *Comparison.choices, (BOTH, _("both"))]
            self.fields["compare"] = forms.ChoiceField(label=_("Compared with"), choices=choices)
        if report.takes is Takes.DAY:
            self.fields["day"] = DayField(label=_("At the end of"))
        for one in report.filters:
            field = one.field(person)
            field.required, field.label = False, str(one.label)
            self.fields[one.name] = field
        if report.has_money:
            self.fields["scale"] = forms.ChoiceField(label=_("Sums in"), choices=Scale.choices)
        self.unknown = ", ".join(sorted(set(given) - set(self.fields) - BESIDES))

    def _with_defaults(self) -> QueryDict:
        data, report = self.given.copy(), self.report
        if report.takes is Takes.PERIOD and not (data.get("first") or data.get("last")):
            name = data.setdefault("period", Named.THIS_MONTH)
            if name in MONTHS:
                period = Period.named(Named(name), self.today)
                data["first"], data["last"] = period.first.isoformat(), period.last.isoformat()
        if report.takes is Takes.DAY and not data.get("day"):
            data["day"] = self.today.isoformat()
        if report.can_compare:
            data.setdefault("compare", NONE)
        if report.has_money:
            data.setdefault("scale", Scale.YUAN)
        return data

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.unknown:
            self.add_error(None, _("This report has no filter called %(names)s.") % {"names": self.unknown[:100]})
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The period ends before it begins."))
        elif first and last:
            data["read"] = Period.between(first, last, Named(data["period"]) if data.get("period") else None)
        return data

    def asked(self) -> Asked:
        """What is asked for, of a form that is valid."""
        data = self.cleaned_data
        chosen = {one.name: data[one.name] for one in self.report.filters if data[one.name] not in (None, "", [])}
        compare = data.get("compare", NONE)
        return Asked(
            person=self.person,
            at=clock.now(),
            period=data.get("read"),
            day=data.get("day"),
            filters=chosen,
            scale=Scale(data.get("scale") or Scale.YUAN),
            query=self._query(),
            words=[(one.label, one.words(chosen[one.name])) for one in self.report.filters if one.name in chosen],
            comparisons=[one for one in Comparison if compare in (one.value, BOTH)],
        )

    def _query(self, **other: str) -> str:
        """The address of what is asked, or of the same with other answers; what is left open stands in it too."""
        query = QueryDict(mutable=True)
        for name in self.fields:
            values = [value for value in self.answers.getlist(name) if value]
            if name in other:
                query[name] = other[name]
            elif values and values not in ([NONE], [Scale.YUAN.value]):
                query.setlist(name, values)
        return query.urlencode()

    def offers(self) -> Sequence[Offer]:
        """The periods or days that are asked for most, with everything else as it was asked."""
        if self.report.takes is Takes.PERIOD:
            return list(self._periods())
        return list(self._days()) if self.report.takes is Takes.DAY else []

    def _periods(self) -> Iterator[Offer]:
        read = self.cleaned_data.get("read") if self.is_valid() else None
        chosen = read.name(self.today) if read else None
        for name in MONTHS:
            period = Period.named(name, self.today)
            days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
            yield Offer(name.label, self._query(period=name.value, **days), name is chosen)

    def _days(self) -> Iterator[Offer]:
        read = self.cleaned_data.get("day") if self.is_valid() else None
        labels = {
            None: _("today"),
            Named.LAST_MONTH: _("end of last month"),
            Named.LAST_QUARTER: _("end of last quarter"),
            Named.LAST_YEAR: _("end of last year"),
        }
        for name, label in labels.items():
            day = Period.named(name, self.today).last if name else self.today
            yield Offer(label, self._query(day=day.isoformat()), read == day)
