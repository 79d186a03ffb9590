"""Writes down what the present version keeps, so that every later version can be tried on it.

    .venv/bin/python -m tests.upgrades.make 2026-11-24

Makes `tests/upgrades/<name>/`: rows of every table as SQL for SQLite and for PostgreSQL, the same rows as Python reads
them, the files of letters and papers, and the authority that vouches for them. It needs PostgreSQL on this machine
(DATABASE_URL says where, else postgres@127.0.0.1) and its pg_dump. What is lived through stands in `story.py`.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from staff import clock

HERE = Path(__file__).resolve().parent
SERVER = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE = "kept_rows"
#: Django's own log of the admin: the desk writes the audit trail instead.
NEVER_WRITTEN = {"admin.LogEntry"}


def main(name: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        os.environ["KEPT_FOLDER"] = scratch
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.upgrades.settings"
        os.environ["DATABASE_URL"] = urlsplit(SERVER)._replace(path=f"/{DATABASE}").geturl()
        _server(f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE}")
        try:
            _live(folder)
            _write(HERE / name, folder)
        finally:
            _server(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def _live(folder: Path) -> None:
    import django

    django.setup()

    from django.core.management import call_command
    from django.test.utils import setup_test_environment
    from django.utils import translation

    from guarantees.letter.signature import demonstration
    from tests.upgrades import story

    certificate, authority = demonstration.credentials("青城融资担保有限公司", datetime(2025, 9, 1, tzinfo=UTC))
    (folder / "signing.p12").write_bytes(certificate)
    (folder / "authority.pem").write_bytes(authority)
    setup_test_environment()
    for database in ("default", "copy"):
        call_command("migrate", database=database, verbosity=0)
    with translation.override("zh-hans"):
        story.tell()


def _write(target: Path, folder: Path) -> None:
    from django.db import connections, transaction

    from tests.upgrades.kept import kept_models, rows_of

    tables = list(kept_models())
    with transaction.atomic(using="copy"):
        for model in reversed(tables):
            model._base_manager.using("copy").all()._raw_delete("copy")
        for model in tables:
            for row in model._base_manager.using("default").order_by("pk"):
                row.save_base(raw=True, using="copy", force_insert=True)
    empty = {model._meta.label for model in tables if not model._base_manager.exists()} - NEVER_WRITTEN
    if empty:
        sys.exit(f"Nothing is kept of {', '.join(sorted(empty))}; let story.py make a row of each.")
    target.mkdir(parents=True, exist_ok=True)
    rows = {model._meta.label_lower: rows_of(model) for model in tables}
    written = {"made_at": (clock.now() + timedelta(minutes=1)).isoformat(), "rows": rows}
    _gzip(target / "rows.json.gz", json.dumps(written, ensure_ascii=False, sort_keys=True, indent=0))
    connections.close_all()
    with sqlite3.connect(folder / "rows.sqlite3") as copied:
        _gzip(target / "sqlite.sql.gz", "\n".join(copied.iterdump()))
    copied.close()
    arguments = ["--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=100", "--dbname"]
    dumped = subprocess.run(
        ["pg_dump", *arguments, os.environ["DATABASE_URL"]], check=True, capture_output=True, text=True
    )
    # \restrict is for psql alone.
    _gzip(target / "postgresql.sql.gz", "\n".join(line for line in dumped.stdout.splitlines() if line[:1] != "\\"))
    with tarfile.open(target / "files.tar.gz", "w:gz") as packed:
        packed.add(folder / "files", "files")
    shutil.copy(folder / "authority.pem", target / "authority.pem")


def _gzip(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def _server(*statements: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


if __name__ == "__main__":
    main(sys.argv[1])
