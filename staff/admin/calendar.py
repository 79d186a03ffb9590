"""The working calendar: the years, and the twelve months of one, with what makes each day what it is."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import calendar
from staff.calendar_picture import picture
from staff.desk.case import CaseAdmin
from staff.desk.export import Column, columns
from staff.desk.filters import ChoiceFilter
from staff.desk.page import Badge, Flag, Row, Section, Tone, leading_to
from staff.models import CalendarDay, CalendarDayState, CalendarYear, User
from staff.working_time import HOURS, Special


def year_badge(year: CalendarYear) -> Badge:
    """Whether clocks run by anything there, and whether something waits."""
    if year.days.waiting().exists():
        return Badge(CalendarDayState.ENTERED.label, Tone.WAITS)
    if calendar.is_known(year.year):
        return Badge(_("holidays known"), Tone.GOOD)
    return Badge(_("only weekends"), Tone.WARNING)


def notice_wanted(now: datetime) -> Flag | None:
    """What the home page asks of managers while a year's holidays are not known."""
    missing = calendar.missing_year(now)
    if missing is None or CalendarDay.objects.waiting().filter(year__year=missing).exists():
        return None
    text = _("The State Council's notice of the holidays of %(year)d is not entered; until then only weekends are off.")
    year = CalendarYear.objects.filter(year=missing).first()
    page = reverse("admin:staff_calendaryear_changelist")
    if year:
        page = reverse("admin:staff_calendaryear_change", args=[year.pk])
    return leading_to(text % {"year": missing}, page, _("Working calendar"), Tone.WARNING)


class NoticeWaits(ChoiceFilter):
    """Years whose notice was entered and is not confirmed."""

    title = gettext_lazy("notice")
    parameter_name = "notice"
    choices_of_rows = {
        "entered": (
            gettext_lazy("to be confirmed"),
            lambda years: years.filter(days__state=CalendarDayState.ENTERED).distinct(),
        )
    }


@admin.register(CalendarYear)
class CalendarYearAdmin(CaseAdmin):
    list_display = ["year", "state_badge", "days_off", "made_up", "source"]
    list_display_links = ["year"]
    list_filter = [NoticeWaits]
    ordering = ["-year"]

    @admin.display(description=gettext_lazy("state"))
    def state_badge(self, year: CalendarYear) -> str:
        return str(year_badge(year))

    @admin.display(description=gettext_lazy("days off"))
    def days_off(self, year: CalendarYear) -> int:
        return sum(not one.working for one in calendar.days(year.year).values())

    @admin.display(description=gettext_lazy("make-up days"))
    def made_up(self, year: CalendarYear) -> int:
        return sum(one.working for one in calendar.days(year.year).values())

    @admin.display(description=gettext_lazy("source"))
    def source(self, year: CalendarYear) -> str:
        return _sources(year)

    def export_columns(self, person: User) -> list[Column]:
        return [
            *columns(CalendarYear, "year"),
            Column(_("days off"), self.days_off),
            Column(_("make-up days"), self.made_up),
            Column(_("source"), _sources),
        ]

    def badge(self, record: CalendarYear) -> Badge:
        return year_badge(record)

    def flags(self, record: CalendarYear, person: User) -> list[Flag]:
        if calendar.is_known(record.year):
            return []
        return [
            Flag(
                _(
                    "The holidays of this year are not known: only weekends count as off, so clocks end early rather "
                    "than late, and say that they are estimated."
                )
            )
        ]

    def sections(self, record: CalendarYear, person: User) -> list[Section]:
        waiting = record.days.waiting().select_related("entered_by")
        entered = {row.day: Special(row.working, row.name, row.source) for row in waiting}
        shown = []
        if entered:
            by = next(iter(waiting)).entered_by
            note = _("Entered by %(person)s; it counts once another person has confirmed it.") % {"person": by}
            shown.append(picture(record.year, entered, _("To be confirmed"), note=note))
        if calendar.is_known(record.year) or not entered:
            shown.append(
                picture(record.year, calendar.days(record.year), _("Clocks run by this"), note=_sources(record))
            )
        return [*shown, _hours()]

    def summary(self, case: CalendarYear, person: User) -> Section:
        return Section(str(case), [Row(_("source"), _sources(case) or _("only weekends"))])

    def background(self, case: CalendarYear, person: User) -> list[Section]:
        return []

    def questions(self, case: CalendarYear, person: User) -> list[Flag]:
        return []  # no case of anybody's


def _sources(year: CalendarYear) -> str:
    return "、".join(sorted({str(one.source) for one in calendar.days(year.year).values()}))


def _hours() -> Section:
    spans = "，".join(f"{begins:%H:%M}–{ends:%H:%M}" for begins, ends in HOURS.spans)
    return Section(
        _("Working time"),
        [
            Row(
                _("hours of a working day"),
                _("%(spans)s, %(hours)s h") % {"spans": spans, "hours": f"{HOURS.length.total_seconds() / 3600:g}"},
            ),
            Row(_("working days"), _("Monday to Friday and make-up days; banks work on the same days")),
        ],
    )
