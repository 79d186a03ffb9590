"""The form of a report: it reads the address, and refuses in a sentence what cannot be meant."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from staff import clock
from staff.desk.form_fields import DayField
from staff.desk.reports.period import Named, Period
from staff.desk.reports.report import Asked, Report, Scale, Takes
from staff.models import User


class ReportForm(forms.Form):
    """`asked` is what it comes to once it is valid. An address that asks for nothing asks for this month, or today."""

    def __init__(self, report: Report, person: User, given: QueryDict) -> None:
        data = given.copy()
        if report.takes is Takes.PERIOD:
            data.setdefault("period", Named.THIS_MONTH if not given.get("first") else Named.FREE)
        if report.takes is Takes.DAY and not data.get("day"):
            data["day"] = clock.today().isoformat()
        data.setdefault("scale", Scale.YUAN)
        super().__init__(data)
        self.report, self.person, self.given = report, person, given
        if report.takes is Takes.PERIOD:
            self.fields["period"] = forms.ChoiceField(label=_("Period"), choices=Named.choices)
            self.fields["first"] = DayField(label=_("from"), required=False)
            self.fields["last"] = DayField(label=_("to"), required=False)
        if report.takes is Takes.DAY:
            self.fields["day"] = DayField(label=_("Day"))
        for one in report.filters:
            field = one.field(person)
            field.required, field.label = False, str(one.label)
            self.fields[one.name] = field
        if report.has_money:
            self.fields["scale"] = forms.ChoiceField(label=_("Sums in"), choices=Scale.choices)
        if unknown := set(given) - set(self.fields) - {"page"}:
            self.unknown = ", ".join(sorted(unknown))
        else:
            self.unknown = ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.unknown:
            self.add_error(None, _("This report has no filter called %(names)s.") % {"names": self.unknown[:100]})
        if self.report.takes is Takes.PERIOD and not self.errors:
            self._read_period(data)
        return data

    def _read_period(self, data: dict[str, Any]) -> None:
        if data["period"] != Named.FREE:
            data["read"] = Period.named(Named(data["period"]), clock.today())
        elif not (data["first"] and data["last"]):
            self.add_error("first" if not data["first"] else "last", _("Give the first and the last day."))
        elif data["last"] < data["first"]:
            self.add_error("last", _("The period ends before it begins."))
        else:
            data["read"] = Period(data["first"], data["last"])

    def asked(self) -> Asked:
        """What is asked for, of a form that is valid."""
        data = self.cleaned_data
        chosen = {one.name: data[one.name] for one in self.report.filters if data[one.name] not in (None, "", [])}
        return Asked(
            person=self.person,
            at=clock.now(),
            period=data.get("read"),
            day=data.get("day"),
            filters=chosen,
            scale=Scale(data.get("scale") or Scale.YUAN),
            query=self.given.urlencode(),
            words=[(one.label, one.words(chosen[one.name])) for one in self.report.filters if one.name in chosen],
        )
