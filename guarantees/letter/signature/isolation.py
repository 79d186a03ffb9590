"""A stranger's file is judged in a process of its own, so that the worst one costs a bounded time and memory."""

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
from guarantees.letter.signature.validation import Verdict

log = logging.getLogger(__name__)

TOO_COMPLICATED = "文件结构过于复杂，无法核验"
UNAVAILABLE = "目前无法核验该文件的签名，请稍后重试"

ROOT = Path(__file__).resolve().parents[3]
#: So many files at most are examined at once by one process of the site.
AT_ONCE = 2
SLOTS = BoundedSemaphore(AT_ONCE)
#: What the judge exits with when it ran out of memory.
EXHAUSTED = 3
#: What the judge needs of our environment: nothing that is secret.
ENVIRONMENT = ("PATH", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")

LONGEST_TEXT = 150
EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Limits:
    """What the examination of one file may cost. Windows knows the wall clock alone."""

    memory: int = 512 * 1024 * 1024  # bytes of address space: a letter of 20 MB needs a quarter of it
    cpu: int = 5  # seconds
    wall: float = 10.0  # seconds
    patience: float = 3.0  # seconds until a slot is free


LIMITS = Limits()


def examine(content: bytes, anchors: Sequence[bytes], limits: Limits | None = None) -> Verdict:
    """`verification.verify` in a process of its own. Whatever happens to that process, there is a verdict."""
    limits = limits or LIMITS
    if not SLOTS.acquire(timeout=limits.patience):
        log.warning("A file was not examined: %d others were, for all of %g s", AT_ONCE, limits.patience)
        return Verdict((UNAVAILABLE,))
    try:
        return _examined(content, anchors, limits)
    finally:
        SLOTS.release()


def _examined(content: bytes, anchors: Sequence[bytes], limits: Limits) -> Verdict:
    head = json.dumps([anchor.decode("latin-1") for anchor in anchors]).encode()
    try:
        judge = subprocess.run(  # noqa: S603 (nothing of the file is in the command)
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
        log.error("The judge of files cannot be started: %s", error)
        return Verdict((UNAVAILABLE,))
    if judge.returncode < 0 or judge.returncode == EXHAUSTED:
        return _given_up(content, f"the judge ended with {judge.returncode}")
    try:
        return from_json(judge.stdout)
    except ValueError:
        said = judge.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        log.error("The judge of files ended with %d and no verdict: %.200s", judge.returncode, said)
        return Verdict((UNAVAILABLE,))


def _given_up(content: bytes, why: str) -> Verdict:
    log.warning("A file of %d bytes is too complicated to be examined: %s", len(content), why)
    return Verdict((TOO_COMPLICATED,))


def presentable(verdict: Verdict) -> Verdict:
    """The verdict with what a stranger wrote into his certificate made fit to be shown, stored and sent."""
    certificate = verdict.certificate and Certificate(
        serial_number=_text(verdict.certificate.serial_number),
        owner=_text(verdict.certificate.owner),
        not_before=_time(verdict.certificate.not_before),
        not_after=_time(verdict.certificate.not_after),
        issuer=_text(verdict.certificate.issuer),
    )
    return Verdict(verdict.reasons, certificate, verdict.signed_at and _time(verdict.signed_at))


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


def to_json(verdict: Verdict) -> bytes:
    certificate = verdict.certificate
    told = {
        "reasons": verdict.reasons,
        "certificate": certificate
        and {
            "serial_number": certificate.serial_number,
            "owner": certificate.owner,
            "not_before": certificate.not_before.isoformat(),
            "not_after": certificate.not_after.isoformat(),
            "issuer": certificate.issuer,
        },
        "signed_at": verdict.signed_at and verdict.signed_at.isoformat(),
    }
    return json.dumps(told).encode()


def from_json(told: bytes) -> Verdict:
    """The reverse of `to_json`, or ValueError."""
    try:
        read = json.loads(told)
        certificate = read["certificate"] and Certificate(
            serial_number=str(read["certificate"]["serial_number"]),
            owner=str(read["certificate"]["owner"]),
            not_before=datetime.fromisoformat(read["certificate"]["not_before"]),
            not_after=datetime.fromisoformat(read["certificate"]["not_after"]),
            issuer=str(read["certificate"]["issuer"]),
        )
        signed_at = read["signed_at"] and datetime.fromisoformat(read["signed_at"])
        return Verdict(tuple(map(str, read["reasons"])), certificate, signed_at)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no verdict: {error}") from None
