"""What must hold before the site starts, and what `check --deploy` says of the platforms' connections."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from protocol.crypto import sm2
from protocol.crypto.keys import KeyFormatError
from protocol.families import DEFAULT, FAMILIES, UnknownFamily, family_called
from protocol.handlers import HANDLERS
from protocol.models import Connection
from protocol.tables import Field, Table
from protocol.vocabulary import INBOUND, OUTBOUND, Transcode
from protocol.weakness import weaknesses

#: What a column that keeps a code of a status holds.
LONGEST_CODE = 32


def every_transcode_has_a_handler(**_: Any) -> list[CheckMessage]:
    """And no handler waits for what never comes in."""
    handled = {handler.transcode for handler in HANDLERS}
    missing = sorted(set(INBOUND) - handled)
    found: list[CheckMessage] = []
    if missing:
        text = f"Nobody handles {', '.join(missing)}."
        found.append(Error(text, hint="List a handler under HANDLERS of a room's offers.py.", id="E001"))
    found += [
        Error(f"{transcode} is not an inbound transcode, but a handler waits for it.", id="protocol.E003")
        for transcode in sorted(handled - set(INBOUND))
    ]
    return found


def every_family_tells_what_is_asked(**_: Any) -> list[CheckMessage]:
    """Each has the facts and words of the specification's own family for every transcode: of what it lacks, a message
    would be lost when it comes, or could not be written when it is to leave."""
    own = family_called(DEFAULT)
    return [
        Error(f"Family of platforms {family.name}, {transcode}: {what}.", id="protocol.E004")
        for family in FAMILIES
        for transcode in Transcode
        for what in (
            _lacks(own.tables[transcode], family.tables[transcode])
            if transcode in family.tables
            else ["there is no table"]
        )
    ]


def _lacks(own: Table, other: Table) -> list[str]:
    parts = ((own.request, other.request, own.transcode in OUTBOUND), (own.answer, other.answer, True))
    return [what for before, fields, we_write in parts for what in _differs(before, fields, we_write)]


def _differs(own: tuple[Field, ...], other: tuple[Field, ...], we_write: bool) -> list[str]:
    known, fields = {field.fact: field for field in own}, {field.fact: field for field in other}
    found = [f"{fact} is no fact of ours" for fact in fields if fact not in known]
    for fact, field in known.items():
        if fact not in fields:
            found += [f"{fact} is missing"] if we_write or field.required else []
        elif field.required and not we_write and not fields[fact].required:
            found.append(f"{fact} is required")
        elif {code.word for code in field.codes} != {code.word for code in fields[fact].codes}:
            found.append(f"{fact} has a code for each of {', '.join(code.word for code in field.codes)}")
    for field in other:
        longest = field.length or LONGEST_CODE
        found += [f"{code} is longer than {field.name} may be" for code in field.codes if len(code) > longest]
    return found


def the_arithmetic_knows_its_answers(**_: Any) -> list[CheckMessage]:
    try:
        sm2.self_test()
    except Exception as error:  # noqa: BLE001 (whatever it is, the site must not start)
        return [Error(f"The SM2 self-test fails: {error}.", id="E002")]
    return []


def connections_are_closed_to_strangers(**_: Any) -> list[CheckMessage]:
    """One warning for each connection that any address may use, and for each whose keys others may know."""
    try:
        connections = list(Connection.objects.agreed())
    except DatabaseError:  # not migrated yet, or away: other checks say so
        return []
    except ImproperlyConfigured as error:
        return [checks.Warning(str(error), id="protocol.W003")]
    return [warning for connection in connections for warning in _warnings(connection)]


def _warnings(connection: Connection) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not connection.networks:
        text = f"Connection {connection}: any address may send as this platform, since no networks are allowed alone."
        hint = f"connect_platform --name '{connection}' --network 203.0.113.0/24, or the desk."
        found.append(checks.Warning(text, hint=hint, id="protocol.W001"))
    try:
        weak = weaknesses(connection.party())
    except UnknownFamily as error:
        return [*found, checks.Error(f"Connection {connection}: {error}", id="protocol.E005")]
    except (KeyFormatError, ValueError) as error:
        weak = [f"its keys cannot be read ({error})"]
    if weak:
        text, hint = f"Connection {connection}: {'; '.join(weak)}.", "Agree on others with the platform."
        found.append(checks.Warning(text, hint=hint, id="protocol.W002"))
    return found
