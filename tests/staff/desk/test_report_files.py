"""Files that take longer than a page: queued, made for what the person may see by then, told of, kept for a week."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from guarantees.models import Application, Guarantee
from guarantees.reports import ledger
from staff import clock
from staff.desk.reports import running, runs
from staff.models import AuditEntry, ReportRun, RunState, User
from staff.roles import Role
from tests.institution import again, issued, person, signed_in
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")
LEDGER = "/admin/reports/ledger/file/csv/"
LIST = "/admin/guarantees/application/export/csv/"
FILES = "/admin/own_files/"


@pytest.fixture
def letters(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> list[Guarantee]:
    """Two, where one row is more than a page takes."""
    monkeypatch.setattr(runs, "LONG", 1)
    return [issued(platform, applicationId="SQ0001"), issued(platform, applicationId="SQ0002")]


def asked(address: str = LEDGER, role: Role = Role.MANAGER) -> tuple[Client, ReportRun]:
    client = signed_in(role)
    assert client.get(address).headers["Location"] == FILES
    return client, ReportRun.objects.latest("pk")


def taken(client: Client, run: ReportRun) -> list[dict[str, str]]:
    answer = client.get(reverse("admin:own_file", args=[run.pk]))
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text)))


def test_a_long_report_is_made_behind_the_pages_and_taken_by_whoever_asked(letters: list[Guarantee]) -> None:
    client, run = asked()
    page = client.get(FILES).content.decode()
    assert 'http-equiv="refresh"' in page
    assert "waits to be made" in page
    assert client.get(reverse("admin:own_file", args=[run.pk])).status_code == 404
    assert running.make_due() == 1
    assert "Files that you asked for are done: 1." in client.get("/admin/").content.decode()
    page = client.get(FILES).content.decode()
    assert 'http-equiv="refresh"' not in page
    assert reverse("admin:own_file", args=[run.pk]) in page
    assert "Files that you asked for" not in client.get("/admin/").content.decode()
    assert {row["guarantee number"] for row in taken(client, run) if row["order number"]} == {
        letter.number for letter in letters
    }
    details = AuditEntry.objects.get(event="report.exported").details
    assert details == {"report": "ledger", "form": "csv", "filters": [], "rows": 2}


def test_nobody_else_takes_it_and_the_storage_holds_no_word_of_it(letters: list[Guarantee]) -> None:
    _client, run = asked()
    running.make_due()
    other = User.objects.create_user("other", name="Other manager")
    other.groups.add(Group.objects.get(name=Role.MANAGER))
    stranger = Client()
    address = reverse("admin:own_file", args=[run.pk])
    assert stranger.get(address).status_code == 302
    stranger.force_login(other)
    assert stranger.get(address).status_code == 404
    run = again(run)
    with default_storage.open(run.path) as stored:
        assert letters[0].number.encode() not in stored.read()


def test_a_long_list_is_made_for_its_filters_and_its_search_stays_secret(letters: list[Guarantee]) -> None:
    client, run = asked(f"{LIST}?state__exact=issued")
    running.make_due()
    assert {row["order number"] for row in taken(client, run)} == {"SQ0001", "SQ0002"}
    assert AuditEntry.objects.get(event="list.exported").details == {
        "list": "guarantees.Application",
        "form": "csv",
        "filters": ["state__exact"],
        "rows": 2,
    }


def test_personal_data_is_masked_there_too(letters: list[Guarantee]) -> None:
    client, run = asked(LIST)
    running.make_due()
    assert {row["agent's telephone"] for row in taken(client, run)} == {"139******01"}


def test_what_the_person_may_see_is_asked_when_it_is_made(letters: list[Guarantee]) -> None:
    _client, run = asked()
    person(Role.MANAGER).groups.clear()
    running.make_due()
    run = again(run)
    assert (run.state, run.path) == (RunState.FAILED, "")
    assert "You may not see it any more." in run.failure


def test_what_the_person_may_see_is_asked_again_when_it_is_taken(letters: list[Guarantee]) -> None:
    client, run = asked()
    running.make_due()
    person(Role.MANAGER).groups.add(Group.objects.get(name=Role.CASHIER))
    answer = client.get(reverse("admin:own_file", args=[run.pk]), follow=True)
    assert "What you may see has changed" in answer.content.decode()


def test_who_sees_no_reports_takes_no_more_than_a_page_of_a_list(letters: list[Guarantee]) -> None:
    client = signed_in(Role.ISSUER)
    answer = client.get(LIST, follow=True)
    assert "A file has at most 1 rows." in answer.content.decode()
    assert not ReportRun.objects.exists()
    assert client.get(f"{LIST}?q=SQ0001").status_code == 200


def test_the_same_is_made_once_and_nobody_has_many_in_the_making(
    letters: list[Guarantee], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, run = asked()
    client.get(LEDGER)
    assert ReportRun.objects.get() == run
    for form in ("xlsx", "pdf"):
        monkeypatch.setattr(runs, "LONG_ON_PAPER", 1)
        client.get(f"/admin/reports/ledger/file/{form}/")
    assert ReportRun.objects.count() == runs.MOST_PENDING
    answer = client.get(f"{LEDGER}?scale=wan", follow=True)
    assert "3 files of yours are being made." in answer.content.decode()
    assert ReportRun.objects.count() == runs.MOST_PENDING


def test_its_days_stay_those_that_were_meant_when_it_was_asked_for(letters: list[Guarantee]) -> None:
    client, run = asked(f"{LEDGER}?period=this_month")
    with time_machine.travel(clock.now() + timedelta(days=40), tick=False):
        running.make_due()
        run = again(run)
        assert run.state == RunState.READY
        client = signed_in(Role.MANAGER)
        assert len([row for row in taken(client, run) if row["order number"]]) == 2


def test_what_a_dead_process_left_is_begun_anew_and_given_up_in_the_end(letters: list[Guarantee]) -> None:
    _client, run = asked()
    with time_machine.travel(clock.now(), tick=False) as clocks:
        for attempt in range(1, runs.MOST_ATTEMPTS + 1):
            claimed = runs.claim()
            assert claimed is not None
            assert claimed.attempts == attempt
            assert runs.claim() is None
            clocks.shift(runs.LEASE + timedelta(seconds=1))
        assert runs.claim() is None
    run = again(run)
    assert run.state == RunState.FAILED
    assert "never ended" in run.failure


def test_who_was_held_up_too_long_stores_nothing(letters: list[Guarantee]) -> None:
    _client, run = asked()
    with time_machine.travel(clock.now(), tick=False) as clocks:
        late = runs.claim()
        assert late is not None
        clocks.shift(runs.LEASE + timedelta(seconds=1))
        assert running.make_due() == 1
    run = again(run)
    stored = run.path
    with pytest.raises(runs.Lost):
        runs.progress(late, 1)
    with pytest.raises(runs.Lost):
        runs.keep(late, io.BytesIO(b"late"), "late.csv", 1)
    run = again(run)
    assert (run.state, run.path) == (RunState.READY, stored)
    assert default_storage.listdir(runs.FOLDER)[1] == [stored.split("/")[1]]


def test_a_failure_of_ours_is_told_and_holds_nobody_else_up(
    letters: list[Guarantee], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, run = asked()
    _client, second = asked(LIST)

    def broken(*_any: object) -> Any:
        raise RuntimeError("secret words")

    monkeypatch.setattr(ledger, "entries", broken)
    assert running.make_due() == 2
    run = again(run)
    second = again(second)
    assert (run.state, second.state) == (RunState.FAILED, RunState.READY)
    page = client.get(FILES).content.decode()
    assert "It failed on our side." in page
    assert "secret words" not in page


def test_after_a_week_the_file_is_gone(letters: list[Guarantee]) -> None:
    _client, run = asked()
    running.make_due()
    run = again(run)
    runs.expire_due()
    assert default_storage.exists(path := run.path)
    with time_machine.travel(clock.now() + runs.KEPT, tick=False):
        assert signed_in(Role.MANAGER).get(reverse("admin:own_file", args=[run.pk])).status_code == 404
        runs.expire_due()
    run = again(run)
    assert (run.state, run.path) == (RunState.EXPIRED, "")
    assert not default_storage.exists(path)


def test_it_is_made_in_the_language_of_whoever_asked_and_called_so(letters: list[Guarantee]) -> None:
    client = signed_in(Role.MANAGER)
    client.cookies["django_language"] = "zh-hans"
    client.get(LEDGER)
    running.make_due()
    run = ReportRun.objects.get()
    answer = client.get(reverse("admin:own_file", args=[run.pk]))
    assert "业务台账_" in unquote(answer.headers["Content-Disposition"])


def test_it_says_how_far_it_is(letters: list[Guarantee]) -> None:
    client, _run = asked()
    claimed = runs.claim()
    assert claimed is not None
    runs.progress(claimed, 1)
    assert "1 of 2" in client.get(FILES).content.decode()


def test_a_short_file_comes_at_once(received: Application, desk: Callable[[Role], Client]) -> None:
    assert desk(Role.MANAGER).get(LIST).status_code == 200
    assert not ReportRun.objects.exists()


def test_a_worker_makes_them_itself_and_the_site_in_a_thread(
    letters: list[Guarantee], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    begun: list[Any] = []
    monkeypatch.setattr(threading.Thread, "start", lambda thread: begun.append(thread.name))
    running.turn()
    assert begun == []
    _client, run = asked()
    running.turn()
    assert (begun, again(run).state) == (["report-files"], RunState.QUEUED)
    settings.REDIS_URL = "redis://127.0.0.1/"
    running.turn()
    assert (begun, again(run).state) == (["report-files"], RunState.READY)
