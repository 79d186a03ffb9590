"""Reports by the calendar: on its day each subscription puts a file for each of its people into the queue, once.

What was missed while nothing ran is made once, for the last day that was due: never a flood.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from staff import clock
from staff.accounts import roles_that_may
from staff.audit import record_of
from staff.desk.reports.period import Period
from staff.desk.reports.report import PERMISSION, Report, Takes, report_of
from staff.events import EventKind
from staff.models import FileOf, ReportRun, ReportSubscription, Rhythm, User
from staff.units import within

SUBSCRIBED = EventKind("report.subscribed", _("Report subscribed to"), "event_repeat")
LEFT = EventKind("report.left", _("Subscription ended or left"), "event_busy")
#: In the small hours the day before is not all written yet, and databases are kept.
HOUR = timedelta(hours=6)
#: What of a report's address says days.
DAYS = ("period", "first", "last", "day", "page")


def day_due(rhythm: Rhythm, today: date) -> date:
    """The last day, today or before, on which it is made."""
    match rhythm:
        case Rhythm.DAILY:
            return today
        case Rhythm.WEEKLY:
            return today - timedelta(days=today.weekday())
        case Rhythm.MONTHLY:
            return today.replace(day=1)


def period_of(rhythm: Rhythm, due: date) -> Period:
    """What is made on that day is of these days."""
    last = due - timedelta(days=1)
    match rhythm:
        case Rhythm.DAILY:
            return Period(last, last)
        case Rhythm.WEEKLY:
            return Period(due - timedelta(days=7), last)
        case Rhythm.MONTHLY:
            return Period(last.replace(day=1), clock.end_of_month(last))


def today() -> date:
    """Of the subscriptions: it begins when the day before is written."""
    return clock.day(clock.now() - HOUR)


def without_days(query: QueryDict) -> str:
    kept = query.copy()
    for name in DAYS:
        kept.pop(name, None)
    return kept.urlencode()


def with_days(report: Report, query: str, period: Period) -> str:
    asked = QueryDict(query, mutable=True)
    if report.takes is Takes.PERIOD:
        asked["first"], asked["last"] = period.first.isoformat(), period.last.isoformat()
    if report.takes is Takes.DAY:
        asked["day"] = period.last.isoformat()
    return asked.urlencode()


def who_may_be_told(report: Report, person: User) -> list[User]:
    """Those whom the person knows of who may see the report, themselves among them."""
    known = within(User.objects.filter(is_active=True), person) | User.objects.filter(pk=person.pk)
    roles = roles_that_may({PERMISSION, report.permission})
    likely = known.filter(Q(groups__name__in=roles) | Q(pk=person.pk)).distinct().order_by("name")
    return [one for one in likely if report.may_see(one)]


def subscribe(person: User, report: Report, query: str, form: str, rhythm: Rhythm, people: Sequence[User]) -> None:
    """It is made first on the next day that is due."""
    with transaction.atomic():
        made = ReportSubscription.objects.create(
            report=report.code,
            query=query,
            form=form,
            rhythm=rhythm,
            language=translation.get_language(),
            made_by=person,
            made_at=clock.now(),
            last_due=day_due(rhythm, today()),
        )
        made.people.set(people)
        told = {"report": report.code, "form": form, "filters": sorted(QueryDict(query)), "subscription": made.pk}
        record_of(person, SUBSCRIBED, {**told, "people": [one.username for one in people]})


def of(person: User) -> QuerySet[ReportSubscription]:
    """Those that the person made or is told by."""
    running = ReportSubscription.objects.filter(ended_at=None)
    return running.filter(Q(made_by=person) | Q(people=person)).distinct()


def leave(person: User, subscription: ReportSubscription) -> None:
    """Whoever made it ends it; another of its people is told no more, and the last one ends it."""
    with transaction.atomic():
        mine = ReportSubscription.objects.select_for_update().get(pk=subscription.pk)
        mine.people.remove(person)
        if mine.ended_at is None and (mine.made_by_id == person.pk or not mine.people.exists()):
            mine.ended_at = clock.now()
            mine.save()
        record_of(person, LEFT, {"report": mine.report, "subscription": mine.pk})


def queue_due() -> None:
    """Puts into the queue what is due, for whoever may see the report still."""
    for subscription in ReportSubscription.objects.filter(ended_at=None):
        due = day_due(Rhythm(subscription.rhythm), today())
        if subscription.last_due < due:
            _queue(subscription.pk, due)


def _queue(pk: int, due: date) -> None:
    with transaction.atomic():
        mine = ReportSubscription.objects.select_for_update().get(pk=pk)
        report = report_of(mine.report)
        if mine.ended_at is not None or mine.last_due >= due:
            return  # another was quicker
        mine.last_due = due
        mine.save()
        if report is None:
            return
        query = with_days(report, mine.query, period_of(Rhythm(mine.rhythm), due))
        for person in mine.people.filter(is_active=True):
            if report.may_see(person):
                with translation.override(mine.language):
                    title = str(report.label)
                ReportRun.objects.get_or_create(
                    subscription=mine,
                    due_on=due,
                    person=person,
                    defaults={
                        "kind": FileOf.REPORT,
                        "subject": report.code,
                        "title": title,
                        "query": query,
                        "form": mine.form,
                        "language": mine.language,
                        "asked_at": clock.now(),
                    },
                )
