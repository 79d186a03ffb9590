"""Totals of days: the lines of the book added up to a mark, so that figures of years need not read every line.

A figure is the totals and the lines behind the mark (`guarantees.book.figures`), so it is right whether or not anybody
came by to add up. Nothing here is done in an event's own transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Sum
from django.db.utils import OperationalError

from guarantees.models import BookState, DailyTotal, Movement
from staff import clock

log = logging.getLogger(__name__)
COLUMNS = (
    "counts_on",
    "measure",
    "kind",
    "unit_id",
    "platform_id",
    "nature",
    "letter_kind",
)
#: Fewer lines than these are read as quickly as their totals; nobody adds them up one by one.
WORTH_IT = 200
BATCH = 5000


def add_up(*, at_least: int = WORTH_IT) -> int:
    """Adds up what is behind the mark, where there are so many lines; how many they were. Two at once add up nothing
    twice: the second waits for the first one's mark."""
    mark = _safe_mark()
    with transaction.atomic():
        state = _locked_state()
        behind = Movement.objects.filter(pk__gt=state.totalled, pk__lte=mark)
        number = behind.count()
        if number < max(at_least, 1):
            return 0
        _write(_sums(behind), merge=state.totalled > 0)
        state.totalled, state.totalled_at = mark, clock.now()
        state.save()
    return number


def add_up_all() -> None:
    """Periodic work."""
    try:
        add_up()
    except OperationalError:
        # Somebody writes for longer than we wait: the lines are read one by one until the next time.
        log.info("The totals of days wait for the next time.")


def recompute() -> int:
    """Forgets all totals and adds up every line anew; how many lines there are."""
    mark = _safe_mark()
    with transaction.atomic():
        state = _locked_state()
        DailyTotal.objects.all().delete()
        lines = Movement.objects.filter(pk__lte=mark)
        _write(_sums(lines), merge=False)
        state.totalled, state.totalled_at = mark, clock.now()
        state.save()
        return lines.count()


def differences() -> list[str]:
    """Where the totals are not what their lines come to; empty where all is well."""
    with transaction.atomic():
        state = _locked_state()
        lines = _by_key(Movement.objects.filter(pk__lte=state.totalled))
        totals = _by_key(DailyTotal.objects.all())
    return [
        f"{key}: lines {lines.get(key)}, totals {totals.get(key)}"
        for key in sorted({*lines, *totals}, key=str)
        if lines.get(key, (0, 0)) != totals.get(key, (0, 0))
    ]


def _safe_mark() -> int:
    """The last line below which none will appear any more.

    PostgreSQL gives numbers before it commits, so a line with a lower number may come later. A share lock waits for
    whoever is writing lines and keeps others for the moment in which the highest number is read.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                cursor.execute(f"LOCK TABLE {Movement._meta.db_table} IN SHARE MODE")
        return Movement.objects.aggregate(last=Max("pk"))["last"] or 0


def _locked_state() -> BookState:
    state, _new = BookState.objects.get_or_create(pk=1)
    return BookState.objects.select_for_update().get(pk=state.pk)


def _sums(rows: Any) -> Iterable[dict[str, Any]]:
    found: Iterable[dict[str, Any]] = (
        rows.order_by().values(*COLUMNS).annotate(sum_fen=Sum("fen"), how_many=Sum("count")).iterator(BATCH)
    )
    return found


def _by_key(rows: Any) -> dict[tuple[Any, ...], tuple[int, int]]:
    return {_key(row): (row["sum_fen"], row["how_many"]) for row in _sums(rows)}


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in COLUMNS)


def _write(sums: Iterable[dict[str, Any]], *, merge: bool) -> None:
    """The sums join the totals that there are of the same day; else they are their first."""
    new: list[DailyTotal] = []
    for row in sums:
        named = {name: row[name] for name in COLUMNS}
        if merge and (known := _known(named)):
            known.fen += row["sum_fen"]
            known.count += row["how_many"]
            known.save(update_fields=["fen", "count"])
        else:
            new.append(DailyTotal(fen=row["sum_fen"], count=row["how_many"], **named))
        if len(new) >= BATCH:
            DailyTotal.objects.bulk_create(new)
            new = []
    DailyTotal.objects.bulk_create(new)


def _known(named: dict[str, Any]) -> DailyTotal | None:
    return DailyTotal.objects.filter(**named).first()
