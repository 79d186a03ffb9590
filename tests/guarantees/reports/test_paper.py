"""Reports on paper: what stands on it, that nothing is cut, and what happens to signs that no typeface has."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from pyhanko.pdf_utils.reader import PdfFileReader

from guarantees.models import Guarantee
from guarantees.reports.paper import pages
from staff.desk.reports.table import Cell, Chart, Column, Row, Series, Shape, Table
from staff.desk.reports.written import Head
from staff.models import AuditEntry
from staff.roles import Role
from tests.institution import issued, signed_in
from tests.pdf import text_of
from tests.platform import Platform

HEAD = Head("青城融资担保有限公司 台账", [("期间", "2026年11月"), ("制表时间", "2026-11-27 09:00")])


def printed(*tables: Table) -> bytes:
    file = io.BytesIO()
    pages.write_pdf(file, HEAD, tables)
    return file.getvalue()


def sizes(content: bytes) -> list[tuple[int, int]]:
    """Width and height of each page."""
    kids = PdfFileReader(io.BytesIO(content)).root["/Pages"]["/Kids"]
    boxes = [list(kids[n]["/MediaBox"]) for n in range(len(kids))]
    return [(round(float(box[2])), round(float(box[3]))) for box in boxes]


def table(columns: Sequence[Column], rows: Sequence[Sequence[Any]], **more: Any) -> Table:
    return Table("台账", columns, (Row(values) for values in rows), **more)


NARROW = [Column("编号", Cell.CODE), Column("名称"), Column("金额", Cell.MONEY, total=True)]


def test_every_row_stands_on_it_once_and_each_page_has_head_and_foot() -> None:
    content = printed(table(NARROW, [[f"YFK{n:05d}", "青城建筑", Decimal("1.01")] for n in range(150)]))
    number, text = len(sizes(content)), text_of(content)
    assert number > 2
    assert re.findall(r"YFK\d{5}", text) == [f"YFK{n:05d}" for n in range(150)]
    assert text.count("编号") == text.count("青城融资担保有限公司台账") == number
    assert re.findall(r"page(\d+)", text) == [str(n + 1) for n in range(number)]
    assert text.count(f"of{number}") == number
    assert "151.50" in text
    assert set(sizes(content)) == {(595, 842)}


def test_what_is_wider_than_a_page_goes_on_beside_it_and_each_begins_with_its_first_column() -> None:
    columns = [Column(f"第{n}列", Cell.CODE) for n in range(30)]
    content = printed(
        table(columns, [[f"R{row}" if not n else f"值{row}之{n:02d}。" for n in range(30)] for row in range(3)])
    )
    text = text_of(content)
    assert set(sizes(content)) == {(842, 595)}
    assert text.count("R1") == len(sizes(content)) > 1
    for n in range(1, 30):
        assert text.count(f"值1之{n:02d}。") == 1


def test_totals_never_stand_on_a_page_alone() -> None:
    for number in range(38, 52):
        content = printed(table(NARROW, [["X", "名", Decimal(1)] for _row in range(number)]))
        last = text_of(content).split("page")[-2]
        assert last.count("X") or len(sizes(content)) == 1, number


def test_a_sign_that_no_typeface_has_is_marked_and_a_long_figure_is_whole() -> None:
    sum_ = Decimal("12345678901234567890.12")
    text = text_of(printed(table(NARROW, [["A", "𠮷野\n有限\x00公司", sum_]])))
    assert "〓野有限公司" in text
    assert "12,345,678,901,234,567,890.12" in text


def test_a_long_table_says_where_the_rest_is_and_adds_all_of_it_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_ROWS", 3)
    text = text_of(printed(table(NARROW, [["A", "名", Decimal(1)] for _row in range(10)])))
    assert "Thefirst3rowsstandhere" in text
    assert "10.00" in text
    given = Row(["Total", None, Decimal(77)], is_sum=True)

    def endless() -> Iterator[Row]:
        while True:
            yield Row(["A", "名", Decimal(1)])

    assert "77.00" in text_of(printed(Table("台账", NARROW, endless(), totals=given)))


@pytest.mark.parametrize("shape", list(Shape))
def test_a_chart_of_each_shape_stands_with_its_table(shape: Shape) -> None:
    series = [Series("本期", [Decimal(10), None, Decimal(-3)]), Series("上年", [1, 2, 3])]
    chart = Chart("余额", shape, ["甲", "乙", "丙"], series[:1] if shape is Shape.RANKED else series)
    plain = printed(table(NARROW, [["A", "名", Decimal(1)]]))
    text = text_of(drawn := printed(table(NARROW, [["A", "名", Decimal(1)]], chart=chart)))
    assert len(drawn) > len(plain)
    for word in ("余额", "甲", "丙"):
        assert word in text


@pytest.mark.usefixtures("plain_letters")
def test_ledger_exposure_and_months_are_taken_as_pdf_and_the_trail_says_so(platform: Platform) -> None:
    letter = issued(platform, applicationId="SQ0001")
    client = signed_in(Role.MANAGER)
    for code, said in (("ledger", letter.number), ("exposure", f"{letter.amount:,.2f}"), ("monthly", "Issuedbymonth")):
        address = reverse("admin:report_file", args=[code, "pdf"])
        assert f'href="{address}?' in client.get(reverse("admin:report", args=[code])).content.decode()
        assert said in text_of(b"".join(client.get(address).streaming_content))  # type: ignore[arg-type]
    assert client.get(reverse("admin:report_file", args=["premiums", "pdf"])).status_code == 404
    told = AuditEntry.objects.filter(event="report.exported").order_by("id").first()
    assert told is not None
    assert told.details == {"report": "ledger", "form": "pdf", "filters": [], "rows": Guarantee.objects.count()}
