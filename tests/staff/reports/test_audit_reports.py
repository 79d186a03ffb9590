"""What an auditor reads: the trail by person and case, whether it is whole, and what is out of the ordinary."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from staff import clock
from staff.models import AuditEntry
from staff.roles import Role
from tests.institution import again, applied, approved, decide, issued, parameter, person, signed_in
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")
#: A Monday's working hours in China, and its night.
MORNING, NIGHT = datetime(2026, 11, 23, 2, tzinfo=UTC), datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def auditor(platform: Platform) -> Client:
    return signed_in(Role.AUDITOR)


def page(client: Client, code: str, **query: Any) -> str:
    days = {"period": "free", "first": "2026-01-01", "last": "2026-12-31"}
    answer = client.get(reverse("admin:report", args=[code]), {**days, **query})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def exceptions(client: Client) -> dict[str, int]:
    first = page(client, "exceptions").split("</table>")[0]
    cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", first, re.DOTALL)]
    return {label: int(number) for label, number in zip(cells[::2], cells[1::2], strict=True) if label != "Total"}


def test_an_order_is_found_by_its_number_and_by_its_letters(platform: Platform, auditor: Client) -> None:
    letter = issued(platform, applicationId="SQ0001")
    approved(platform, applicationId="SQ0002")
    for number in ("SQ0001", letter.number):
        found = page(auditor, "trail", case=number)
        assert "Letter issued" in found
        assert "SQ0002" not in found
        listed = auditor.get(reverse("admin:staff_auditentry_changelist"), {"q": number}).content.decode()
        assert f"order:{letter.application.order_id}" in listed
        assert f"order:{letter.application.order_id + 1}" not in listed


def test_an_event_is_found_by_its_chinese_words(platform: Platform, auditor: Client) -> None:
    approved(platform, applicationId="SQ0001")
    auditor.cookies["django_language"] = "zh-hans"
    listed = auditor.get(reverse("admin:staff_auditentry_changelist"), {"q": "审批通过"}).content.decode()
    assert "order:" in listed
    nothing = auditor.get(reverse("admin:staff_auditentry_changelist"), {"q": "没有这样的事项"}).content.decode()
    assert "order:" not in nothing


def test_it_says_whether_the_chains_are_whole(platform: Platform, auditor: Client) -> None:
    letter = issued(platform, applicationId="SQ0001")
    assert "are whole" in page(auditor, "trail", case="SQ0001")
    entry = AuditEntry.objects.filter(chain=letter.audit_chain)[1]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE staff_auditentry SET reason = 'nothing' WHERE id = %s", [entry.pk])
    broken = page(auditor, "trail", case="SQ0001")
    assert "NOT WHOLE" in broken
    assert str(entry) in broken


def test_only_one_persons_work(platform: Platform, auditor: Client) -> None:
    issued(platform, applicationId="SQ0001")
    found = page(auditor, "trail", person=person(Role.CASHIER).pk)
    assert "Receipt recorded" in found
    assert "Letter issued</td>" not in found


def test_what_is_decided_in_working_hours_is_none(platform: Platform, auditor: Client) -> None:
    with clock.running(lambda: MORNING):
        issued(platform, applicationId="SQ0001")
    assert exceptions(auditor)["Decided out of hours"] == 0


def test_what_is_decided_at_night_is_one(platform: Platform, auditor: Client) -> None:
    with clock.running(lambda: NIGHT):
        approved(platform, applicationId="SQ0001")
    assert exceptions(auditor)["Decided out of hours"] == 1


def test_a_waiver_and_a_late_receipt_and_an_odd_premium(platform: Platform, auditor: Client) -> None:
    first = approved(platform, applicationId="SQ0001")
    decide("waive_premium", first, Role.UNDERWRITER, reason="集团客户")
    now = clock.now()
    with clock.running(lambda: now - timedelta(days=6)):
        second = approved(platform, applicationId="SQ0002")
    decide("record_payment", second, Role.CASHIER, paid_at=now - timedelta(days=5), long_past=True)
    found = exceptions(auditor)
    assert found["Premium waived or on account"] == 1
    assert found["Receipt recorded late"] == 1
    assert found["Premium out of proportion"] == 0
    odd = applied(platform, applicationId="SQ0003")
    decide("approve", odd, Role.UNDERWRITER, premium="450.00")  # half a per mille of 900,000.00
    assert exceptions(auditor)["Premium out of proportion"] == 1


def test_two_duties_of_one_person_on_a_case(platform: Platform, auditor: Client) -> None:
    """The smaller profile allows it, and the auditor is told."""
    parameter("duties.profile", "small")
    alone = person(Role.UNDERWRITER, "alone")
    alone.groups.add(*person(Role.CASHIER).groups.all())
    case = applied(platform, applicationId="SQ0001")
    decide("approve", case, alone, premium="4500.00")
    assert exceptions(auditor)["Two duties of one case by one person"] == 0
    decide("record_payment", again(case), alone)
    assert exceptions(auditor)["Two duties of one case by one person"] == 1


@pytest.mark.parametrize("role", [Role.UNDERWRITER, Role.ACCOUNTANT])
def test_nobody_else_reads_them(platform: Platform, role: Role) -> None:
    for code in ("trail", "exceptions"):
        assert signed_in(role).get(reverse("admin:report", args=[code])).status_code == 403
