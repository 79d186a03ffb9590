"""Reports by the calendar: made once for each day that is due, for what each of their people may see, and mailed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import mail
from django.core.mail import EmailMessage
from django.http import QueryDict
from openpyxl import load_workbook

from staff import clock
from staff.clock import CHINA
from staff.desk.reports import mailing, running, runs, subscriptions
from staff.desk.reports.report import report_of
from staff.models import AuditEntry, ReportRun, ReportSubscription, Rhythm, RunState, User
from staff.roles import Role
from tests.institution import again, issued, person, signed_in
from tests.platform import APPLICATION, Platform

pytestmark = pytest.mark.usefixtures("plain_letters")
#: A Monday, at seven in the morning.
MONDAY = datetime(2026, 6, 1, 7, tzinfo=CHINA)


@pytest.fixture
def clocks() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as found:
        yield found


@pytest.fixture
def manager(platform: Platform, settings: Any) -> User:
    settings.MAIL_IS_SET_UP = True
    manager = person(Role.MANAGER)
    manager.email = "manager@example.cn"
    manager.save()
    return manager


def subscribed(manager: User, rhythm: Rhythm = Rhythm.WEEKLY, **given: Any) -> ReportSubscription:
    """Over the page, as people do it."""
    asked = {"form": "xlsx", "rhythm": rhythm.value, "people": [str(manager.pk)]} | given
    answer = signed_in(Role.MANAGER).post("/admin/reports/ledger/subscribe/?scale=wan&nature=works", asked)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return ReportSubscription.objects.latest("pk")


def turn() -> list[ReportRun]:
    """What one turn of the periodic work put into the queue, made and mailed."""
    before = set(ReportRun.objects.values_list("pk", flat=True))
    subscriptions.queue_due()
    running.make_due()
    mailing.mail_due()
    return list(ReportRun.objects.exclude(pk__in=before))


@pytest.mark.parametrize(
    ("rhythm", "today", "due", "first", "last"),
    [
        (Rhythm.DAILY, date(2026, 3, 1), date(2026, 3, 1), date(2026, 2, 28), date(2026, 2, 28)),
        (Rhythm.WEEKLY, date(2026, 6, 3), date(2026, 6, 1), date(2026, 5, 25), date(2026, 5, 31)),
        (Rhythm.WEEKLY, date(2026, 6, 1), date(2026, 6, 1), date(2026, 5, 25), date(2026, 5, 31)),
        (Rhythm.MONTHLY, date(2026, 1, 31), date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_on_which_day_and_of_which_days(rhythm: Rhythm, today: date, due: date, first: date, last: date) -> None:
    assert subscriptions.day_due(rhythm, today) == due
    period = subscriptions.period_of(rhythm, due)
    assert (period.first, period.last) == (first, last)


def test_it_is_made_and_mailed_on_its_day_once(clocks: Any, manager: User) -> None:
    subscription = subscribed(manager)
    assert turn() == []
    clocks.move_to(MONDAY + timedelta(days=7) - timedelta(hours=2))
    assert turn() == []
    clocks.move_to(MONDAY + timedelta(days=7))
    (run,) = turn()
    assert turn() == []
    assert (run.person, run.subscription, run.due_on) == (manager, subscription, date(2026, 6, 8))
    assert QueryDict(run.query).dict() == {
        "scale": "wan",
        "nature": "works",
        "first": "2026-06-01",
        "last": "2026-06-07",
    }
    (message,) = mail.outbox
    assert message.to == ["manager@example.cn"]
    assert "Business ledger" in message.subject
    assert again(run).mailed_at == clock.now()
    assert AuditEntry.objects.get(event="report.exported").details["subscription"] == subscription.pk
    assert AuditEntry.objects.get(event="report.mailed").details["report"] == "ledger"


def test_what_was_missed_is_made_once(clocks: Any, manager: User) -> None:
    subscribed(manager, Rhythm.DAILY)
    clocks.shift(timedelta(days=30))
    (run,) = turn()
    assert QueryDict(run.query)["first"] == "2026-06-30"
    assert len(mail.outbox) == 1


def test_the_mail_has_every_row_and_nothing_personal(clocks: Any, manager: User, platform: Platform) -> None:
    letter = issued(platform)
    made = ReportSubscription.objects.create(
        report="ledger", form="xlsx", rhythm=Rhythm.DAILY, language="en", made_by=manager, made_at=clock.now(),
        last_due=clock.today(),
    )  # fmt: skip
    made.people.add(manager)
    clocks.shift(timedelta(days=1))
    turn()
    (message,) = mail.outbox
    _name, content, _kind = message.attachments[0]
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    words = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert letter.number in words
    for name in ("contactsName", "contactsWay", "contractCerNo", "legalPerson", "legalIdNo"):
        if value := APPLICATION.get(name):
            assert value not in words


def test_who_may_not_see_the_report_any_more_gets_none(clocks: Any, manager: User) -> None:
    subscribed(manager, Rhythm.DAILY)
    manager.groups.clear()
    clocks.shift(timedelta(days=1))
    assert turn() == []
    assert mail.outbox == []


def test_rights_lost_before_the_mail_leaves_stop_it(clocks: Any, manager: User) -> None:
    subscribed(manager, Rhythm.DAILY)
    clocks.shift(timedelta(days=1))
    subscriptions.queue_due()
    running.make_due()
    manager.groups.clear()
    assert mailing.mail_due() == 0
    assert mail.outbox == []
    assert not mailing.due().exists()


def test_nobody_is_subscribed_who_may_not_see_the_report(clocks: Any, manager: User) -> None:
    cashier = person(Role.CASHIER)
    asked = {"form": "xlsx", "rhythm": "daily", "people": [str(cashier.pk)]}
    page = signed_in(Role.MANAGER).post("/admin/reports/ledger/subscribe/", asked)
    assert page.status_code == 200
    assert "Select a valid choice" in page.content.decode()
    assert signed_in(Role.CASHIER).get("/admin/reports/ledger/subscribe/").status_code == 403
    assert not ReportSubscription.objects.exists()
    report = report_of("ledger")
    assert report is not None
    assert cashier not in subscriptions.who_may_be_told(report, manager)


def test_without_a_mail_server_the_file_lies_among_the_persons_files_and_the_page_says_so(
    clocks: Any, manager: User, settings: Any
) -> None:
    settings.MAIL_IS_SET_UP = False
    assert "nobody is mailed" in signed_in(Role.MANAGER).get("/admin/reports/ledger/subscribe/").content.decode()
    subscribed(manager, Rhythm.DAILY)
    clocks.shift(timedelta(days=1))
    (run,) = turn()
    assert mail.outbox == []
    client = signed_in(Role.MANAGER)
    assert "Files that you asked for are done: 1." in client.get("/admin/").content.decode()
    page = client.get("/admin/own_files/").content.decode()
    assert "nobody is mailed" in page
    assert f"/admin/files/{run.pk}/file/" in page


def test_a_mail_server_that_is_away_is_asked_again_and_not_for_ever(
    clocks: Any, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(manager, Rhythm.DAILY)
    clocks.shift(timedelta(days=1))
    tried: list[str] = []

    def away(message: EmailMessage) -> int:
        tried.append(message.subject)
        raise ConnectionRefusedError("manager@example.cn")

    monkeypatch.setattr(EmailMessage, "send", away)
    (run,) = turn()
    assert (mailing.mail_due(), len(tried)) == (0, 1)
    for _attempt in range(10):
        clocks.shift(mailing.WAIT)
        mailing.mail_due()
    assert len(tried) == mailing.MOST_ATTEMPTS
    assert (again(run).state, again(run).mailed_at) == (RunState.READY, None)


def test_a_file_too_large_for_a_mail_is_told_of(clocks: Any, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "LARGEST", 10)
    subscribed(manager, Rhythm.DAILY)
    clocks.shift(timedelta(days=1))
    turn()
    (message,) = mail.outbox
    assert message.attachments == []
    assert f"{django_settings.PUBLIC_URL}/admin/own_files/" in message.body


def test_whoever_made_it_ends_it_and_others_leave(clocks: Any, manager: User) -> None:
    auditor = person(Role.AUDITOR)
    subscription = subscribed(manager, Rhythm.DAILY, people=[str(manager.pk), str(auditor.pk)])
    leave = f"/admin/files/subscriptions/{subscription.pk}/leave/"
    assert signed_in(Role.ACCOUNTANT).post(leave).status_code == 404
    assert signed_in(Role.AUDITOR).get(leave).status_code == 405
    assert signed_in(Role.AUDITOR).post(leave).status_code == 302
    clocks.shift(timedelta(days=1))
    assert [run.person for run in turn()] == [manager]
    assert "End it" in signed_in(Role.MANAGER).get("/admin/own_files/").content.decode()
    assert signed_in(Role.MANAGER).post(leave).status_code == 302
    clocks.shift(timedelta(days=1))
    assert turn() == []
    events = AuditEntry.objects.filter(event__in=("report.subscribed", "report.left")).values_list("event", flat=True)
    assert sorted(events) == ["report.left", "report.left", "report.subscribed"]


def test_of_two_turns_at_once_one_makes_it(clocks: Any, manager: User) -> None:
    subscription = subscribed(manager, Rhythm.DAILY)
    clocks.shift(timedelta(days=1))
    due = subscriptions.day_due(Rhythm.DAILY, subscriptions.today())
    subscriptions._queue(subscription.pk, due)
    subscriptions._queue(subscription.pk, due)
    assert ReportRun.objects.count() == 1
    assert runs.claim() is not None
