"""Reports over HTTP, as a manager reads them: figures of the book, the cases behind them, and bad questions."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guarantees.models import Guarantee
from staff import clock
from staff.desk.reports.report import REPORTS
from staff.roles import Role
from tests.institution import again, cancellation, decide, demanded, issued, paid, signed_in
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")
CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)


@pytest.fixture
def manager(platform: Platform) -> Client:
    return signed_in(Role.MANAGER)


def table(client: Client, code: str, number: int = 0, **query: Any) -> list[list[str]]:
    """The rows of one table of a report, its heading the first."""
    answer = client.get(reverse("admin:report", args=[code]), query)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    tables = re.findall(r"<table>.*?</table>", answer.content.decode(), re.DOTALL)
    rows = re.findall(r"<tr[^>]*>.*?</tr>", tables[number], re.DOTALL)
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in CELL.findall(row)] for row in rows]


def links(client: Client, code: str) -> list[str]:
    page = client.get(reverse("admin:report", args=[code])).content.decode()
    return [unescape(found) for found in re.findall(r'<td[^>]*><a href="([^"]+)"', page)]


@pytest.fixture
def business(platform: Platform) -> Guarantee:
    """A letter of 300,000.00 of which 100,000.00 are deducted, one that was cancelled, one that is paid for alone."""
    letter = issued(platform, applicationId="SQ0001")
    decide("deduct", letter, Role.UNDERWRITER, amount="100000.00", reason="扣回证明1号")
    ended = issued(platform, applicationId="SQ0002")
    decide("approve", cancellation(platform, ended), Role.UNDERWRITER)
    paid(platform, applicationId="SQ0003")
    return Guarantee.objects.get(pk=letter.pk)


def test_every_report_answers_whoever_may_see_it_and_nobody_else(manager: Client, business: Guarantee) -> None:
    underwriter = signed_in(Role.UNDERWRITER)
    assert underwriter.get(reverse("admin:reports")).status_code == 403
    listed = manager.get(reverse("admin:reports")).content.decode()
    for report in REPORTS:
        page = reverse("admin:report", args=[report.code])
        assert f'href="{page}"' in listed
        assert manager.get(page).status_code == 200
        assert underwriter.get(page).status_code == 403
    assert manager.get(reverse("admin:report", args=["nothing"])).status_code == 404


def test_exposure_is_what_remains_of_the_letters(manager: Client, business: Guarantee) -> None:
    rows = table(manager, "exposure", 0)
    left = f"{business.remaining:,.2f}"
    assert rows[-1][1:3] == ["1", left]
    by_platform = table(manager, "exposure", 2)
    assert by_platform[1] == ["TEST", "1", left, "100.00 %"] or by_platform[1][1:] == ["1", left, "100.00 %"]


def test_a_figure_opens_its_cases(manager: Client, business: Guarantee) -> None:
    [first, *_others] = [link for link in links(manager, "exposure") if "measure=exposure" in link]
    opened = [manager.get(link).content.decode() for link in links(manager, "exposure") if "measure=exposure" in link]
    assert first
    assert any(business.number in page and f"{business.remaining:,.2f}" in page for page in opened)


def test_issued_and_ended_by_month(manager: Client, business: Guarantee) -> None:
    row = table(manager, "monthly")[1]
    amount = Guarantee.objects.exclude(pk=business.pk).get().amount
    assert row[1:3] == ["2", f"{business.amount + amount:,.2f}"]
    assert row[5:7] == ["1", f"{amount:,.2f}"]


def test_the_ledger_has_a_row_for_each_letter_and_adds_up(manager: Client, business: Guarantee) -> None:
    heading, *rows, totals = table(manager, "ledger")
    by_number = {row[0]: dict(zip(heading, row, strict=True)) for row in rows}
    assert len(rows) == 2
    line = by_number[business.number]
    assert line["balance"] == f"{business.remaining:,.2f}"
    assert line["deducted by the purchaser"] == "100,000.00"
    assert dict(zip(heading, totals, strict=True))["balance"] == f"{business.remaining:,.2f}"


def test_what_is_settled_and_not_issued_is_told_with_its_age(manager: Client, business: Guarantee) -> None:
    rows = {row[0]: row for row in table(manager, "premiums")[1:]}
    assert rows["settled and not issued (guaranteed amount)"][1] == "1"
    assert rows["approved and unpaid (premium)"][1] == "0"


def test_a_demand_is_counted_until_it_is_decided(platform: Platform, manager: Client, business: Guarantee) -> None:
    demand = demanded(platform, business, claimAmount="50000.00")
    rows = {row[0]: row for row in table(manager, "demands")[1:]}
    assert rows["received"][1:3] == rows["open at the end"][1:3] == ["1", "50,000.00"]
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    decide("pay", again(demand), Role.CLAIMS_HANDLER, reference="P1", reason="…")
    rows = {row[0]: row for row in table(manager, "demands")[1:]}
    assert rows["open at the end"][1] == "0"
    assert rows["money paid on demands"][2] == "50,000.00"
    left = Guarantee.objects.get(pk=business.pk).remaining
    assert left == business.remaining - Decimal(50000)
    assert table(manager, "exposure")[-1][2] == f"{left:,.2f}"


def test_decisions_are_counted_by_officer(manager: Client, business: Guarantee) -> None:
    rows = table(manager, "decisions")
    assert rows[1][:5] == ["Person underwriter", "3", "3", "0", "100.00 %"]


def test_a_filter_that_leaves_nothing_leaves_nothing(manager: Client, business: Guarantee) -> None:
    assert table(manager, "exposure", 0, nature="works")[-1][1] in ("0", "1")
    everyone = table(manager, "exposure", 0, applicant=business.application.applicant_code)
    assert everyone == table(manager, "exposure", 0)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"period": "free", "first": "2026-05-02", "last": "2026-05-01"}, "The period ends before it begins."),
        ({"period": "free", "first": "99999-01-01", "last": "2026-05-01"}, "Enter a valid date"),
        ({"period": "free", "first": "0099-01-01", "last": "2026-05-01"}, "Give a year from"),
        ({"period": "free", "first": "2026-05-01"}, "Give the first and the last day."),
        ({"period": "someday"}, "Select a valid choice"),
        ({"colour": "red"}, "This report has no filter called colour."),
        ({"applicant": "no such firm"}, "Nobody is called"),
        ({"region": "15x"}, "2 to 6 digits"),
        ({"platform": "999999999999999999999999"}, "Select a valid choice"),
        ({"unit": "nowhere"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_sentence(manager: Client, query: dict[str, str], sentence: str) -> None:
    answer = manager.get(reverse("admin:report", args=["monthly"]), query)
    assert answer.status_code == 400
    assert sentence in unescape(answer.content.decode())


def test_a_day_before_there_was_business_is_empty(manager: Client, business: Guarantee) -> None:
    before = clock.today().replace(year=clock.today().year - 1)
    assert table(manager, "exposure", 0, day=before.isoformat())[-1][1] == "0"
