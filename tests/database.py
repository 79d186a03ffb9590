"""The tests' database: migrated once for one state of the migrations, and copied to every process of every run after
that.

Migrating takes longer than most files of tests. Django migrates the copy as it always does: nothing is left to do but
what it does after each migration.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models.signals import class_prepared

ROOMS = ("config", "claims", "guarantees", "protocol", "staff")
#: A module of a room's that a migration imports.
IMPORTED = re.compile(rf"^(?:from|import) ((?:{'|'.join(ROOMS)})[.\w]*)(?: import (\w+))?", re.MULTILINE)
SQLITE_COPIES = settings.BASE_DIR / ".pytest_cache" / "databases"
POSTGRESQL_COPY = "guarantee_desk_migrated"
POSTGRESQL_LOCK = 1_684_370_283  # any number that nobody else takes
PATIENCE = 300  # seconds, while another process migrates


@contextmanager
def copied() -> Iterator[None]:
    """Django makes its test database within, by migrating the copy; where there is none, what it made is kept as one.

    One process at a time: the others wait for the first one's.
    """
    # django-fsm looks through each model that is made for the transitions of every field of a state that was ever made.
    # Migrations make thousands, none of which has any: it took half of the time.
    with (
        _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite(),
        patch.object(class_prepared, "connect"),
    ):
        yield


def _state() -> str:
    """Of all that the tables and their first rows are made from: migrations, what these import, and the permissions,
    of which Django adds new ones to a copy and leaves old ones there."""
    digest = hashlib.sha256(f"{sys.version} {version('django')} {sqlite3.sqlite_version}".encode())
    migrations = [path for room in ROOMS for path in (settings.BASE_DIR / room).glob("migrations/*.py")]
    modules = {found.groups() for path in migrations for found in IMPORTED.finditer(path.read_text("utf-8"))}
    imported = {_file(".".join(filter(None, names))) for names in modules} | {
        _file(module) for module, _name in modules
    }
    for path in sorted({*migrations, *filter(Path.exists, imported)}):
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(settings.BASE_DIR)} {len(content)}\n".encode() + content)
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        options = model._meta
        digest.update(
            f"\n{options.label} {options.default_permissions} {[code for code, _ in options.permissions]}".encode()
        )
    return digest.hexdigest()[:32]


def _file(module: str) -> Path:
    path = settings.BASE_DIR.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@contextmanager
def _on_sqlite() -> Iterator[None]:
    """The copies are files; the test database lies in its process's memory while a connection to it is open."""
    SQLITE_COPIES.mkdir(parents=True, exist_ok=True)
    copy = SQLITE_COPIES / f"{_state()}.sqlite3"
    memory = sqlite3.connect(connection.creation._get_test_db_name(), uri=True)
    lock = sqlite3.connect(SQLITE_COPIES / "lock", timeout=PATIENCE, isolation_level=None)
    with closing(memory), closing(lock):
        lock.execute("BEGIN EXCLUSIVE")
        if known := copy.exists():
            with closing(sqlite3.connect(copy)) as file:
                file.backup(memory)
        yield
        if not known:
            for old in SQLITE_COPIES.glob("*.sqlite3"):
                old.unlink()
            begun = copy.with_suffix(".begun")
            with closing(sqlite3.connect(begun)) as file:
                memory.backup(file)
            begun.replace(copy)


@contextmanager
def _on_postgresql() -> Iterator[None]:
    """The copy is a database of its own on the server, whose comment says of which state."""
    state, of_tests = _state(), connection.settings_dict["TEST"]
    quoted = connection.ops.quote_name
    with connection._nodb_cursor() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [POSTGRESQL_LOCK])  # until the connection ends
        server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [POSTGRESQL_COPY]
        )
        known = server.fetchone() == (state,)
        of_tests["TEMPLATE"] = POSTGRESQL_COPY if known else None
        try:
            yield
        finally:
            of_tests["TEMPLATE"] = None
        if not known:
            connection.close()  # a database that is copied has no other connection
            made = quoted(connection.settings_dict["NAME"])
            server.execute(f"DROP DATABASE IF EXISTS {quoted(POSTGRESQL_COPY)}")
            server.execute(f"CREATE DATABASE {quoted(POSTGRESQL_COPY)} TEMPLATE {made}")
            server.execute(f"COMMENT ON DATABASE {quoted(POSTGRESQL_COPY)} IS '{state}'")
