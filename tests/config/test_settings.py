"""The settings: documented each, and safe or refused."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-abcdefgh",
    "KEY_ENCRYPTION_KEY": "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=",
}


def start(then: str = "", **given: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", **GOOD, **given}
    command = [sys.executable, "-c", f"import django; django.setup(); {then}"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is missing or weak"),
        ("SECRET_KEY", "a" * 60, "SECRET_KEY is missing or weak"),
        ("KEY_ENCRYPTION_KEY", "", "KEY_ENCRYPTION_KEY cannot be used"),
        ("KEY_ENCRYPTION_KEY", "short", "KEY_ENCRYPTION_KEY cannot be used"),
        ("KEY_ENCRYPTION_KEY", "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=", "it is weak"),
        ("SEPARATE_DUTIES", "perhaps", "SEPARATE_DUTIES"),
        ("TRUSTED_PROXIES", "10.0.0.300/8", "TRUSTED_PROXIES"),
        ("PAYMENT_WORKING_DAYS", "0", "PAYMENT_WORKING_DAYS"),
    ],
)
def test_a_wrong_value_is_refused_and_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, message: str
) -> None:
    for known, good in {"DATA_DIR": str(tmp_path), **GOOD, name: value}.items():
        monkeypatch.setenv(known, good)
    with pytest.raises(ImproperlyConfigured, match=message):
        runpy.run_path(str(ROOT / "config/settings.py"))


def test_a_wrong_value_stops_the_start(tmp_path: Path) -> None:
    ended = start(DATA_DIR=str(tmp_path), PAYMENT_WORKING_DAYS="0")
    assert ended.returncode != 0
    assert "PAYMENT_WORKING_DAYS" in ended.stderr


def test_the_embedded_database_finds_its_folder_made_and_closed(tmp_path: Path) -> None:
    """And with just what it must be told, the site starts."""
    folder = tmp_path / "new" / "data"
    ended = start("from django.db import connection; connection.ensure_connection()", DATA_DIR=str(folder))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (folder / "desk.sqlite3").exists()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_every_setting_is_documented() -> None:
    read = re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config/settings.py").read_text())
    documented = set(re.findall(r"\b[A-Z][A-Z_]+\b", (ROOT / "docs/settings.md").read_text()))
    assert set(read) | set(GOOD) <= documented
