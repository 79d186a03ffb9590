"""A ledger of 100,000 letters as a workbook, sealed as it is stored: how much memory the process takes for it, and that
a tenth of the rows takes no less. Each in a process of its own, since memory that was taken stays.

Run: python -m tests.benchmarks.write_ledger [ROWS]
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from multiprocessing import get_context
from tempfile import TemporaryFile
from time import process_time

import django

from tests.benchmarks.expectations import Expectations

EXPECTED_MEGABYTES, EXPECTED_TIMES = 200, 1.2


def main(rows: int) -> None:
    expected = Expectations()
    print("rows, megabytes at most, seconds of processor time")
    measured = {}
    for number in (rows // 10, rows):
        with get_context("spawn").Pool(1) as pool:
            measured[number], seconds = pool.apply(write, (number,))
        print(f"{number:>9,} {measured[number]:>6.0f} MB {seconds:>6.1f} s")
    expected.at_most(f"{rows:,} rows, in megabytes", measured[rows], EXPECTED_MEGABYTES)
    expected.at_most("beside a tenth of the rows", measured[rows] / measured[rows // 10], EXPECTED_TIMES)
    expected.judge()


def write(number: int) -> tuple[float, float]:
    """The greatest memory in megabytes, and the seconds."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from staff.desk.reports.runs import sealed
    from staff.desk.reports.written import Head
    from staff.desk.reports.xlsx import write_xlsx

    began = process_time()
    with TemporaryFile() as file, TemporaryFile() as kept:
        written = write_xlsx(file, Head("台账", [("期间", "2026年")]), [ledger(number)])
        assert written == number
        file.seek(0)
        sealed(file, kept)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, process_time() - began


def ledger(number: int) -> object:
    """Forty columns, as many as a regulator's ledger has."""
    from staff import clock
    from staff.desk.reports.table import Cell, Column, Row, Table

    now = clock.now()
    kinds = [Cell.CODE, Cell.TEXT, Cell.MONEY, Cell.DAY, Cell.COUNT, Cell.SHARE, Cell.MOMENT, Cell.TEXT]
    cells = [kinds[place % len(kinds)] for place in range(40)]

    def rows() -> Iterator[Row]:
        for row in range(number):
            values = {
                Cell.CODE: f"BH2026{row:012d}",
                Cell.TEXT: f"呼和浩特市新城区道路养护工程第{row}标段",
                Cell.MONEY: Decimal(row) + Decimal("0.01"),
                Cell.DAY: date(2026, 1, 1 + row % 28),
                Cell.COUNT: row % 12,
                Cell.SHARE: Decimal("0.005"),
                Cell.MOMENT: now,
            }
            yield Row([values[cell] for cell in cells])

    columns = [Column(f"第{place}列", cell, total=cell is Cell.MONEY) for place, cell in enumerate(cells)]
    return Table("台账", columns, rows())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
