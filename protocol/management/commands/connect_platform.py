"""Creates or updates the connection to a platform and prints our public key for the exchange."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from protocol import audit
from protocol.crypto import keys, sm2
from protocol.dialect import CHOICES, FRESHNESS, FRESHNESS_RANGE
from protocol.models import Connection


class Command(BaseCommand):
    help = (
        "Creates the connection named --name, or updates what is given of it, and prints our public key. "
        "A wrong value is an error and changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the platform's name on the desk")
        parser.add_argument("--appid", help="up to 32 characters, as the platform gave it")
        parser.add_argument("--appkey", help="as the platform gave it; - reads a line from standard input")
        parser.add_argument(
            "--appsecret", help="as the platform gave it; - reads a line from standard input, else $APPSECRET is read"
        )
        parser.add_argument(
            "--platform-key", help="its SM2 public key: base64, hex or PEM, or @FILE with one of them in it"
        )
        parser.add_argument("--address", help="where its notifications go, http:// or https://")
        parser.add_argument("--network", action="append", help="a network it calls from, 10.0.0.0/8; may be repeated")
        parser.add_argument("--ca-certificate", metavar="FILE", help="PEM of the private authority of its address")
        parser.add_argument("--client-certificate", metavar="FILE", help="PEM of our certificate and key for it")
        parser.add_argument(
            "--dialect",
            action="append",
            metavar="name=value",
            help="; ".join(
                [
                    *(f"{choice.name}={'|'.join(choice.values)} ({choice.about})" for choice in CHOICES),
                    f"{FRESHNESS}=1…{FRESHNESS_RANGE[-1]} (minutes a reqtime may be off)",
                ]
            ),
        )
        parser.add_argument("--json", action="store_true", help="print JSON: appid, institution_key, gateway")

    def handle(self, *args: Any, **options: Any) -> None:
        given = _given(options)
        with transaction.atomic():
            connection = Connection.objects.select_for_update().filter(name=options["name"]).first()
            created = connection is None
            if connection is None:
                connection = Connection(name=options["name"], private_key=keys.private_text(sm2.generate()))
            for field, value in given.items():
                setattr(connection, field, value)
            _check(connection)
            connection.save()
            recorded = audit.connection_created if created else audit.connection_changed
            recorded(connection, person=None, changed=given)
        self._print(connection, created=created, as_json=options["json"])

    def _print(self, connection: Connection, *, created: bool, as_json: bool) -> None:
        key, gateway = connection.own_key().public, f"{settings.PUBLIC_URL}/gateway/"
        if as_json:
            told = {"appid": connection.appid, "institution_key": keys.public_text(key), "gateway": gateway}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(
            f"{connection.name} is {'created' if created else 'updated'}.\n"
            f"appid              {connection.appid}\n"
            f"our public key     {keys.public_text(key)}\n"
            f"our gateway        {gateway}\n"
            f"{keys.public_pem(key)}"
        )


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The fields that the command line names, read from where it says."""
    fields = {
        "appid": options["appid"],
        "appkey": _secret(options["appkey"]),
        "appsecret": _secret(options["appsecret"]) or os.environ.get("APPSECRET"),
        "platform_key": _file_or_text(options["platform_key"]),
        "address": options["address"],
        "networks": options["network"],
        "ca_certificate": _file(options["ca_certificate"]),
        "client_certificate": _file(options["client_certificate"]),
        "dialect": _dialect(options["dialect"]),
    }
    return {field: value for field, value in fields.items() if value is not None}


def _secret(given: str | None) -> str | None:
    return sys.stdin.readline().strip() if given == "-" else given


def _file_or_text(given: str | None) -> str | None:
    return _file(given[1:]) if given and given.startswith("@") else given


def _file(path: str | None) -> str | None:
    try:
        return Path(path).read_text() if path else None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from None


def _dialect(pairs: list[str] | None) -> dict[str, str] | None:
    if pairs is None:
        return None
    settings_given = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise CommandError(f"--dialect {pair!r}: name=value would be right, such as sm2_text=hex.")
        settings_given[name] = value
    return settings_given


def _check(connection: Connection) -> None:
    """Every error at once, each under its option's name."""
    missing = [name for name in ("appid", "appkey", "appsecret", "platform_key") if not getattr(connection, name)]
    if missing:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise CommandError(f"A new connection needs {options}.")
    try:
        connection.full_clean()
    except ValidationError as error:
        told = [f"--{name.replace('_', '-')}: {' '.join(texts)}" for name, texts in error.message_dict.items()]
        raise CommandError("\n".join(told)) from None
