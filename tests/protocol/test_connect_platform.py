"""manage.py connect_platform, as an integrator uses it."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from django.core.management import CommandError, call_command

from protocol.crypto import keys, sm2
from protocol.models import Connection
from staff.models import AuditEntry
from tests.protocol.delivery.test_transport import AUTHORITY, certificate

pytestmark = pytest.mark.django_db
KEY = sm2.generate().public
#: As `openssl pkcs8 -topk8 -v2 sm4-cbc` writes it.
ENCRYPTED = b"""-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHrMFYGCSqGSIb3DQEFDTBJMCkGCSqGSIb3DQEFDDAcBAh6zj/evXc2vwICJxAw
DAYIKoZIhvcNAgkFADAcBggqgRzPVQFoAgQQ02mrKkipdmIawwPyzUIOIwSBkMf2
drJs36tiFgSDhM4kL3XDa6SVixIG3HQJNRAqQrXYdakdExAyDmqk4MhtzZOgBw7V
FYaX44cx8maIUBiXlLtE1/fUwLpB6aliqXnDJqrnokqr9r0XasPtheEQ7lD8vFW5
8ShKgNF/B85RtDHlyRs/CH58RdT6Lk8dgYyCfelj6oMedK+0sr+ldHRmCzNEEg==
-----END ENCRYPTED PRIVATE KEY-----
"""
ENCRYPTED_KEY = sm2.PrivateKey(0x6ED918170A8D28949697BCAEF4790FF44FB59E41799D59B77E26A38C37B37F32)
GIVEN = {
    "name": "内蒙古政府采购平台",
    "appid": "NMG01",
    "appkey": "key",
    "appsecret": "secret",
    "platform_key": keys.public_text(KEY),
    "address": "https://platform.example/notify",
}


def connect(**given: Any) -> str:
    out = StringIO()
    call_command("connect_platform", stdout=out, **given)
    return out.getvalue()


def test_it_works() -> None:
    agreement = json.loads(connect(**GIVEN, json=True))
    connection = Connection.objects.get()
    assert agreement == {
        "appid": "NMG01",
        "institution_key": keys.public_text(connection.own_key().public),
        "gateway": "http://127.0.0.1:8000/gateway/",
    }
    assert AuditEntry.objects.get().event == "connection.created"


def test_the_key_is_printed_in_both_forms() -> None:
    shown = connect(**GIVEN)
    assert keys.public_text(Connection.objects.get().own_key().public) in shown
    assert "BEGIN PUBLIC KEY" in shown
    assert "secret" not in shown.replace("appsecret  ", "")


def test_an_update_changes_what_is_given_and_keeps_our_key() -> None:
    connect(**GIVEN)
    before = Connection.objects.get()
    connect(name=GIVEN["name"], address="https://new.example/", dialect=["sm2_text=hex"], network=["10.0.0.0/8"])
    after = Connection.objects.get()
    assert (after.address, after.dialect, after.networks) == (
        "https://new.example/",
        {"sm2_text": "hex"},
        ["10.0.0.0/8"],
    )
    assert (after.private_key, after.appsecret) == (before.private_key, before.appsecret)


def test_the_secret_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("from stdin\n"))
    connect(**{**GIVEN, "appsecret": "-"})
    assert Connection.objects.get().appsecret == "from stdin"


def test_the_secret_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPSECRET", "from environment")
    connect(**{**GIVEN, "appsecret": None})
    assert Connection.objects.get().appsecret == "from environment"


def test_what_lies_in_the_environment_replaces_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be another platform's, of a command before."""
    connect(**GIVEN)
    monkeypatch.setenv("APPSECRET", "another platform's")
    err = StringIO()
    assert "appsecret          as it was" in connect(name=GIVEN["name"], address="https://new.example/", stderr=err)
    assert "was not read" in err.getvalue()
    assert Connection.objects.get().appsecret == "secret"
    assert "appsecret          new, from $APPSECRET" in connect(name=GIVEN["name"], appsecret="$APPSECRET")
    assert Connection.objects.get().appsecret == "another platform's"
    monkeypatch.delenv("APPSECRET")
    with pytest.raises(CommandError, match="not set"):
        connect(name=GIVEN["name"], appsecret="$APPSECRET")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
def test_certificates_are_read_amid_comments_and_taken_away_again(tmp_path: Path, encoding: str) -> None:
    own = certificate("institution", AUTHORITY)
    (tmp_path / "ca.pem").write_text(f"# 财政厅的根证书\r\n{AUTHORITY.pem}", encoding=encoding)
    (tmp_path / "own.pem").write_text(f"客户端证书\n{own.with_key}", encoding=encoding)
    given = {"ca_certificate": str(tmp_path / "ca.pem"), "client_certificate": str(tmp_path / "own.pem")}
    connect(**GIVEN, **given)
    made = Connection.objects.get()
    assert AUTHORITY.pem in made.ca_certificate.replace("\r\n", "\n")
    assert made.client_certificate == own.with_key
    connect(name=GIVEN["name"], ca_certificate="", client_certificate="")
    made = Connection.objects.get()
    assert (made.ca_certificate, made.client_certificate) == ("", "")


def test_a_client_certificate_of_no_use_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text(certificate("institution", AUTHORITY).pem)
    with pytest.raises(CommandError, match=r"--client-certificate: .*private key is missing"):
        connect(**GIVEN, client_certificate=str(tmp_path / "own.pem"))
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("platform_key", "no key", "platform-key"),
        ("platform_key", "AA" * 64, "platform-key"),
        ("dialect", ["sm2_text=octal"], "dialect"),
        ("dialect", ["sm2_text"], "name=value"),
        ("dialect", ["colour=red"], "dialect"),
        ("network", ["10.0.0.300/8"], "networks"),
        ("address", "platform.example", "address"),
        ("appid", "x" * 33, "appid"),
        ("appkey", None, "--appkey"),
        ("ca_certificate", "/does/not/exist", "cannot be read"),
    ],
)
def test_a_wrong_value_is_a_clear_error_and_changes_nothing(option: str, value: Any, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        connect(**{**GIVEN, option: value})
    assert not Connection.objects.exists()


def test_an_appid_belongs_to_one_connection() -> None:
    connect(**GIVEN)
    with pytest.raises(CommandError, match="appid"):
        connect(**{**GIVEN, "name": "another"})


def test_secrets_are_not_readable_in_the_database() -> None:
    from django.db import connection as database

    connect(**GIVEN)
    with database.cursor() as cursor:
        cursor.execute("SELECT appkey, appsecret, private_key FROM protocol_connection")
        row = cursor.fetchone()
    assert all(len(value) > 60 and "secret" not in value for value in row)


def test_what_is_not_given_stays_and_what_stands_is_printed() -> None:
    connect(**{**GIVEN, "dialect": ["sm2_text=hex", "claims=strict"], "network": ["10.0.0.0/8"]})
    output = connect(name=GIVEN["name"], dialect=["sm4_mode=cbc"], network=["192.0.2.0/24"])
    made = Connection.objects.get()
    assert made.dialect == {"sm2_text": "hex", "claims": "strict", "sm4_mode": "cbc"}
    assert made.networks == ["10.0.0.0/8", "192.0.2.0/24"]
    assert "claims=strict, sm2_text=hex, sm4_mode=cbc" in output
    assert "10.0.0.0/8, 192.0.2.0/24" in output


def test_one_setting_or_network_is_taken_away() -> None:
    connect(**{**GIVEN, "dialect": ["sm2_text=hex", "claims=strict"], "network": ["10.0.0.0/8", "192.0.2.0/24"]})
    connect(name=GIVEN["name"], dialect=["sm2_text="], no_network=["10.0.0.0/8"])
    made = Connection.objects.get()
    assert (made.dialect, made.networks) == ({"claims": "strict"}, ["192.0.2.0/24"])
    for wrong in ({"no_network": ["10.0.0.0/8"]}, {"dialect": ["colour="]}):
        with pytest.raises(CommandError):
            connect(name=GIVEN["name"], **wrong)


def test_a_binary_file_is_read_and_kept_in_one_form(tmp_path: Path) -> None:
    (tmp_path / "key.der").write_bytes(pem.unarmor(keys.public_pem(KEY).encode())[2])
    connect(**{**GIVEN, "platform_key": f"@{tmp_path / 'key.der'}"})
    assert Connection.objects.get().platform_key == keys.public_text(KEY)


def test_our_own_key_may_be_an_encrypted_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = sm2.generate()
    (tmp_path / "raw").write_text(keys.private_text(own))
    (tmp_path / "encrypted").write_bytes(ENCRYPTED)
    connect(**GIVEN, own_key=f"@{tmp_path / 'raw'}")
    assert Connection.objects.get().own_key() == own
    monkeypatch.setenv("OWN_KEY_PASSPHRASE", "another")
    with pytest.raises(CommandError, match="passphrase does not open"):
        connect(name=GIVEN["name"], own_key=f"@{tmp_path / 'encrypted'}")
    assert Connection.objects.get().own_key() == own
    monkeypatch.setenv("OWN_KEY_PASSPHRASE", "passphrase")
    shown = connect(name=GIVEN["name"], own_key=f"@{tmp_path / 'encrypted'}")
    assert Connection.objects.get().own_key() == ENCRYPTED_KEY
    assert keys.public_text(ENCRYPTED_KEY.public) in shown
