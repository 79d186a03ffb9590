"""What is decided about a year of the calendar: its notice is entered by one person and confirmed by another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import calendar, holiday_notice
from staff.calendar_picture import picture
from staff.decisions import Decision, Inapplicable
from staff.desk.page import Section
from staff.events import Detail, EventKind
from staff.looks import Tone
from staff.models import CalendarDay, CalendarYear, User
from staff.working_time import Special

MANAGE, CONFIRM = "staff.manage_calendar", "staff.confirm_calendar"


class NoticeForm(forms.Form):
    """The notice as it is pasted. Before it is taken, its months are shown, and whoever pasted it says that they
    agree with the notice."""

    source = forms.CharField(
        label=gettext_lazy("Number of the notice"),
        max_length=128,
        help_text=gettext_lazy("As it stands on it: 国办发明电〔2025〕7号"),
    )
    text = forms.CharField(
        label=gettext_lazy("The notice"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy(
            "Paste all of it, or a list with a line for each stretch: 2027-02-06 至 2027-02-12 休 春节, and 班 for the "
            "days that are worked in exchange."
        ),
    )
    agrees = forms.BooleanField(
        label=gettext_lazy("The months below agree with the notice."), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        #: The months as they would be, once the notice can be read.
        self.shown: Section | None = None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        agreed = data.pop("agrees", False)
        if "text" not in data:
            return data
        try:
            data["days"] = holiday_notice.read(data["text"], self.year)
        except holiday_notice.NoticeNotRead as error:
            self.add_error("text", str(error))
            return data
        read = {one.day: Special(one.working, one.name, data.get("source", "")) for one in data["days"]}
        self.shown = picture(self.year, read, _("Preview of %(year)d") % {"year": self.year})
        self.fields["agrees"].widget = forms.CheckboxInput()
        if not agreed:
            self.add_error("agrees", _("Compare the months with the notice, then tick this."))
        return data


class YearDecision(Decision[CalendarYear]):
    model = CalendarYear
    detail_names = {
        "days_off": Detail(gettext_lazy("days off")),
        "days_made_up": Detail(gettext_lazy("make-up days")),
        "source": Detail(gettext_lazy("source")),
    }

    def details(self, case: CalendarYear, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return data["in_trail"]  # type: ignore[no-any-return]


class EnterDays(YearDecision):
    name = "enter"
    label = gettext_lazy("Enter the State Council's notice")
    permission = MANAGE
    event = EventKind("calendar.entered", gettext_lazy("Notice entered"), "edit_calendar", Tone.WAITS)

    def obstacle(self, case: CalendarYear, person: User) -> str | None:
        if case.days.waiting().exists():
            return _("A notice is entered already; it must be confirmed or returned first.")
        return None

    def consequence(self, case: CalendarYear) -> str:
        return _("Clocks run by it once another person, a manager or an auditor, has confirmed it.")

    def form(self, case: CalendarYear, data: Any = None, files: Any = None) -> forms.Form:
        return NoticeForm(data, files, year=case.year)

    def perform(self, case: CalendarYear, person: User, data: dict[str, Any]) -> None:
        data["in_trail"] = in_trail(calendar.set_days(case, data["days"], data["source"], person))


class DecideDays(YearDecision):
    """On what was entered."""

    permission = CONFIRM

    def obstacle(self, case: CalendarYear, person: User) -> str | None:
        return None if case.days.waiting().exists() else Inapplicable(_("Nothing is entered that waits for you."))

    def perform(self, case: CalendarYear, person: User, data: dict[str, Any]) -> None:
        data["in_trail"] = in_trail(list(case.days.waiting()))


class ConfirmDays(DecideDays):
    name = "confirm"
    label = gettext_lazy("Confirm the notice")
    never_by = gettext_lazy("whoever entered the notice")
    event = EventKind("calendar.confirmed", gettext_lazy("Notice confirmed"), "event_available", Tone.GOOD)

    def obstacle(self, case: CalendarYear, person: User) -> str | None:
        if reason := super().obstacle(case, person):
            return reason
        if case.days.waiting().filter(entered_by=person).exists():
            return _("You entered this; another person must confirm it.")
        return None

    def consequence(self, case: CalendarYear) -> str:
        return _("From now on every clock runs by it, those that run already too; what people were told stays.")

    def perform(self, case: CalendarYear, person: User, data: dict[str, Any]) -> None:
        super().perform(case, person, data)
        calendar.confirm_days(case, person)


class ReturnForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=255)


class ReturnDays(DecideDays):
    name = "return"
    label = gettext_lazy("Return the notice")
    form_class = ReturnForm
    event = EventKind("calendar.returned", gettext_lazy("Notice returned"), "undo", Tone.BAD)

    def perform(self, case: CalendarYear, person: User, data: dict[str, Any]) -> None:
        super().perform(case, person, data)
        calendar.return_days(case, person)


def in_trail(rows: list[CalendarDay]) -> dict[str, Any]:
    """What the trail says of a notice."""
    made_up = sum(row.working for row in rows)
    return {
        "days_off": len(rows) - made_up,
        "days_made_up": made_up,
        "source": "、".join(sorted({row.source for row in rows})),
    }


CALENDAR_DECISIONS = [EnterDays(), ConfirmDays(), ReturnDays()]
