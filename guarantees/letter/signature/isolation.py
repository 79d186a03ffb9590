"""A stranger's file is validated in a process of its own, so that the worst one costs a bounded time and memory."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import BoundedSemaphore

from guarantees.letter.signature.certificates import LATEST, Certificate
from guarantees.letter.signature.faults import Fault
from guarantees.letter.signature.validation import Validation
from staff.isolation import Limits, NoAnswer, TooCostly, run

log = logging.getLogger(__name__)

#: So many files at most are validated at once by one process of the site.
AT_ONCE = 2
SLOTS = BoundedSemaphore(AT_ONCE)
LIMITS = Limits()

LONGEST_TEXT = 150
EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)


def validate_isolated(content: bytes, anchors: Sequence[bytes], limits: Limits | None = None) -> Validation:
    """`validation.validate` in a process of its own. Whatever happens to that process, there is an answer."""
    head = json.dumps([anchor.decode("latin-1") for anchor in anchors]).encode()
    try:
        found = run("guarantees.letter.signature.isolated", head + b"\n" + content, limits or LIMITS, SLOTS)
        return from_json(found)
    except TooCostly:
        return Validation((Fault.TOO_COMPLICATED,))
    except NoAnswer:
        return Validation((Fault.UNAVAILABLE,))
    except ValueError as error:
        log.error("The validation of a file gave no answer: %.200s", error)
        return Validation((Fault.UNAVAILABLE,))


def presentable(validation: Validation) -> Validation:
    """The answer with what a stranger wrote into his certificate made fit to be shown, stored and sent."""
    certificate = validation.certificate and Certificate(
        serial_number=_text(validation.certificate.serial_number),
        owner=_text(validation.certificate.owner),
        not_before=_time(validation.certificate.not_before),
        not_after=_time(validation.certificate.not_after),
        issuer=_text(validation.certificate.issuer),
    )
    return Validation(validation.faults, certificate, validation.signed_at and _time(validation.signed_at))


def _text(given: str) -> str:
    """Without control characters, marks that turn the direction of writing, and lone surrogates."""
    shown = (
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in given[:LONGEST_TEXT]
    )
    return "".join(shown)


def _time(given: object) -> datetime:
    """asn1crypto has a class of its own for the year 0."""
    if not isinstance(given, datetime):
        return EARLIEST
    aware = given if given.tzinfo else given.replace(tzinfo=UTC)
    return min(max(aware, EARLIEST), LATEST)


def to_json(validation: Validation) -> bytes:
    certificate = validation.certificate
    written = {
        "faults": validation.faults,
        "certificate": certificate
        and {
            "serial_number": certificate.serial_number,
            "owner": certificate.owner,
            "not_before": certificate.not_before.isoformat(),
            "not_after": certificate.not_after.isoformat(),
            "issuer": certificate.issuer,
        },
        "signed_at": validation.signed_at and validation.signed_at.isoformat(),
    }
    return json.dumps(written).encode()


def from_json(written: bytes) -> Validation:
    """The reverse of `to_json`, or ValueError."""
    try:
        read = json.loads(written)
        certificate = read["certificate"] and Certificate(
            serial_number=str(read["certificate"]["serial_number"]),
            owner=str(read["certificate"]["owner"]),
            not_before=datetime.fromisoformat(read["certificate"]["not_before"]),
            not_after=datetime.fromisoformat(read["certificate"]["not_after"]),
            issuer=str(read["certificate"]["issuer"]),
        )
        signed_at = read["signed_at"] and datetime.fromisoformat(read["signed_at"])
        return Validation(tuple(map(Fault, read["faults"])), certificate, signed_at)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no answer of the validation: {error}") from None
