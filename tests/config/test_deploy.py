"""`manage.py check --deploy`: silent where all is set properly; one warning, in English, for each thing that is not."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.utils import translation

from config.environment import DEVELOPMENT_ENCRYPTION_KEY, DEVELOPMENT_SECRET_KEY
from protocol.crypto import curve, keys, sm2
from protocol.models import Connection
from staff.models import User
from staff.roles import Role
from tests.config.test_settings import GOOD, ROOT

PRINTED = sm2.PrivateKey(curve.KNOWN_SCALAR)
Change = Callable[[Any, Connection], object]


@pytest.fixture
def connection(db: None, institution: Any) -> Connection:
    """In a site that is set up properly, its connection."""
    institution.PUBLIC_URL, institution.SECURE = "https://desk.example", True
    institution.SECURE_HSTS_SECONDS, institution.TRUSTED_PROXIES = 3600, [ip_network("10.0.0.0/8")]
    return Connection.objects.create(
        name="Platform",
        appid="platform",
        appkey="the-appkey",
        appsecret="an-appsecret-long-enough",
        private_key=keys.private_text(sm2.generate()),
        platform_key=keys.public_text(sm2.generate().public),
        networks=["203.0.113.0/24"],
    )


def warned() -> list[str]:
    found = run_checks(include_deployment_checks=True)
    return [f"{message.id} {message.msg}" for message in found if not message.is_silenced()]


def test_a_site_that_is_set_up_properly_is_warned_of_nothing(connection: Connection) -> None:
    assert warned() == []


def mix(settings: Any, connection: Connection) -> None:
    account = User.objects.create_user("both")
    account.groups.set(Group.objects.filter(name__in=[Role.ADMINISTRATOR, Role.CASHIER]))


def opened(settings: Any, connection: Connection) -> None:
    settings.MEDIA_ROOT.mkdir()
    settings.MEDIA_ROOT.chmod(0o755)


def own_key(settings: Any, connection: Connection) -> None:
    connection.private_key = keys.private_text(PRINTED)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda settings, _: setattr(settings, "DEMONSTRATION", True), "config.W001 DEMONSTRATION is on"),
        (lambda settings, _: setattr(settings, "SECURE", False), "config.W002 PUBLIC_URL is "),
        (lambda settings, _: setattr(settings, "TRUSTED_PROXIES", []), "config.W003 No proxy is named"),
        (lambda settings, _: setattr(settings, "SECRET_KEY", DEVELOPMENT_SECRET_KEY), "config.W004 Everybody knows"),
        (
            lambda settings, _: setattr(
                settings, "KEY_ENCRYPTION_KEYS", [*settings.KEY_ENCRYPTION_KEYS, DEVELOPMENT_ENCRYPTION_KEY]
            ),
            "config.W004 Everybody knows KEY_ENCRYPTION_KEY",
        ),
        (opened, "config.W005 MEDIA_ROOT "),
        (lambda settings, _: setattr(settings, "DEBUG", True), "security.W018 "),
        (lambda settings, _: setattr(settings, "INSTITUTION_CODE", ""), "W001 Set INSTITUTION_CODE"),
        (lambda settings, _: setattr(settings, "TRUST_ANCHORS", ["/nowhere.pem"]), "W003 "),
        (lambda _, connection: setattr(connection, "networks", []), "protocol.W001 Connection Platform: any address"),
        (own_key, "protocol.W002 Connection Platform: our key is the example of GB/T 32918.5"),
        (
            lambda _, connection: setattr(connection, "private_key", keys.private_text(sm2.PrivateKey(2))),
            "protocol.W002 Connection Platform: our key is easily guessed",
        ),
        (
            lambda _, connection: setattr(connection, "platform_key", keys.public_text(PRINTED.public)),
            "protocol.W002 Connection Platform: its key is the example of GB/T 32918.5",
        ),
        (
            lambda _, connection: setattr(connection, "platform_key", keys.public_text(connection.own_key().public)),
            "protocol.W002 Connection Platform: both sides have the same key",
        ),
        (
            lambda _, connection: setattr(connection, "appsecret", "secret"),
            "protocol.W002 Connection Platform: its appsecret has fewer than 16 characters",
        ),
        (
            lambda _, connection: setattr(connection, "appkey", connection.appsecret),
            "protocol.W002 Connection Platform: its appsecret is no secret",
        ),
        (mix, "staff.W001 Administrators who hold another role too: both."),
    ],
)
def test_each_thing_that_is_not_is_told_once_and_in_english(
    connection: Connection, settings: Any, spoil: Change, message: str
) -> None:
    spoil(settings, connection)
    connection.save()
    with translation.override("zh-hans"):  # as at the command line, where no request chooses
        (warning,) = warned()
    assert warning.startswith(message)
    assert warning.isascii()


def test_a_key_that_opens_nothing_is_told(connection: Connection, settings: Any) -> None:
    settings.KEY_ENCRYPTION_KEYS = ["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="]
    (warning,) = warned()
    assert warning.startswith("protocol.W003 A stored value cannot be decrypted. Set KEY_ENCRYPTION_KEY")


@pytest.fixture
def tables(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> str:
    """DATABASE_URL of the migrated tables for another process: on SQLite, where they lie in memory, of a copy."""
    at = database.settings_dict
    if database.vendor != "sqlite":
        return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    path = tmp_path / "desk.sqlite3"
    with django_db_blocker.unblock(), closing(sqlite3.connect(path)) as copy:
        database.ensure_connection()
        database.connection.backup(copy)
    return f"sqlite:///{path}"


def test_the_environment_can_answer_all_of_it(tables: str, tmp_path: Path, credentials: dict[str, Path]) -> None:
    given = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": tables,
        "PUBLIC_URL": "https://desk.example",
        "TRUSTED_PROXIES": "10.0.0.0/8",
        "INSTITUTION_NAME": "青城融资担保有限公司",
        "INSTITUTION_CODE": "91150100MA0N2T4X50",
        "INSTITUTION_ADDRESS": "呼和浩特市新城区1号",
        "INSTITUTION_TELEPHONE": "0471-0000000",
        "SIGNING_CERTIFICATE": str(credentials["certificate"]),
        "TRUST_ANCHORS": str(credentials["authority"]),
        **GOOD,
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    ended = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "no issues" in ended.stdout


def test_a_command_speaks_one_language(db: None) -> None:
    with translation.override("zh-hans"), pytest.raises(CommandError) as refused:
        call_command(
            "connect_platform",
            name="Platform",
            appid="a",
            appkey="k",
            appsecret="s",
            address="nowhere",
            platform_key=keys.public_text(PRINTED.public),
        )
    assert str(refused.value) == "--address: Enter a valid URL."


def test_open_files_are_told_without_deploy_too(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    assert "config.W005" not in {found.id for found in run_checks()}
    settings.MEDIA_ROOT.mkdir(mode=0o750)
    assert "config.W005" not in {found.id for found in run_checks()}
    settings.MEDIA_ROOT.chmod(0o751)
    assert "config.W005" in {found.id for found in run_checks()}


# --- Files ------------------------------------------------------------------------------------------------------------
def test_folders_and_files_are_closed_to_others(settings: Any, tmp_path: Path) -> None:
    """Under a umask that would open them."""
    settings.MEDIA_ROOT = tmp_path / "data" / "files"
    before = os.umask(0)
    try:
        written = Path(default_storage.path(default_storage.save("letters/2026/11/a.pdf", ContentFile(b"%PDF"))))
    finally:
        os.umask(before)
    assert written.stat().st_mode & 0o777 == 0o640
    made = [*written.relative_to(tmp_path).parents][:-1]
    assert [oct((tmp_path / folder).stat().st_mode & 0o777) for folder in made] == ["0o750"] * 5
