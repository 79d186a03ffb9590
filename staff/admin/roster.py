"""The duty roster: a month at a glance, and a form that enters several days at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import calendar, clock
from staff.desk.form_fields import DayField
from staff.models import RosterEntry, User
from staff.reminders.decisions import MANAGE_ROSTER
from staff.reminders.roster import LONGEST, Days, eligible, enter

WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
#: So many can be on duty on one day.
PLACES = 3


class RosterForm(forms.Form):
    """A stretch of days, and who is on duty on each of them in which order."""

    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))
    days = forms.ChoiceField(label=gettext_lazy("On"), choices=Days.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in eligible()}
        choices = [("", "—"), *((pk, str(person)) for pk, person in self.people.items())]
        for place in range(1, PLACES + 1):
            self.fields[f"place{place}"] = forms.ChoiceField(
                label=_("No. %(place)d") % {"place": place}, choices=choices, required=False
            )
        self.fields["place1"].help_text = _("Nobody: the days are cleared.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and first < clock.today():
            self.add_error("first", _("Who was on duty on a day that is over stays as it was."))
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last", _("At most %(days)d days are entered at once.") % {"days": LONGEST})
        chosen = [data.get(f"place{place}") for place in range(1, PLACES + 1)]
        given = [one for one in chosen if one]
        if given != chosen[: len(given)]:
            self.add_error("place1", _("Leave no place free before another."))
        if len(set(given)) < len(given):
            self.add_error("place2", _("Somebody stands there twice."))
        data["people"] = [self.people[one] for one in given if one in self.people]
        return data


def roster_view(request: HttpRequest) -> HttpResponse:
    """`?month=2026-12` shows that month; POST enters days for whoever may."""
    person = cast("User", request.user)
    may_enter = person.has_perm(MANAGE_ROSTER)
    month = _month(request.GET.get("month", ""))
    form = RosterForm(initial={"first": max(month, clock.today()) if _same(month) else month, "days": Days.ALL})
    if request.method == "POST" and may_enter:
        form = RosterForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            days = enter(person, given["first"], given["last"], given["people"], Days(given["days"]))
            messages.success(request, _("Entered: %(number)d days.") % {"number": len(days)})
            return redirect(f"{reverse('admin:roster')}?month={given['first']:%Y-%m}")
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": _("Duty roster"),
        "month": f"{month:%Y-%m}",
        "before": f"{month - timedelta(days=1):%Y-%m}",
        "after": f"{_after(month):%Y-%m}",
        "lines": list(_lines(month)),
        "places": range(1, PLACES + 1),
        "form": form if may_enter else None,
    }
    return TemplateResponse(request, "desk/roster.html", context)


def _lines(month: date) -> Iterator[dict[str, Any]]:
    """A line for each day of the month."""
    entries: dict[date, list[str]] = {}
    for entry in RosterEntry.objects.filter(day__gte=month, day__lt=_after(month)).select_related("person"):
        entries.setdefault(entry.day, []).append(str(entry.person))
    today = clock.today()
    for number in range((_after(month) - month).days):
        day = month + timedelta(days=number)
        people = entries.get(day, [])
        yield {
            "day": day.isoformat(),
            "weekday": WEEKDAYS[day.weekday()],
            "people": [*people, *[""] * (PLACES - len(people))],
            "today": day == today,
            "off": not calendar.is_working_day(day),
        }


def _month(given: str) -> date:
    """Its first day; of what is no month, the present one's."""
    try:
        month = date.fromisoformat(f"{given}-01")
    except ValueError:
        return clock.today().replace(day=1)
    return month if month.year in clock.PLAUSIBLE_YEARS else clock.today().replace(day=1)


def _after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _same(month: date) -> bool:
    return month == clock.today().replace(day=1)
