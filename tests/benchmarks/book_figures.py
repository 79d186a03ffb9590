"""The dashboard's figures of a book of 1,000,000 guarantees, beside those of 10,000.

Run: python -m tests.benchmarks.book_figures [GUARANTEES]

The database is a PostgreSQL server of the benchmark's own. The lines are made in bulk by SQL, as production's events
write them for a letter that was paid for, issued, and (eight of ten) ended; tests/guarantees/book/test_lines.py holds
those against the events. Orders and letters themselves are not made: no figure reads them.

What is expected: each figure within 300 ms, or within three times what it takes of 10,000.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from time import monotonic

import django

from tests.benchmarks.drain_outbox import SECRETS
from tests.benchmarks.expectations import Expectations

ROOT = Path(__file__).resolve().parents[2]
FEW = 10_000
WITHIN, TIMES = 0.3, 3
TODAY = date(2026, 11, 27)
#: The letters are issued over three years, of which the last ones stand: as many days as a letter's longest term.
YEARS, PURCHASERS, PROVINCES = 3, 300, 6
LINES = """
INSERT INTO guarantees_movement (kind, measure, fen, count, counts_on, recorded_at, source_type, source_id, order_id,
    application_id, guarantee_id, applicant_id, purchaser_id, officer_id, evidence, inferred,
    unit_id, platform_id, nature, letter_kind, region, matures_on)
SELECT kind, measure, fen, count, on_day, on_day, 'benchmark', n, n, n, CASE WHEN of_letter THEN n END,
    1 + n % %(applicants)s, 1 + n % %(purchasers)s, 1, '', false,
    1, 1 + n % 3, (ARRAY['works', 'goods', 'services'])[1 + n % 3], CASE WHEN of_letter THEN 'suretyship' ELSE '' END,
    (11 + n % %(provinces)s)::text || lpad((n % 97)::text, 4, '0'), CASE WHEN measure = 'exposure' THEN matures END
FROM (
    SELECT n, issued, issued + (90 + n % 275) AS matures, (1000000 + n % 50000000)::bigint AS amount,
        (50000 + n % 90000)::bigint AS premium
    FROM (
        SELECT n, %(today)s::date - (%(days)s - n::bigint * %(days)s / %(letters)s)::int AS issued
        FROM generate_series(1, %(letters)s) n
    ) numbered
) letters
CROSS JOIN LATERAL (VALUES
    ('approved', 'reserved', amount, 1, issued - 3, false),
    ('approved', 'premium_due', premium, 1, issued - 3, false),
    ('receipt', 'cash', premium, 1, issued - 1, false),
    ('receipt', 'received', premium, 1, issued - 1, false),
    ('receipt', 'premium_due', -premium, -1, issued - 1, false),
    ('issued', 'reserved', -amount, -1, issued, true),
    ('issued', 'exposure', amount, 1, issued, true),
    ('ended.expired', 'exposure', -amount, -1, matures + 1, true)
) line (kind, measure, fen, count, on_day, of_letter)
WHERE on_day <= %(today)s
ORDER BY on_day
"""


def main(letters: int) -> None:
    from tests.faults.servers import PostgreSQL

    server = PostgreSQL()
    try:
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, **SECRETS, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}

            def run(database: str, *command: str) -> str:
                variables = {**environment, "DATABASE_URL": server.url(database)}
                called = [sys.executable, *command]
                return subprocess.run(
                    called, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, check=True
                ).stdout

            server.create("empty")
            run("empty", "manage.py", "migrate", "-v0")
            taken: dict[int, dict[str, float]] = {}
            for number in (FEW, letters):
                server.create(f"of_{number}", "empty")
                lines = run(f"of_{number}", "-m", __spec__.name, "read", str(number)).splitlines()
                taken[number] = {what: float(seconds) for what, seconds in (line.rsplit(" ", 1) for line in lines)}
    finally:
        server.remove()
    expected = Expectations()
    for name, many in taken[letters].items():
        few = taken[FEW][name]
        print(f"{name}: {few * 1000:.0f} ms of {FEW:,} letters, {many * 1000:.0f} ms of {letters:,}")
        expected.at_most(f"{name} in seconds", many, max(WITHIN, TIMES * few))
    expected.judge()


# --- In a process of its own ------------------------------------------------------------------------------------------


def fill(letters: int) -> None:
    """The indexes are made once all lines are there."""
    from django.db import connection

    applicants = max(letters // 20, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'guarantees_movement'"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SET session_replication_role = replica")
        for number in range(max(applicants, PURCHASERS)):
            if number % 5000 == 0:
                cursor.execute(
                    "INSERT INTO guarantees_party (id, key, code, name, folded, folding, first_seen)"
                    " SELECT n, n, n, n, n, 0, now() FROM generate_series(%s, %s) n",
                    [number + 1, number + 5000],
                )
        values = {
            "%(today)s": f"'{TODAY}'",
            "%(days)s": str(YEARS * 365),
            "%(letters)s": str(letters),
            "%(applicants)s": str(applicants),
            "%(purchasers)s": str(PURCHASERS),
            "%(provinces)s": str(PROVINCES),
        }
        statement = LINES
        for name, value in values.items():
            statement = statement.replace(name, value)
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE guarantees_movement")
        cursor.execute("ANALYZE guarantees_party")


def read(letters: int) -> None:
    from django.db import connection

    from guarantees.book import totals
    from guarantees.models import DailyTotal, Movement
    from tests.platform import Platform

    for name in ("A", "B", "C"):
        Platform(name)
    started = monotonic()
    fill(letters)
    print(f"{letters:,}: {Movement.objects.count():,} lines in {monotonic() - started:.0f} s", file=sys.stderr)
    started = monotonic()
    totals.recompute()
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {DailyTotal._meta.db_table}")
    print(f"{DailyTotal.objects.count():,} totals in {monotonic() - started:.0f} s", file=sys.stderr)
    for name, figure in figures():
        figure()
        print(name, min(_seconds(figure) for _again in range(3)))


def _seconds(figure: Callable[[], object]) -> float:
    started = monotonic()
    figure()
    return monotonic() - started


def figures() -> Iterator[tuple[str, Callable[[], object]]]:
    """What the manager's home and the reports' first pages ask of the book."""
    from guarantees.book import kinds
    from guarantees.book.figures import Narrowed, balance, balances, flows
    from guarantees.models import Measure
    from staff.desk.reports.period import Period
    from staff.models import User

    everything = Narrowed(User.objects.create(username="manager", is_superuser=True))
    ends = [date(TODAY.year - (month < 0), month % 12 + 1, 1) - timedelta(days=1) for month in range(-1, 11)]
    year = Period(date(TODAY.year, 1, 1), TODAY)
    yield "exposure now", lambda: balance(everything, Measure.EXPOSURE, TODAY)
    yield "exposure at twelve ends of months", lambda: [balance(everything, Measure.EXPOSURE, end) for end in ends]
    yield "issued by month", lambda: flows(everything, Measure.EXPOSURE, year, (kinds.ISSUED,), by=("month",))
    yield "premium by month", lambda: flows(everything, Measure.RECEIVED, year, by=("month",))
    yield "maturity ladder", lambda: balances(everything, Measure.EXPOSURE, TODAY, by=("matures_on",))
    yield "exposure by platform", lambda: balances(everything, Measure.EXPOSURE, TODAY, by=("platform",))
    yield "exposure by province", lambda: balances(everything, Measure.EXPOSURE, TODAY, by=("province",))
    yield "largest applicants", lambda: balances(everything, Measure.EXPOSURE, TODAY, by=("applicant",))
    yield "approved, not issued", lambda: balance(everything, Measure.RESERVED, TODAY)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["read", letters]:
            django.setup()
            read(int(letters))
        case []:
            main(1_000_000)
        case [letters]:
            main(int(letters))
        case _:
            sys.exit(__doc__)
