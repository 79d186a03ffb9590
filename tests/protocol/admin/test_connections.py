"""Connections: an administrator brings in what a platform says, a manager confirms it."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from asn1crypto import pem
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from protocol.checks import connections_are_closed_to_strangers
from protocol.crypto import keys, sm2
from protocol.decisions.connection import add
from protocol.dialect import Dialect
from protocol.key_texts import fingerprint
from protocol.models import Connection
from staff.decisions import NotPossible
from staff.models import AuditEntry, Proposal
from staff.proposal_decisions import ConfirmProposal
from staff.roles import Role
from tests.institution import again, person, signed_in
from tests.platform import Platform
from tests.protocol.delivery.test_transport import AUTHORITY, certificate


@pytest.fixture
def form() -> dict[str, Any]:
    """The platform's side of an agreement."""
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


def page_of(connection: Connection) -> str:
    return f"/admin/protocol/connection/{connection.pk}/"


def proposed(client: Client, connection: Connection, form: dict[str, Any], name: str = "agree") -> Any:
    """What a browser does: the form is opened, filled in and sent."""
    address = f"{page_of(connection)}decide/{name}/"
    seen = client.get(address).context["guard"].initial["seen"]
    return client.post(address, {**form, "seen": seen})


def confirmed() -> Connection:
    """The manager confirms what waits."""
    ConfirmProposal().take(Proposal.objects.waiting().get().pk, person(Role.MANAGER))
    return Connection.objects.latest("id")


def begun(client: Client) -> Connection:
    client.post("/admin/protocol/connection/add/", {"name": "Another", "appid": "another"})
    return Connection.objects.get(appid="another")


def test_it_works(desk: Callable[[Role], Client], form: dict[str, Any]) -> None:
    client = desk(Role.ADMINISTRATOR)
    made = begun(client)
    assert keys.public_text(made.own_key().public).rstrip("=") in client.get(f"{page_of(made)}change/").content.decode()
    proposed(client, made, form)
    assert not again(made).is_agreed
    made = confirmed()
    assert (made.appkey, made.appsecret) == ("a-key", "a-secret")
    assert made.dialect == {"sm4_mode": "cbc"}
    assert made.networks == ["10.0.0.0/8", "192.0.2.1"]
    assert (made.address, made.platform_key) == (form["address"], form["platform_key"])


def test_before_it_is_confirmed_nobody_is_believed_by_it(platform: Platform, form: dict[str, Any]) -> None:
    made = add(person(Role.ADMINISTRATOR), {"name": "Another", "appid": "another"})
    stranger = Platform("Third")
    Connection.objects.filter(pk=stranger.connection.pk).update(platform_key="")
    assert stranger.apply().code == "101"
    Connection.objects.filter(pk=stranger.connection.pk).update(platform_key=stranger.connection.platform_key)
    assert stranger.apply().code == "000"
    assert made.name not in str(connections_are_closed_to_strangers())


def test_a_key_or_an_address_is_another_persons_to_confirm(platform: Platform, form: dict[str, Any]) -> None:
    """The classic fraud: a key of one's own, and demands that are believed."""
    administrator, before = person(Role.ADMINISTRATOR), platform.connection
    proposed(signed_in(Role.ADMINISTRATOR), before, form)
    proposal = Proposal.objects.waiting().get()
    now = again(before)
    assert (now.platform_key, now.address) == (before.platform_key, before.address)
    assert platform.apply().code == "000"
    with pytest.raises(NotPossible, match="another role"):
        ConfirmProposal().take(proposal.pk, administrator)
    shown = signed_in(Role.MANAGER).get(f"/admin/staff/changerequest/{proposal.pk}/change/").content.decode()
    assert f"(SM3 {fingerprint(before.platform_key)})</del>" in shown
    assert f"(SM3 {fingerprint(form['platform_key'])})</strong>" in shown
    assert "a-secret" not in shown
    assert confirmed().platform_key == form["platform_key"]


def test_what_the_operator_changed_meanwhile_is_not_undone(platform: Platform, form: dict[str, Any]) -> None:
    """A proposal says every column, also those that it left as they were."""
    proposed(signed_in(Role.ADMINISTRATOR), platform.connection, form)
    call_command("connect_platform", name=platform.connection.name, address="https://moved.example/", stdout=StringIO())
    with pytest.raises(NotPossible, match="changed since this was proposed"):
        confirmed()
    assert again(platform.connection).address == "https://moved.example/"


def test_whoever_proposed_takes_it_back_or_proposes_anew(platform: Platform, form: dict[str, Any]) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    for name, given, state in (
        ("change", {**form, "appid": "a-third"}, "changed"),
        ("withdraw", {"sure": "on"}, "withdrawn"),
    ):
        proposed(client, platform.connection, form) if name == "change" else None
        proposal = Proposal.objects.waiting().get()
        address = f"/admin/staff/changerequest/{proposal.pk}/decide/{name}/"
        seen = client.get(address).context["guard"].initial["seen"]
        client.post(address, {**given, "seen": seen})
        assert again(proposal).state == state
    assert client.get("/admin/staff/proposal/").status_code == 403


def test_a_switch_waits_for_nobody(platform: Platform, desk: Callable[[Role], Client]) -> None:
    proposed(desk(Role.ADMINISTRATOR), platform.connection, {"suspended": "on"}, "switch")
    assert again(platform.connection).suspended
    assert platform.apply().code == "301"
    proposed(desk(Role.ADMINISTRATOR), platform.connection, {}, "switch")
    assert platform.apply().code == "000"
    entry = AuditEntry.objects.filter(event="connection.switched").latest("id")
    assert entry.details["changed"] == ["suspended"]


def test_no_secret_is_ever_shown(desk: Callable[[Role], Client], platform: Platform) -> None:
    own = certificate("institution", AUTHORITY).with_key
    Connection.objects.update(client_certificate=own)
    secrets = [getattr(platform.connection, name) for name in ("appkey", "appsecret", "private_key")]
    for role, page in (
        (Role.ADMINISTRATOR, "change/"),
        (Role.ADMINISTRATOR, "decide/agree/"),
        (Role.AUDITOR, "change/"),
    ):
        shown = desk(role).get(page_of(platform.connection) + page).content.decode()
        for secret in (*secrets, own.splitlines()[1]):
            assert secret not in shown


def test_empty_secrets_stay_as_they_are(
    desk: Callable[[Role], Client], platform: Platform, form: dict[str, Any]
) -> None:
    proposed(desk(Role.ADMINISTRATOR), platform.connection, {**form, "appkey": "", "appsecret": ""})
    changed = confirmed()
    assert (changed.appkey, changed.appsecret) == ("the-appkey", "the-appsecret")
    assert changed.private_key == platform.connection.private_key


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
        ("name", "Third"),
    ],
)
def test_a_wrong_value_is_refused_beside_its_field(
    desk: Callable[[Role], Client], form: dict[str, Any], field: str, value: str
) -> None:
    add(person(Role.ADMINISTRATOR), {"name": "Third", "appid": "third"})
    made = add(person(Role.ADMINISTRATOR), {"name": "Another", "appid": "another"})
    answer = proposed(desk(Role.ADMINISTRATOR), made, {**form, field: value})
    assert field in answer.context["form"].errors
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("taken", [{"name": "Platform"}, {"appid": "APPID"}])
def test_a_name_or_an_appid_that_is_taken_is_refused(
    desk: Callable[[Role], Client], platform: Platform, taken: dict[str, str]
) -> None:
    taken = {name: getattr(platform.connection, name) for name in taken}
    given = {"name": "Another", "appid": "another", **taken}
    answer = desk(Role.ADMINISTRATOR).post("/admin/protocol/connection/add/", given)
    assert list(answer.context["form"].errors) == list(taken)


def test_the_key_may_come_as_a_file(desk: Callable[[Role], Client], form: dict[str, Any]) -> None:
    key = sm2.generate().public
    given = SimpleUploadedFile("key.der", pem.unarmor(keys.public_pem(key).encode())[2])
    client = desk(Role.ADMINISTRATOR)
    proposed(client, begun(client), {**form, "platform_key": "", "platform_key_file": given})
    assert confirmed().platform_key == keys.public_text(key)


def test_certificates_may_stand_amid_chinese_and_one_is_taken_away(
    desk: Callable[[Role], Client], form: dict[str, Any]
) -> None:
    own = certificate("institution", AUTHORITY).with_key
    given = {"ca_certificate": f"# 财政厅的根证书\r\n{AUTHORITY.pem}", "client_certificate": f"客户端证书\r\n{own}"}
    client = desk(Role.ADMINISTRATOR)
    made = begun(client)
    proposed(client, made, {**form, **given})
    shown = (
        signed_in(Role.MANAGER).get(f"/admin/staff/changerequest/{Proposal.objects.get().pk}/change/").content.decode()
    )
    assert "SHA-256 " in shown
    assert "PRIVATE KEY" not in shown
    made = confirmed()
    assert made.client_certificate == own
    kept = {**form, "ca_certificate": made.ca_certificate, "appkey": "", "appsecret": ""}
    assert "no_client_certificate" in client.get(f"{page_of(made)}decide/agree/").content.decode()
    proposed(client, made, kept)
    assert confirmed().client_certificate == own
    proposed(client, made, {**kept, "no_client_certificate": "on"})
    assert confirmed().client_certificate == ""


def test_what_was_given_instead_of_a_key_is_told_in_the_readers_language(
    desk: Callable[[Role], Client], form: dict[str, Any]
) -> None:
    client = desk(Role.ADMINISTRATOR)
    made = begun(client)
    client.cookies["django_language"] = "zh-hans"
    private = keys.private_text(sm2.generate())
    for field, given, says in (
        ("platform_key", private, "这是私钥或半个公钥"),
        ("platform_key_file", SimpleUploadedFile("key", private.encode()), "这是私钥或半个公钥"),
        ("platform_key_file", SimpleUploadedFile("key", b"x" * 70_000), "密钥文件应小于64 KB"),
        ("platform_key", "", "请填写平台公钥"),
    ):
        answer = proposed(client, made, {**form, "platform_key": "", field: given})
        assert says in answer.content.decode()
    assert not again(made).is_agreed


def test_a_change_is_in_the_audit_trail_without_any_secret(
    desk: Callable[[Role], Client], platform: Platform, form: dict[str, Any]
) -> None:
    proposed(desk(Role.ADMINISTRATOR), platform.connection, form)
    confirmed()
    entry = AuditEntry.objects.get(event="connection.changed")
    assert (entry.actor_name, entry.details["proposed_by"]) == ("Person manager", "Person administrator")
    assert {"appsecret", "address", "platform_key"} <= set(entry.details["changed"])
    assert "a-secret" not in str(entry.details)
    shown = desk(Role.ADMINISTRATOR).get(f"{page_of(platform.connection)}change/").content.decode()
    assert "Connection changed" in shown
