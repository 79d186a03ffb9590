"""A stranger's file is validated in a process of its own, so that the worst one costs a bounded time and memory."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import BoundedSemaphore

from guarantees.letter.signature.certificates import LATEST, Certificate
from guarantees.letter.signature.faults import Fault
from guarantees.letter.signature.validation import Validation

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[3]
#: So many files at most are validated at once by one process of the site.
AT_ONCE = 2
SLOTS = BoundedSemaphore(AT_ONCE)
#: What the process exits with when it ran out of memory.
EXHAUSTED = 3
#: What the process needs of our environment: nothing that is secret.
ENVIRONMENT = ("PATH", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")

LONGEST_TEXT = 150
EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Limits:
    """What the validation of one file may cost. Windows knows the wall clock alone."""

    memory: int = 512 * 1024 * 1024  # bytes of address space: a letter of 20 MB needs a quarter of it
    cpu: int = 5  # seconds
    wall: float = 10.0  # seconds
    patience: float = 3.0  # seconds until a slot is free


LIMITS = Limits()


def validate_isolated(content: bytes, anchors: Sequence[bytes], limits: Limits | None = None) -> Validation:
    """`validation.validate` in a process of its own. Whatever happens to that process, there is an answer."""
    limits = limits or LIMITS
    if not SLOTS.acquire(timeout=limits.patience):
        log.warning("A file was not validated: %d others were, for all of %g s", AT_ONCE, limits.patience)
        return Validation((Fault.UNAVAILABLE,))
    try:
        return _validated(content, anchors, limits)
    finally:
        SLOTS.release()


def _validated(content: bytes, anchors: Sequence[bytes], limits: Limits) -> Validation:
    head = json.dumps([anchor.decode("latin-1") for anchor in anchors]).encode()
    try:
        ended = subprocess.run(  # noqa: S603 (nothing of the file is in the command)
            [sys.executable, "-m", "guarantees.letter.signature.isolated", str(limits.memory), str(limits.cpu)],
            input=head + b"\n" + content,
            capture_output=True,
            timeout=limits.wall,
            cwd=ROOT,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _given_up(content, f"it took longer than {limits.wall:g} s")
    except OSError as error:
        log.error("The validation of files cannot be started: %s", error)
        return Validation((Fault.UNAVAILABLE,))
    if ended.returncode < 0 or ended.returncode == EXHAUSTED:
        return _given_up(content, f"its process ended with {ended.returncode}")
    try:
        return from_json(ended.stdout)
    except ValueError:
        last_line = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        log.error("The validation of a file ended with %d and no answer: %.200s", ended.returncode, last_line)
        return Validation((Fault.UNAVAILABLE,))


def _given_up(content: bytes, why: str) -> Validation:
    log.warning("A file of %d bytes is too complicated to be validated: %s", len(content), why)
    return Validation((Fault.TOO_COMPLICATED,))


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
