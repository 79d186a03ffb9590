"""What no letter can print is found out before it is approved, and put right by two people; validity from the issue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client

from guarantees.models import Application, Correction, Guarantee
from guarantees.validity import validity
from staff import clock
from staff.clock import CHINA
from staff.decisions import NotPossible
from staff.models import AuditEntry, User
from staff.roles import Role
from tests.institution import applied, approved, decide, issued, notified, open_to, person
from tests.pdf import text_of
from tests.platform import Platform

UNPRINTABLE = {
    "rare": "𠮷祥建设有限公司",
    "emoji": "青城建设😀有限公司",
    "mongolian": "ᠮᠣᠩᠭᠣᠯ建设有限公司",
    "arabic": "شركة建设有限公司",
    "devanagari": "नमस्ते建设",
    "turned": "青城\u202e建设有限公司",
    "line": "青城\n建设有限公司",
    "combining": "青城́建设有限公司",
}


def another(name: str = "second") -> User:
    return person(Role.UNDERWRITER, name)


def page(case: Application, who: User) -> str:
    client = Client()
    client.force_login(who)
    client.cookies["django_language"] = "en"
    return client.get(f"/admin/guarantees/application/{case.pk}/change/").content.decode()


@pytest.mark.parametrize("field", ["supplier", "projectName", "purchaseName", "bidName"])
@pytest.mark.parametrize("name", UNPRINTABLE.values(), ids=UNPRINTABLE)
def test_what_cannot_be_printed_is_told_at_once_and_not_approved(platform: Platform, name: str, field: str) -> None:
    application = applied(platform, **{field: name})
    assert open_to(application, Role.UNDERWRITER) == {"propose_correction", "reject", "ask_for_documents", "make_link"}
    with pytest.raises(NotPossible, match="could not be printed"):
        decide("approve", application, Role.UNDERWRITER, premium="1.00")
    assert notified(platform) == []


def test_the_script_that_must_be_joined_is_named(platform: Platform) -> None:
    application = applied(platform, supplier=UNPRINTABLE["mongolian"])
    assert "is Mongolian, whose letters must be joined" in page(application, person(Role.UNDERWRITER))


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad", "\ufe00", "\U000e0100", "\u2060"])
def test_what_nobody_sees_is_left_out_of_the_letter_and_kept_as_received(platform: Platform, unseen: str) -> None:
    guarantee = issued(platform, supplier=f"青城{unseen}建设有限公司")
    assert "青城建设有限公司" in text_of(guarantee.file.read()).replace("\n", "")
    assert guarantee.application.applicant_name == f"青城{unseen}建设有限公司"


def test_two_people_correct_it_and_the_letter_says_so(platform: Platform) -> None:
    application = applied(platform, supplier=UNPRINTABLE["rare"])
    decide("propose_correction", application, Role.UNDERWRITER, applicant_name="吉祥建设有限公司", reason="生僻字")
    assert Application.objects.get().applicant_name == UNPRINTABLE["rare"]
    with pytest.raises(NotPossible, match="another person must confirm"):
        decide("confirm_correction", application, Role.UNDERWRITER)
    with pytest.raises(NotPossible, match="waits to be confirmed"):
        decide("approve", application, another(), premium="1.00")
    shown = page(application, another())
    assert f"{UNPRINTABLE['rare']} → 吉祥建设有限公司" in shown
    decide("confirm_correction", application, another())
    application = Application.objects.get()
    assert application.applicant_name == "吉祥建设有限公司"
    assert "As received, before corrections" in page(application, another())
    decide("approve", application, another(), premium="4500.00")
    decide("record_payment", Application.objects.get(), Role.CASHIER)
    decide("issue", Application.objects.get(), Role.ISSUER)
    assert "吉祥建设有限公司" in text_of(Guarantee.objects.get().file.read()).replace("\n", "")
    details = AuditEntry.objects.get(event="application.correction_confirmed").details
    assert details["corrected"] == {"applicant_name": f"{UNPRINTABLE['rare']} → 吉祥建设有限公司"}
    assert platform.apply(supplier=UNPRINTABLE["rare"]).code == "000"  # the same PREP101 again is the same (B1)
    assert Application.objects.count() == 1


def test_what_is_returned_changes_nothing(platform: Platform) -> None:
    application = applied(platform)
    decide("propose_correction", application, Role.UNDERWRITER, project_name="另一工程", reason="…")
    decide("return_correction", application, another(), reason="与合同不符")
    assert (Application.objects.get().project_name, Correction.objects.get().state) == ("道路养护工程", "returned")
    assert "approve" in open_to(application, Role.UNDERWRITER)


@pytest.mark.parametrize("changed", [{}, {"project_name": ""}, {"project_name": "𠮷"}, {"start_date": date(1, 1, 1)}])
def test_a_wrong_correction_is_refused(platform: Platform, changed: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        decide("propose_correction", applied(platform), Role.UNDERWRITER, reason="…", **changed)
    assert not Correction.objects.exists()


def test_one_correction_at_a_time(platform: Platform) -> None:
    application = applied(platform)
    decide("propose_correction", application, Role.UNDERWRITER, project_name="另一工程", reason="…")
    with pytest.raises(NotPossible, match="waits to be confirmed"):
        decide("propose_correction", application, another(), project_name="第三工程", reason="…")
    twin = Correction.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError):
        twin.save()


def test_an_approved_application_is_not_corrected_so(platform: Platform) -> None:
    assert "propose_correction" not in open_to(approved(platform), Role.UNDERWRITER)


# --- Validity (decisions B3) ------------------------------------------------------------------------------------------
def at(day: str, time: str = "10:00:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "end", "months", "issued_at", "begins", "ends"),
    [
        ("2026-10-01", None, 12, "2026-11-26", "2026-11-26T10:00:00", "2027-11-25"),  # past: counted from the issue
        (None, None, 12, "2026-11-26", "2026-11-26T10:00:00", "2027-11-25"),
        ("2026-12-01", None, 12, "2026-11-26", "2026-12-01T00:00:00", "2027-11-30"),
        ("2026-10-01", "2027-09-30", 12, "2026-11-26", "2026-11-26T10:00:00", "2027-09-30"),  # the date wins
        ("2026-01-31", None, 1, "2026-01-31", "2026-01-31T10:00:00", "2026-02-28"),
    ],
)
def test_a_start_that_is_past_shortens_no_term(
    start: str | None, end: str | None, months: int, issued_at: str, begins: str, ends: str
) -> None:
    days = [date.fromisoformat(day) if day else None for day in (start, end)]
    term = validity(start=days[0], end=days[1], months=months, issued_at=at(issued_at))
    assert term.begins == datetime.fromisoformat(begins).replace(tzinfo=CHINA)
    assert term.ends == at(ends, "23:59:59")


def test_a_letter_issued_days_after_its_start_has_its_whole_term(platform: Platform) -> None:
    today = clock.today()
    start = today + timedelta(days=1)
    application = approved(platform, guaranteeStartDate=start.strftime("%Y%m%d"), guaranteeDate="6")
    with time_machine.travel(clock.now() + timedelta(days=5)):
        decide("record_payment", application, Role.CASHIER)
        decide("issue", Application.objects.get(), Role.ISSUER)
        expected = validity(start=None, end=None, months=6, issued_at=clock.now()).ends
    assert Guarantee.objects.get().valid_until == expected


def test_the_approval_says_which_end_results(platform: Platform) -> None:
    application = applied(platform)
    client = Client()
    client.force_login(person(Role.UNDERWRITER))
    form = client.get(f"/admin/guarantees/application/{application.pk}/decide/approve/").content.decode()
    ends = validity(start=None, end=None, months=12, issued_at=clock.now()).ends
    assert f"{ends:%Y-%m-%d} 23:59:59" in form
