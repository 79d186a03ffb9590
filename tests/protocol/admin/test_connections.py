"""Connections, as an administrator keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asn1crypto import pem
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from protocol.crypto import keys, sm2
from protocol.dialect import Dialect
from protocol.models import Connection
from staff.models import AuditEntry
from staff.roles import Role
from tests.platform import Platform
from tests.protocol.delivery.test_transport import AUTHORITY, certificate


@pytest.fixture
def form() -> dict[str, Any]:
    dialect = {f"dialect_{name}": value for name, value in vars(Dialect()).items()}
    return {
        "name": "Another",
        "appid": "another",
        "appkey": "a-key",
        "appsecret": "a-secret",
        "platform_key": keys.public_text(sm2.generate().public),
        "address": "https://platform.example/notify",
        "network_lines": "10.0.0.0/8\n192.0.2.1",
        **dialect,
        "dialect_sm4_mode": "cbc",
    }


def address(connection: Connection) -> str:
    return f"/admin/protocol/connection/{connection.pk}/change/"


def test_it_works(desk: Callable[[Role], Client], form: dict[str, Any]) -> None:
    desk(Role.ADMINISTRATOR).post("/admin/protocol/connection/add/", form)
    made = Connection.objects.get(appid="another")
    assert (made.appkey, made.appsecret) == ("a-key", "a-secret")
    assert made.dialect == {"sm4_mode": "cbc"}
    assert made.networks == ["10.0.0.0/8", "192.0.2.1"]
    assert made.own_key().public


def test_no_secret_is_ever_shown(desk: Callable[[Role], Client], platform: Platform) -> None:
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        page = desk(role).get(address(platform.connection)).content.decode()
        for secret in (platform.connection.appkey, platform.connection.appsecret, platform.connection.private_key):
            assert secret not in page


def test_our_public_key_is_shown_for_the_exchange(desk: Callable[[Role], Client], platform: Platform) -> None:
    page = desk(Role.ADMINISTRATOR).get(address(platform.connection)).content.decode()
    assert keys.public_text(platform.connection.own_key().public).rstrip("=") in page
    assert "BEGIN PUBLIC KEY" in page


def test_empty_secrets_stay_as_they_are(
    desk: Callable[[Role], Client], platform: Platform, form: dict[str, Any]
) -> None:
    desk(Role.ADMINISTRATOR).post(
        address(platform.connection), {**form, "appkey": "", "appsecret": "", "suspended": "on"}
    )
    changed = Connection.objects.get(pk=platform.connection.pk)
    assert (changed.appkey, changed.appsecret) == ("the-appkey", "the-appsecret")
    assert changed.private_key == platform.connection.private_key
    assert changed.suspended


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("platform_key", "not a key"),
        ("network_lines", "10.0.0.0/99"),
        ("dialect_sm2_text", "morse"),
        ("dialect_freshness", "0"),
        ("appsecret", ""),
        ("ca_certificate", "根证书"),
        ("client_certificate", "客户端证书"),
        ("client_certificate", AUTHORITY.pem),
    ],
)
def test_a_wrong_value_is_refused_beside_its_field(
    desk: Callable[[Role], Client], form: dict[str, Any], field: str, value: str
) -> None:
    answer = desk(Role.ADMINISTRATOR).post("/admin/protocol/connection/add/", {**form, field: value})
    assert field in answer.context["adminform"].form.errors
    assert not Connection.objects.exists()


def test_the_key_may_come_as_a_file(desk: Callable[[Role], Client], form: dict[str, Any]) -> None:
    key = sm2.generate().public
    given = SimpleUploadedFile("key.der", pem.unarmor(keys.public_pem(key).encode())[2])
    desk(Role.ADMINISTRATOR).post(
        "/admin/protocol/connection/add/", {**form, "platform_key": "", "platform_key_file": given}
    )
    assert Connection.objects.get(appid="another").platform_key == keys.public_text(key)


def test_certificates_may_stand_amid_chinese_and_one_is_taken_away(
    desk: Callable[[Role], Client], form: dict[str, Any]
) -> None:
    own = certificate("institution", AUTHORITY).with_key
    given = {"ca_certificate": f"# 财政厅的根证书\r\n{AUTHORITY.pem}", "client_certificate": f"客户端证书\r\n{own}"}
    client = desk(Role.ADMINISTRATOR)
    client.post("/admin/protocol/connection/add/", {**form, **given})
    made = Connection.objects.get(appid="another")
    assert made.client_certificate == own
    kept = {**form, "ca_certificate": made.ca_certificate, "appkey": "", "appsecret": ""}
    page = client.get(address(made)).content.decode()
    assert "no_client_certificate" in page
    assert own.splitlines()[1] not in page
    client.post(address(made), kept)
    assert Connection.objects.get(pk=made.pk).client_certificate == own
    client.post(address(made), {**kept, "no_client_certificate": "on"})
    assert Connection.objects.get(pk=made.pk).client_certificate == ""


def test_what_was_given_instead_of_a_key_is_told_in_the_readers_language(
    desk: Callable[[Role], Client], form: dict[str, Any]
) -> None:
    client = desk(Role.ADMINISTRATOR)
    client.cookies["django_language"] = "zh-hans"
    private = keys.private_text(sm2.generate())
    for field, given, says in (
        ("platform_key", private, "这是私钥或半个公钥"),
        ("platform_key_file", SimpleUploadedFile("key", private.encode()), "这是私钥或半个公钥"),
        ("platform_key_file", SimpleUploadedFile("key", b"x" * 70_000), "密钥文件应小于64 KB"),
        ("platform_key", "", "请填写平台公钥"),
    ):
        answer = client.post("/admin/protocol/connection/add/", {**form, "platform_key": "", field: given})
        assert says in answer.content.decode()
    assert not Connection.objects.exists()


def test_a_change_is_in_the_audit_trail_without_any_secret(
    desk: Callable[[Role], Client], platform: Platform, form: dict[str, Any]
) -> None:
    desk(Role.ADMINISTRATOR).post(address(platform.connection), form)
    entry = AuditEntry.objects.get(event="connection.changed")
    assert entry.actor_name == "Person administrator"
    assert "a-secret" not in str(entry.details)
    history = desk(Role.ADMINISTRATOR).get(f"/admin/protocol/connection/{platform.connection.pk}/history/")
    assert "Connection changed" in history.content.decode()
