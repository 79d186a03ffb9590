"""A database of each version before migrates to this one, and nothing that it held is lost.

`<name>/` holds what the version of that day kept; `make.py` writes it, and each version adds its own.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
VERSIONS = sorted(path.name for path in HERE.iterdir() if (path / "rows.json.gz").exists())

#: What a later version keeps in another way than was written: the value that must be found instead.
CHANGED: dict[tuple[str, str], Callable[[dict[str, Any]], Any]] = {
    # Wholly deducted, it had ended as paid out.
    ("guarantees.guarantee", "state"): lambda row: (
        "run_down" if row["state"] == "paid_out" and float(row["paid"]) == 0 else row["state"]
    ),
}
#: What stood there as a platform's code stands there as a word of ours.
WORDS: dict[tuple[str, str], dict[str, str]] = {
    ("guarantees.application", "purchase_nature"): {"服务类": "services", "货物类": "goods", "工程类": "works"},
    ("guarantees.cancellation", "kind"): {"0": "performed", "1": "defective"},
    ("guarantees.withdrawal", "kind"): {"01": "surrender", "02": "order_cancellation"},
    ("guarantees.receipt", "means"): {"01": "bank_transfer", "02": "wechat", "03": "alipay", "04": "other"},
}
#: What a column is called now.
RENAMED = {
    ("guarantees.application", "extensions"): "ext_fields",
    ("guarantees.application", "extras"): "unknown_fields",
    ("claims.demand", "extras"): "unknown_fields",
}
#: Models that a later version calls otherwise.
RENAMED_MODELS = {"protocol.line": "protocol.platformhealth", "protocol.place": "protocol.sendingslot"}
#: What a later version keeps in another row: the model of that row, the column that leads to it, and its column there.
MOVED = {
    ("guarantees.application", column): ("guarantees.approval", "approval_id", there)
    for column, there in {
        "approved_amount": "amount",
        "approved_start": "start",
        "approved_end": "end",
        "premium": "premium",
        "approved_by_id": "approved_by_id",
        "approved_at": "approved_at",
    }.items()
}
#: What Django and the roles make anew after each migration.
MADE_ANEW = {"auth.permission", "auth.group_permissions", "contenttypes.contenttype"}


@pytest.fixture(scope="module", params=VERSIONS)
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """What was written down then, and what the migrated database holds."""
    kept, folder = HERE / request.param, tmp_path_factory.mktemp(request.param)
    with tarfile.open(kept / "files.tar.gz") as packed:
        packed.extractall(folder, filter="data")
    (folder / "authority.pem").write_bytes((kept / "authority.pem").read_bytes())
    variables = {**os.environ, "KEPT_FOLDER": str(folder), "DATA_DIR": str(folder)}
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        with postgresql(kept) as url:
            found = migrated({**variables, "DATABASE_URL": url})
    else:
        sqlite(kept, folder / "kept.sqlite3").close()
        found = migrated({**variables, "DATABASE_URL": f"sqlite:///{folder / 'kept.sqlite3'}"})
    return json.loads(gzip.decompress((kept / "rows.json.gz").read_bytes()))["rows"], found


def sqlite(kept: Path, path: Path) -> sqlite3.Connection:
    """A new database with the kept rows."""
    database = sqlite3.connect(path)
    database.executescript(gzip.decompress((kept / "sqlite.sql.gz").read_bytes()).decode())
    database.commit()
    return database


class postgresql:  # noqa: N801 (used as a function)
    """A database of its own with the kept rows; its address."""

    def __init__(self, kept: Path) -> None:
        self.kept, self.name = kept, f"upgrade_{os.getpid()}"

    def _server(self, *statements: str, database: str = "postgres") -> None:
        import psycopg

        chosen = settings.DATABASES["default"]
        at = {"host": chosen["HOST"], "port": chosen["PORT"], "user": chosen["USER"], "password": chosen["PASSWORD"]}
        with psycopg.connect(dbname=database, autocommit=True, **at) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def __enter__(self) -> str:
        self._server(f"DROP DATABASE IF EXISTS {self.name}", f"CREATE DATABASE {self.name}")
        self._server(gzip.decompress((self.kept / "postgresql.sql.gz").read_bytes()).decode(), database=self.name)
        address = os.environ["DATABASE_URL"]
        return urlsplit(address)._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *_: object) -> None:
        self._server(f"DROP DATABASE {self.name} WITH (FORCE)")


def migrated(variables: dict[str, str]) -> Any:
    command = [sys.executable, "-m", "tests.upgrades.migrated"]
    ran = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-4000:]
    return json.loads(ran.stdout)


def same(found: Any, expected: Any) -> bool:
    """SQLite gave an amount beyond its digits back as its nearest number, then as now; PostgreSQL gives back all."""
    if found == expected:
        return True
    in_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    beyond = isinstance(expected, str) and expected.endswith(".99") and len(expected) > 16
    return in_sqlite and beyond and isinstance(found, str) and float(found) == float(expected)


def present(rows: dict[str, Any], model: str, row: dict[str, Any], column: str) -> Any:
    """The column's value, or that of the column in another row that it moved to."""
    if (model, column) not in MOVED:
        return row.get(column)
    other, leads, there = MOVED[model, column]
    found = rows[other].get(str(row[leads]), {})
    return found.get(there)


def test_every_row_is_there_with_all_that_it_said(upgraded: tuple[Any, Any]) -> None:
    before, after = upgraded
    lost = []
    for model, rows in before.items():
        if model in MADE_ANEW:
            continue
        for pk, row in rows.items():
            found = after["rows"].get(RENAMED_MODELS.get(model, model), {}).get(pk)
            if found is None:
                lost.append(f"{model} {pk} is gone")
                continue
            for column in row:
                change = CHANGED.get((model, column))
                expected = change(row) if change else row[column]
                if words := WORDS.get((model, column)):
                    expected = words.get(expected, expected)
                value = present(after["rows"], model, found, RENAMED.get((model, column), column))
                if not same(value, expected):
                    lost.append(f"{model} {pk}.{column}: {value!r:.80} instead of {expected!r:.80}")
    assert lost == []


def test_every_letter_and_paper_still_verifies(upgraded: tuple[Any, Any]) -> None:
    _before, after = upgraded
    assert len(after["files"]) > 10
    assert {number: wrong for number, wrong in after["files"].items() if wrong} == {}


def test_every_message_still_opens(upgraded: tuple[Any, Any]) -> None:
    messages = upgraded[1]["messages"]
    assert len(messages) > 30
    assert [pk for pk, opens in messages.items() if not opens] == []


def test_every_chain_of_the_trail_is_whole(upgraded: tuple[Any, Any]) -> None:
    assert upgraded[1]["chains"] == []


def test_every_letter_stands_in_the_register_of_numbers(upgraded: tuple[Any, Any]) -> None:
    assert upgraded[1]["unregistered"] == []


def test_the_book_of_the_past_is_what_the_rows_say(upgraded: tuple[Any, Any]) -> None:
    book = upgraded[1]["book"]
    assert "Proven: the book of" in book["said"]
    assert book["agrees"]
    assert book["known"]["False"] > 30
    assert book["known"].get("True", 0) < 5, book["said"]


def test_every_page_opens(upgraded: tuple[Any, Any]) -> None:
    pages = upgraded[1]["pages"]
    assert len(pages) > 100
    assert {address: status for address, status in pages.items() if status != 200} == {}


def test_what_the_environment_said_goes_on_as_the_first_value(upgraded: tuple[Any, Any]) -> None:
    rows = upgraded[1]["rows"]
    codes = {row["id"]: row["code"] for row in rows["staff.businessparameter"].values()}
    said = {codes[row["parameter_id"]]: row["value"] for row in rows["staff.parameterversion"].values()}
    assert said["money.premium_account"]["number"] == "1510000000000000026"


def test_whoever_approved_has_an_approval(upgraded: tuple[Any, Any]) -> None:
    """Versions before had but the latest on the application itself; the trail tells of the others."""
    rows = upgraded[1]["rows"]
    approvals = rows["guarantees.approval"]
    in_force = {pk: row["approval_id"] for pk, row in rows["guarantees.application"].items() if row["approval_id"]}
    assert len(in_force) > 5
    assert in_force == {str(row["application_id"]): row["id"] for row in approvals.values()}
    assert any(row["kind"] == "correction" for row in approvals.values())


def test_what_no_approval_says_is_made_of_what_the_application_said(tmp_path: Path) -> None:
    """One that is missing; one of which the trail said nothing, before another."""
    database = sqlite(HERE / "2026-11-26", tmp_path / "kept.sqlite3")
    whole = "SELECT amount, premium, start, inferred FROM guarantees_approval WHERE application_id = ? ORDER BY id"
    alone, corrected = (
        database.execute(
            "SELECT application_id FROM guarantees_approval GROUP BY application_id HAVING count(*) = ?", (rows,)
        ).fetchone()
        for rows in (1, 2)
    )
    first, second = database.execute(whole, alone).fetchall(), database.execute(whole, corrected).fetchall()
    database.execute("DELETE FROM guarantees_approval WHERE application_id = ?", alone)
    database.execute(
        "UPDATE guarantees_approval SET amount = NULL, premium = NULL, inferred = 1"
        " WHERE application_id = ? AND kind = 'application'",
        corrected,
    )
    database.commit()
    database.close()
    address = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    variables = {**os.environ, "KEPT_FOLDER": str(tmp_path), "DATA_DIR": str(tmp_path), "DATABASE_URL": address}
    command = [sys.executable, "manage.py", "migrate", "--settings", "tests.upgrades.settings"]
    ran = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-4000:]
    with sqlite3.connect(tmp_path / "kept.sqlite3") as database:
        assert database.execute(whole, alone).fetchall() == [(*first[0][:3], 1)]
        assert database.execute(whole, corrected).fetchall() == [(*second[0][:3], 1), second[1]]
    database.close()
