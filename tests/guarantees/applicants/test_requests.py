"""An applicant is asked for documents: one request at a time, and the clock of the decision rests until its answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from guarantees.applicants import requests
from guarantees.models import Application, SupplementRequest
from guarantees.targets import TARGETS, Work
from staff import calendar
from staff.clock import CHINA
from staff.decisions import NotPossible, decisions_on
from staff.models import AuditEntry
from staff.roles import Role
from staff.targets import recount
from tests.institution import again, applied, decide, notified, open_to, parameter, withdrawal
from tests.platform import Platform

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
#: The hour at which the applicant answers: two days and an hour later.
WEDNESDAY = datetime(2026, 11, 25, 10, 30, tzinfo=CHINA)
TARGET = TARGETS[Work.APPLICATION].default


def ask(application: Application, **given: Any) -> SupplementRequest:
    decide("ask_for_documents", application, Role.UNDERWRITER, **{"documents": ["801", "802"], **given})
    return SupplementRequest.objects.filter(application=application).latest("number")


def events(application: Application) -> list[str]:
    entries = AuditEntry.objects.filter(chain=application.audit_chain, event__startswith="supplement.")
    return list(entries.order_by("number").values_list("event", flat=True))


def test_it_names_documents_and_a_deadline_and_tells_the_platform_nothing(platform: Platform) -> None:
    with time_machine.travel(MONDAY, tick=False):
        application = applied(platform)
        asked = ask(application, words="合同须盖章")
    assert [one["name"] for one in asked.documents] == ["中标（成交）通知书", "政府采购合同"]
    assert (asked.deadline, asked.words) == (date(2026, 11, 30), "合同须盖章")
    assert again(application).state == "received"
    assert notified(platform) == []
    [entry] = AuditEntry.objects.filter(event="supplement.asked")
    assert (entry.details["deadline"], len(entry.details["documents"])) == ("2026-11-30", 2)


def test_what_is_named_twice_is_asked_for_once(platform: Platform, desk: Any) -> None:
    application = applied(platform)
    assert len(ask(application, documents=["801", "801"]).documents) == 1
    page = desk(Role.UNDERWRITER).get(f"/admin/guarantees/application/{application.pk}/change/")
    assert "Notice of award" in page.content.decode()


def test_how_long_the_applicant_has_is_data(platform: Platform) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        parameter("applicants.answer_days", 2)
        now.move_to(MONDAY + timedelta(minutes=1))
        assert ask(applied(platform)).deadline == date(2026, 11, 25)


def test_the_clock_rests_from_the_request_to_the_answer(platform: Platform) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        application = applied(platform)
        now.move_to(MONDAY + timedelta(hours=1))
        ask(application)
        waiting = again(application)
        # Until the deadline all is well; what did not come five working days later presses.
        assert (waiting.work, waiting.amber_at.date()) == ("supplement", date(2026, 11, 30))  # type: ignore[union-attr]
        assert waiting.red_at.date() == date(2026, 12, 7)  # type: ignore[union-attr]
        now.move_to(WEDNESDAY)
        decide("record_documents", again(application), Role.UNDERWRITER, reason="邮寄收到")
    rested = Decimal(13)  # two whole working days
    for case in (again(application), again(application)):
        assert case.work == "application"
        assert case.amber_at == calendar.add_working_hours(MONDAY, TARGET.amber + rested).at
        assert case.red_at == calendar.add_working_hours(MONDAY, TARGET.red + rested).at
        recount()  # finds nothing to bring up to date


def test_only_one_at_a_time_and_only_while_nothing_is_decided(platform: Platform) -> None:
    application = applied(platform)
    assert "ask_for_documents" in open_to(application, Role.UNDERWRITER)
    assert not {"take_back_request", "record_documents"} & open_to(application, Role.UNDERWRITER)
    ask(application)
    with pytest.raises(NotPossible, match="asked already"):
        ask(application)
    assert {"take_back_request", "record_documents", "approve", "reject"} <= open_to(application, Role.UNDERWRITER)
    assert not {"ask_for_documents", "take_back_request"} & open_to(application, Role.CASHIER)
    decide("take_back_request", application, Role.UNDERWRITER, reason="已在平台查到")
    second = ask(application)
    assert second.number == 2
    reject = next(one for one in decisions_on(Application) if one.name == "reject")
    assert "the request is closed by this" in reject.consequence(again(application))
    decide("reject", again(application), Role.UNDERWRITER, reason="资料不全且逾期未补")
    assert again(second).state == "closed"
    assert "ask_for_documents" not in open_to(again(application), Role.UNDERWRITER)
    assert events(application)[-1] == "supplement.closed"


def test_approving_closes_what_was_still_asked_for(platform: Platform) -> None:
    application = applied(platform)
    asked = ask(application)
    decide("approve", again(application), Role.UNDERWRITER, premium=Decimal("4500.00"))
    assert again(asked).state == "closed"
    assert again(application).work == "premium"


def test_a_cancelled_order_closes_it(platform: Platform) -> None:
    application = applied(platform)
    asked = ask(application)
    back = withdrawal(platform, application.order.number, "02")
    with pytest.raises(NotPossible, match="asks to withdraw"):
        ask(application)
    assert again(asked).state == "open"  # it may be refused, and then goes on
    decide("approve", back, Role.UNDERWRITER)
    assert again(asked).state == "closed"
    assert again(application).state == "cancelled"


def test_a_deadline_that_passes_is_noted_once_and_a_person_decides(platform: Platform, desk: Any) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        application = applied(platform)
        asked = ask(application)
        now.move_to(datetime(2026, 11, 30, 23, 59, tzinfo=CHINA))
        requests.watch_deadlines()
        assert again(asked).state == "open"
        now.move_to(datetime(2026, 12, 1, 0, 1, tzinfo=CHINA))
        requests.watch_deadlines()
        requests.watch_deadlines()
        assert again(asked).state == "overdue"
        assert events(application) == ["supplement.asked", "supplement.overdue"]
        page = desk(Role.UNDERWRITER).get(f"/admin/guarantees/application/{application.pk}/change/").content.decode()
        assert "did not come: decide what follows" in page
        assert again(application).state == "received"
        # It still counts when it comes.
        decide("record_documents", again(application), Role.UNDERWRITER, reason="迟到")
        assert again(asked).state == "answered"


def test_what_came_and_what_is_overdue_wait_on_the_home_page(platform: Platform, desk: Any) -> None:
    client: Client = desk(Role.UNDERWRITER)
    first, second = applied(platform, applicationId="SQ1"), applied(platform, applicationId="SQ2")
    ask(first)
    ask(second)
    decide("record_documents", again(first), Role.UNDERWRITER, reason="邮寄收到")
    home = client.get("/admin/").content.decode()
    assert "documents came" in home.lower()
    assert "documents overdue" not in home.lower()
    listed = client.get("/admin/guarantees/application/?documents=came").content.decode()
    assert "SQ1" in listed
    assert "SQ2" not in listed
    ask(again(first))
    assert "documents came" not in client.get("/admin/").content.decode().lower()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"documents": []}, "required"),
        ({"documents": ["717"]}, "not one of the available choices"),
        ({"documents": ["899"]}, "Say which paper is meant."),
        ({"deadline": "2026-11-23"}, "Leave the applicant a day at least."),
        ({"deadline": "2027-11-23"}, "within 90 days"),
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(
    platform: Platform, desk: Any, wrong: dict[str, Any], sentence: str
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        application = applied(platform)
        given = {"documents": ["801"], "deadline": "2026-11-30", "words": "", "seen": 1, **wrong}
        address = f"/admin/guarantees/application/{application.pk}/decide/ask_for_documents/"
        assert sentence in desk(Role.UNDERWRITER).post(address, given).content.decode()
    assert not SupplementRequest.objects.exists()
