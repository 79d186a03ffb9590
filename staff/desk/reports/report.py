"""What a report is: its questions, who may see it, and the tables it comes to. Rooms offer theirs in `REPORTS`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.desk.page import Text
from staff.desk.reports.filters import Filter
from staff.desk.reports.period import Comparison, Period
from staff.desk.reports.table import Table
from staff.models import User
from staff.offered import Offered

#: Who sees the list of reports; each report may ask for more.
PERMISSION = "staff.view_reports"


class Subject(TextChoices):
    """Under which heading a report stands; in their order."""

    BUSINESS = "business", _("Business")
    RISK = "risk", _("Exposure and claims")
    MONEY = "money", _("Premiums and money")
    WORK = "work", _("Work and delivery")
    AUDIT = "audit", _("Audit")


class Takes(TextChoices):
    """What of time a report asks for."""

    PERIOD = "period", _("a period")
    DAY = "day", _("a day")
    NOTHING = "nothing", _("nothing")


class Scale(TextChoices):
    """In what sums are shown."""

    YUAN = "yuan", _("CNY")
    WAN = "wan", _("10,000 CNY")


@dataclass(frozen=True)
class Asked:
    """What somebody asks of a report. `period` where it takes one, `day` where it takes a day; `filters` by their
    names, those that are set alone; `query` says all of it as an address does that means the same on any day."""

    person: User
    at: datetime
    period: Period | None = None
    day: date | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    scale: Scale = Scale.YUAN
    query: str = ""
    #: Each filter that is set, in words.
    words: Sequence[tuple[Text, Text]] = ()
    #: With what the totals of the period are compared (`comparing.py`).
    comparisons: Sequence[Comparison] = ()

    @property
    def span(self) -> Period:
        """The period: of a report that takes a day, that day."""
        if self.period:
            return self.period
        if self.day:
            return Period(self.day, self.day)
        raise ValueError("This report takes neither a period nor a day.")

    def over(self, period: Period) -> Asked:
        """The same of another period, compared with nothing."""
        return replace(self, period=period, comparisons=())


class Report:
    """One report; a subclass stands in a file of its own in the `reports/` of the room whose facts it reads.

    `tables` says what it comes to. The unit of the person is applied by whatever reads the rows
    (`staff.units.within`), never by the page.
    """

    code: ClassVar[str]
    label: ClassVar[Text]
    #: One sentence: what it shows and what is counted.
    help: ClassVar[Text] = ""
    subject: ClassVar[Subject]
    permission: ClassVar[str] = PERMISSION
    takes: ClassVar[Takes] = Takes.PERIOD
    filters: ClassVar[Sequence[Filter]] = ()
    #: Whether its totals can be compared with those of other periods; not where it does that itself.
    compares: ClassVar[bool] = True
    #: Whether sums can be shown in ten thousands.
    has_money: ClassVar[bool] = True
    #: Its rows are cases, of which there may be a million: files of it are made in the background.
    is_long: ClassVar[bool] = False
    #: Forms beside XLSX and CSV.
    on_paper: ClassVar[bool] = False
    place: ClassVar[int] = 100

    def tables(self, asked: Asked) -> Sequence[Table]:
        raise NotImplementedError

    @property
    def can_compare(self) -> bool:
        return self.compares and self.takes is Takes.PERIOD

    def may_see(self, person: User) -> bool:
        return person.has_perm(PERMISSION) and person.has_perm(self.permission)

    def url(self, **query: Any) -> str:
        """Its page with these answers given."""
        address = reverse("admin:report", args=[self.code])
        return f"{address}?{urlencode(query)}" if query else address


REPORTS: Offered[Report] = Offered("REPORTS", Report, known_by=lambda report: report.code)


def report_of(code: str) -> Report | None:
    return next((report for report in REPORTS if report.code == code), None)


def report_for(person: User, code: str) -> Report:
    """The report of that code, for a page: Http404 where there is none, PermissionDenied where it is not theirs."""
    report = report_of(code)
    if report is None:
        raise Http404
    if not report.may_see(person):
        raise PermissionDenied
    return report
