"""Creates or updates the connection to a platform and prints our public key for the exchange."""

from __future__ import annotations

import json
import os
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import transaction

from protocol import audit
from protocol.crypto import keys, sm2
from protocol.dialect import CHOICES, FRESHNESS, FRESHNESS_RANGE
from protocol.families import FAMILIES
from protocol.key_texts import key_error_text
from protocol.models import Connection

APPSECRET = "APPSECRET"


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
            "--appsecret",
            help="as the platform gave it; - reads a line from standard input, '$APPSECRET' the "
            "environment, which a new connection reads without being told to",
        )
        parser.add_argument(
            "--platform-key",
            help="its SM2 public key, or a certificate of it: base64, hex or PEM, or @FILE (text or DER)",
        )
        parser.add_argument(
            "--own-key",
            metavar="@FILE",
            help="our SM2 private key, where one was agreed on before: PEM, DER, base64 or hex in a file; "
            "the passphrase of an encrypted one is asked for, or read from $OWN_KEY_PASSPHRASE. Else one is made",
        )
        parser.add_argument("--address", help="where its notifications go, http:// or https://")
        parser.add_argument(
            "--network", action="append", help="one more network that it calls from, 10.0.0.0/8; may be repeated"
        )
        parser.add_argument("--no-network", action="append", help="a network that it calls from no longer")
        parser.add_argument("--ca-certificate", metavar="FILE", help='PEM of its own authority; "" takes it away')
        parser.add_argument("--client-certificate", metavar="FILE", help='PEM of ours and its key; "" takes it away')
        parser.add_argument(
            "--family",
            help="how it names fields and codes: "
            + ", ".join(f"{family.name} ({family.label})" for family in FAMILIES),
        )
        parser.add_argument(
            "--dialect",
            action="append",
            metavar="name=value",
            help="the others stay as they are, and name= alone goes back to the default; "
            + "; ".join(
                [
                    *(f"{choice.name}={'|'.join(choice.values)} ({choice.about})" for choice in CHOICES),
                    f"{FRESHNESS}=1…{FRESHNESS_RANGE[-1]} (minutes a reqtime may be off)",
                ]
            ),
        )
        parser.add_argument("--json", action="store_true", help="print JSON: appid, institution_key, gateway")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        given = _given(options)
        with transaction.atomic():
            connection = Connection.objects.select_for_update().filter(name=options["name"]).first()
            created = connection is None
            if connection is None:
                connection = Connection(name=options["name"], private_key=keys.private_text(sm2.generate()))
                if "appsecret" not in given and os.environ.get(APPSECRET):
                    given["appsecret"] = os.environ[APPSECRET]
            secret = self._secret_in_words(connection, given.get("appsecret"))
            for field, value in given.items():
                setattr(connection, field, value)
            _change_dialect(connection, options["dialect"] or [])
            _change_networks(connection, options["network"] or [], options["no_network"] or [])
            changed = [name for name in ("dialect", "network", "no_network") if options[name]]
            _check(connection)
            connection.save()
            recorded = audit.connection_created if created else audit.connection_changed
            recorded(connection, person=None, changed=[*given, *changed])
        self._print(connection, secret, created=created, as_json=options["json"])

    def _secret_in_words(self, connection: Connection, given: str | None) -> str:
        """What becomes of the appsecret. One that merely lies in the environment replaces none: it may be another
        platform's."""
        in_environment = os.environ.get(APPSECRET)
        if given is not None:
            stays = given == connection.appsecret
            source = f", from ${APPSECRET}" if given == in_environment else ""
            return "the same as before" if stays else f"new{source}"
        if in_environment and in_environment != connection.appsecret:
            self.stderr.write(f"${APPSECRET} is not what is stored, and was not read: --appsecret '${APPSECRET}' does.")
        return "as it was"

    def _print(self, connection: Connection, secret: str, *, created: bool, as_json: bool) -> None:
        key, gateway = connection.own_key().public, f"{settings.PUBLIC_URL}/gateway/"
        if as_json:
            agreement = {"appid": connection.appid, "institution_key": keys.public_text(key), "gateway": gateway}
            self.stdout.write(json.dumps(agreement))
            return
        self.stdout.write(
            f"{connection.name} is {'created' if created else 'updated'}.\n"
            f"appid              {connection.appid}\n"
            f"appsecret          {secret}\n"
            f"our public key     {keys.public_text(key)}\n"
            f"our gateway        {gateway}\n"
            f"its networks       {', '.join(connection.networks) or 'any'}\n"
            f"its dialect        {_dialect_in_words(connection.dialect)}\n"
            f"{keys.public_pem(key)}"
        )


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The fields that the command line names, read from where it says."""
    fields = {
        "appid": options["appid"],
        "appkey": _secret(options["appkey"]),
        "appsecret": _secret(options["appsecret"]),
        "platform_key": _public_key(options["platform_key"]),
        "private_key": _own_key(options["own_key"]),
        "address": options["address"],
        "family": options["family"],
        "ca_certificate": _file(options["ca_certificate"]),
        "client_certificate": _file(options["client_certificate"]),
    }
    return {field: value for field, value in fields.items() if value is not None}


def _secret(given: str | None) -> str | None:
    if given == f"${APPSECRET}":
        if not os.environ.get(APPSECRET):
            raise CommandError(f"--appsecret: ${APPSECRET} is not set.")
        return os.environ[APPSECRET]
    return sys.stdin.readline().strip() if given == "-" else given


def _public_key(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return keys.public_text(keys.load_public(_content(given[1:]) if given.startswith("@") else given))
    except keys.KeyFormatError as error:
        raise CommandError(f"--platform-key: {key_error_text(error)}") from None


def _own_key(given: str | None) -> str | None:
    """From a file alone: an argument is kept by the shell's history."""
    if given is None:
        return None
    try:
        return keys.private_text(keys.load_private(_content(given.removeprefix("@")), _passphrase))
    except keys.KeyFormatError as error:
        raise CommandError(f"--own-key: {key_error_text(error)}") from None


def _passphrase() -> str:
    return os.environ.get("OWN_KEY_PASSPHRASE") or getpass("Passphrase of our key: ")


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error}") from None


def _file(path: str | None) -> str | None:
    """Its text, whatever it is written in: only the PEM in it counts, which is ASCII."""
    if not path:
        return path
    content = _content(path)
    encoding = "utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    return content.decode(encoding, "replace").replace("\0", "")


def _change_dialect(connection: Connection, pairs: list[str]) -> None:
    """What is not given stays as it stands; `name=` goes back to the default."""
    dialect = dict(connection.dialect)
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise CommandError(f"--dialect {pair!r}: name=value would be right, such as sm2_text=hex.")
        if value:
            dialect[name] = value
        elif name not in {*(choice.name for choice in CHOICES), FRESHNESS}:
            raise CommandError(f"--dialect {pair!r}: there is no setting {name!r}.")
        else:
            dialect.pop(name, None)
    connection.dialect = dialect


def _change_networks(connection: Connection, more: list[str], gone: list[str]) -> None:
    if unknown := [network for network in gone if network not in connection.networks]:
        raise CommandError(f"--no-network {unknown[0]}: it stands for {', '.join(connection.networks) or 'any'}.")
    kept = [network for network in connection.networks if network not in gone]
    connection.networks = [*kept, *(network for network in dict.fromkeys(more) if network not in kept)]


def _dialect_in_words(dialect: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(dialect.items())) or "the defaults"


def _check(connection: Connection) -> None:
    """Every error at once, each under its option's name."""
    missing = [name for name in ("appid", "appkey", "appsecret", "platform_key") if not getattr(connection, name)]
    if missing:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise CommandError(f"A new connection needs {options}.")
    try:
        connection.full_clean()
    except ValidationError as error:
        problems = [f"--{name.replace('_', '-')}: {' '.join(texts)}" for name, texts in error.message_dict.items()]
        raise CommandError("\n".join(problems)) from None
