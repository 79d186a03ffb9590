"""What the way of a case wrote once is written again for the next test that begins with it.

Hundreds of tests begin with the same letter: an application, its approval, its premium, its issue, each by
production's road. The first of them in a process takes that road; the others are given the rows, the files and the
cached values that it left. A step is given again only where all is as it was then: nothing else was written in the test
before, the settings, what a test put in a function's place, and the clock are the same. Otherwise it is taken anew.

SQLite alone: its transactions give their numbers back when a test ends, so that the same rows have the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
import time_machine
from django.conf import UserSettingsHolder, settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import translation

from staff import clock

Made = TypeVar("Made")
#: Seconds after which a step is taken anew: a letter that a test begins with was issued just now.
FRESH = 300
#: Beyond them the oldest goes: a letter has a hundred kilobytes.
MOST = 200


@dataclass
class Step:
    """What a step left behind."""

    made: Any
    writes: list[tuple[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    cached: dict[str, tuple[Any, float | None]] = field(default_factory=dict)
    on_commit: list[tuple[Callable[[], object], bool]] = field(default_factory=list)
    #: Whether all that came of it is in these.
    is_whole: bool = True


@dataclass
class Test:
    """The present test: the steps it took, None where it did anything else; the rows it had written by then."""

    patched: pytest.MonkeyPatch | None = None
    steps: tuple[Any, ...] | None = None
    written: int = 0


_test = Test()
_known: dict[Any, Step] = {}


def begin(patched: pytest.MonkeyPatch) -> None:
    """A test begins, and has written nothing."""
    global _test
    _test = Test(patched, (), _rows_written() if connection.vendor == "sqlite" else 0)


def taken(key: Any, take: Callable[[], Made], again: Callable[[Made], Made]) -> Made:
    """What `take` makes; `again` makes it of what it was at first, where its rows are written again. The key says all
    that `take` depends on, beside what is looked at here."""
    before = _where(key)
    if before is None:
        return take()
    if step := _known.get(before):
        _write(step)
        made = again(step.made)
    else:
        step = Step(None)
        with _recorded(step):
            made = take()
        step.made = again(made)
        if step.is_whole:
            while len(_known) >= MOST:
                del _known[next(iter(_known))]
            _known[before] = step
    _test.steps, _test.written = before[0] + (before[1:],), _rows_written()
    return made


def _where(key: Any) -> tuple[Any, ...] | None:
    """All that a step depends on; None where it cannot be told."""
    if connection.vendor != "sqlite" or not connection.in_atomic_block or clock._source is not clock.system:
        return None
    if _test.steps is None or _test.patched is None or _rows_written() != _test.written:
        _test.steps = None
        return None
    steps = _test.steps or (_numbers(),)
    travelling = time_machine.escape_hatch.is_travelling()
    moment = clock.now().timestamp() // (1e-6 if travelling else FRESH)
    patches = tuple((target, name, getattr(target, name, None)) for target, name, _ in _test.patched._setattr)
    where = steps, key, travelling, moment, translation.get_language(), patches, _overridden()
    try:
        hash(where)
    except TypeError:  # what cannot be compared
        return None
    return where


def _overridden() -> str:
    """The settings that are another's than the suite's. Where files lie is each test's own."""
    found: dict[str, Any] = {}
    holder: object = settings._wrapped  # type: ignore[misc]
    while isinstance(holder, UserSettingsHolder):
        found = {**holder.__dict__, **found}
        holder = holder.default_settings
    return repr(sorted((name, value) for name, value in found.items() if name.isupper() and name != "MEDIA_ROOT"))


def _rows_written() -> int:
    return cast("int", connection.connection.total_changes) if connection.connection else 0


def _numbers() -> tuple[Any, ...]:
    """Up to which each table has given its numbers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        return tuple(cursor.fetchall())


@contextmanager
def _recorded(step: Step) -> Iterator[None]:
    hooks: Any = connection.run_on_commit  # of three values each, whatever its stubs say
    files, cached, waiting = set(_files()), dict(_cached()), len(hooks)

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        verb = sql.split(maxsplit=1)[0]
        if verb in ("INSERT", "UPDATE", "DELETE") and not many:
            step.writes.append((sql, params))
        elif verb not in ("SELECT", "SAVEPOINT", "RELEASE"):
            step.is_whole = False
        return done

    with connection.execute_wrapper(record):
        yield
    step.on_commit = [(call, robust) for _savepoints, call, robust in hooks[waiting:]]
    step.files = {path: Path(settings.MEDIA_ROOT, path).read_bytes() for path in set(_files()) - files}
    step.cached = {name: value for name, value in _cached().items() if cached.get(name) != value}


def _write(step: Step) -> None:
    with connection.cursor() as cursor:
        for sql, params in step.writes:
            cursor.execute(sql, params)
            cursor.fetchall()
    for call, robust in step.on_commit:
        transaction.on_commit(call, robust=robust)
    for path, content in step.files.items():
        whole = Path(settings.MEDIA_ROOT, path)
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_bytes(content)
    for name, (value, expires) in step.cached.items():
        cache._cache[name], cache._expire_info[name] = value, expires  # type: ignore[attr-defined]


def _files() -> Iterator[str]:
    root = Path(settings.MEDIA_ROOT)
    return (str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def _cached() -> dict[str, tuple[Any, float | None]]:
    return {name: (value, cache._expire_info.get(name)) for name, value in cache._cache.items()}  # type: ignore[attr-defined]
