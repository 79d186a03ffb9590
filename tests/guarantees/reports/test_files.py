"""Reports as files: cells have types, texts stay texts, totals add up, and the trail tells of each file."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from guarantees.models import Guarantee
from staff.models import AuditEntry
from staff.roles import Role
from tests.institution import decide, issued, signed_in
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")


@pytest.fixture
def letters(platform: Platform) -> list[Guarantee]:
    first = issued(platform, applicationId="SQ0001", supplier="=cmd|'/c calc'!A1")
    decide("deduct", first, Role.UNDERWRITER, amount="100000.01", reason="扣回证明1号")
    return [first, issued(platform, applicationId="SQ0002", projectCode="001234567890123456")]


def file(code: str, form: str, **query: Any) -> bytes:
    answer = signed_in(Role.MANAGER).get(reverse("admin:report_file", args=[code, form]), query)
    assert answer.status_code == 200
    content: bytes = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    return content


def sheet(code: str, **query: Any) -> Worksheet:
    book = load_workbook(io.BytesIO(file(code, "xlsx", **query)))
    found: Worksheet = book.worksheets[0]
    return found


def heading_of(page: Worksheet, first: str) -> int:
    return next(row[0].row for row in page.iter_rows() if row[0].value == first)


def test_cells_have_types(letters: list[Guarantee]) -> None:
    page = sheet("ledger")
    begins = heading_of(page, "guarantee number")
    columns = {cell.value: cell.column for cell in page[begins]}
    line = begins + 1

    def cell(name: str) -> Any:
        return page.cell(line, columns[name])

    assert cell("guarantee number").value == letters[0].number
    assert cell("applicant").data_type == "s"
    assert cell("applicant").value.startswith("=cmd")
    assert isinstance(cell("valid until").value, datetime | date)
    assert cell("valid until").number_format == "yyyy-mm-dd"
    assert cell("deducted by the purchaser").value == pytest.approx(100000.01)
    assert cell("deducted by the purchaser").number_format == "#,##0.00"
    assert page.cell(line + 1, columns["project code"]).value == "001234567890123456"


def test_it_adds_up_and_can_be_read_and_printed(letters: list[Guarantee]) -> None:
    page = sheet("ledger")
    begins = heading_of(page, "guarantee number")
    columns = {cell.value: cell.column for cell in page[begins]}
    totals = begins + 3
    assert page.cell(totals, 1).value == "Total"
    left = sum(one.remaining for one in Guarantee.objects.all())
    assert page.cell(totals, columns["balance"]).value == pytest.approx(float(left))
    assert page.freeze_panes == f"B{begins + 1}"
    assert page.auto_filter.ref.startswith(f"A{begins}:")
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == f"${begins}:${begins}"
    # A Chinese sign is two wide: the column holds what it shows.
    wide = page.column_dimensions[page.cell(begins, columns["beneficiary"]).column_letter].width
    assert wide >= 2 * len(letters[0].application.beneficiary_name)


def test_it_says_what_it_is(letters: list[Guarantee]) -> None:
    page = sheet("exposure", day="2026-05-01", nature="works", scale="wan")
    head = " ".join(str(row[0].value) for row in page.iter_rows(max_row=8))
    for text in ("Outstanding exposure", "2026-05-01", "Nature", "10,000 CNY", "Person manager"):
        assert text in head


def test_sums_in_ten_thousands(letters: list[Guarantee]) -> None:
    page = sheet("exposure", scale="wan")
    begins = heading_of(page, "valid for")
    total = next(row for row in page.iter_rows(min_row=begins) if row[0].value == "Total")
    left = sum(one.remaining for one in Guarantee.objects.all())
    assert total[2].value == pytest.approx(float(round(left / 10000, 2)))


def test_no_digit_is_lost_in_csv(letters: list[Guarantee]) -> None:
    text = file("ledger", "csv").decode("utf-8-sig")
    heading, first, second, *_rest = list(csv.reader(io.StringIO(text)))
    named = dict(zip(heading, second, strict=True))
    assert named["project code"] == "001234567890123456\t"
    assert dict(zip(heading, first, strict=True))["applicant"].startswith("'=")


def test_its_name_is_chinese_and_says_the_period(letters: list[Guarantee]) -> None:
    client = signed_in(Role.MANAGER)
    client.cookies["django_language"] = "zh-hans"
    query = {"period": "free", "first": "2026-11-01", "last": "2026-11-30"}
    answer = client.get(reverse("admin:report_file", args=["ledger", "xlsx"]), query)
    assert "业务台账_2026年11月.xlsx" in unquote(answer.headers["Content-Disposition"])


def test_each_file_is_on_the_trail_without_what_was_searched_for(letters: list[Guarantee]) -> None:
    file("ledger", "csv", applicant=letters[1].application.applicant_code)
    entry = AuditEntry.objects.get(event="report.exported")
    assert entry.details == {"report": "ledger", "form": "csv", "filters": ["applicant"], "rows": 2}


def test_nobody_takes_a_report_who_may_not_see_it(client: Client, letters: list[Guarantee]) -> None:
    address = reverse("admin:report_file", args=["ledger", "xlsx"])
    assert signed_in(Role.ISSUER).get(address).status_code == 403
    assert client.get(address).status_code == 302
    assert signed_in(Role.MANAGER).get(reverse("admin:report_file", args=["ledger", "exe"])).status_code == 404
    assert signed_in(Role.MANAGER).get(address, {"period": "never"}).status_code == 400
