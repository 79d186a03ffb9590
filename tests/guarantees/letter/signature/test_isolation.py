"""A stranger's file is validated apart: whatever it is, and whatever becomes of that process, there is an answer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from guarantees.letter.signature import isolation, validation
from guarantees.letter.signature.faults import Fault
from guarantees.letter.signature.isolation import SLOTS, presentable, validate_isolated
from guarantees.letter.signature.validation import Certificate, Validation
from staff.isolation import ROOT, Limits
from tests.guarantees.letter.signature import hostile
from tests.guarantees.letter.signature.test_signature import credentials, letter, sign, signed

needs_limits = pytest.mark.skipif(os.name == "nt", reason="this system limits neither memory nor processor time")
needs_shell = pytest.mark.skipif(os.name == "nt", reason="no shell on this machine")


@pytest.mark.parametrize("kind", ["RSA", "SM2"])
def test_it_finds_what_the_validation_finds(kind: str) -> None:
    anchors = [credentials(kind)[1]]
    changed = signed(kind).replace(b"stream", b"strEam", 1)
    for content in (signed(kind), changed) if kind == "RSA" else (signed(kind),):
        assert validate_isolated(content, anchors) == validation.validate(content, anchors)


@pytest.mark.parametrize("make", hostile.FILES, ids=lambda make: str(make.__name__))
def test_a_hostile_file_ends_in_a_fault(make: Callable[[], bytes]) -> None:
    assert validate_isolated(make(), [credentials("RSA")[1]], Limits(memory=256 * 1024 * 1024, cpu=1)).faults


@needs_limits
def test_a_file_that_takes_too_much_processor_time_is_given_up() -> None:
    assert validate_isolated(hostile.endless(), [], Limits(cpu=1, wall=60)).faults == (Fault.TOO_COMPLICATED,)


@needs_limits
def test_a_file_that_takes_too_much_memory_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    limits = Limits(memory=200 * 1024 * 1024, cpu=60, wall=60)
    assert validate_isolated(hostile.swelling(), [], limits).faults == (Fault.TOO_COMPLICATED,)
    assert "too complicated" in caplog.text


def test_a_file_that_takes_too_long_is_given_up() -> None:
    assert validate_isolated(hostile.endless(), [], Limits(wall=0.01)).faults == (Fault.TOO_COMPLICATED,)


def test_a_letter_of_20_mb_needs_half_of_the_memory() -> None:
    writer = IncrementalPdfFileWriter(BytesIO(letter()))
    writer.add_object(StreamObject(stream_data=bytes(20 * 1024 * 1024 - 65_536)))
    large = BytesIO()
    writer.write(large)
    by, anchor = credentials("RSA")
    assert validate_isolated(sign(large.getvalue(), by), [anchor], Limits(memory=Limits().memory // 2)).faults == ()


def test_while_too_many_are_validated_the_next_is_not() -> None:
    with SLOTS, SLOTS:
        assert validate_isolated(signed("RSA"), [credentials("RSA")[1]], Limits(patience=0)).faults == (
            Fault.UNAVAILABLE,
        )


@pytest.mark.parametrize("limits", [Limits(wall=0.01, patience=0), Limits(patience=0)])
def test_a_slot_is_free_again_whatever_happened(limits: Limits) -> None:
    for _ in range(isolation.AT_ONCE + 1):
        assert Fault.UNAVAILABLE not in validate_isolated(b"%PDF-", [], limits).faults


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Puts a shell script in the process's place."""

    def replace(script: str) -> None:
        program = tmp_path / "python"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))

    return replace


@needs_shell
@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("kill -9 $$", Fault.TOO_COMPLICATED),
        ("kill -SEGV $$", Fault.TOO_COMPLICATED),
        ("exit 3", Fault.TOO_COMPLICATED),
        ("exit 1", Fault.UNAVAILABLE),
        ("true", Fault.UNAVAILABLE),
        ("echo nonsense", Fault.UNAVAILABLE),
        ("echo '{}'", Fault.UNAVAILABLE),
        ("echo '[]'", Fault.UNAVAILABLE),
        ("""echo '{"faults": [], "certificate": {"owner": 1}, "signed_at": null}'""", Fault.UNAVAILABLE),
        ("""echo '{"faults": [], "certificate": null, "signed_at": "yesterday"}'""", Fault.UNAVAILABLE),
        ("""echo '{"faults": ["none"], "certificate": null, "signed_at": null}'""", Fault.UNAVAILABLE),
        ("printf '\\377\\376'", Fault.UNAVAILABLE),
    ],
)
def test_a_process_that_fails_is_a_fault(
    replaced: Callable[[str], None], caplog: pytest.LogCaptureFixture, script: str, fault: Fault
) -> None:
    replaced(script)
    assert validate_isolated(signed("RSA"), [credentials("RSA")[1]]) == Validation((fault,))
    assert caplog.records


def test_a_process_that_cannot_start_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert validate_isolated(signed("RSA"), [credentials("RSA")[1]]) == Validation((Fault.UNAVAILABLE,))
    assert "cannot be started" in caplog.text


def test_an_anchor_that_is_none_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert validate_isolated(signed("RSA"), [b"no certificate"]) == Validation((Fault.UNAVAILABLE,))
    assert "PEM" in caplog.text


@needs_shell
def test_the_process_knows_no_secret(
    replaced: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEY_ENCRYPTION_KEY", "a-secret")
    replaced(f"env > {tmp_path}/environment")
    validate_isolated(b"", [])
    environment = (tmp_path / "environment").read_text()
    assert "PATH=" in environment
    assert "a-secret" not in environment


def test_the_process_knows_no_django_and_no_http_client() -> None:
    """What aiohttp imports tells whether it was: its own name is taken."""
    check = "import sys, guarantees.letter.signature.isolated; sys.exit(bool({'django', 'yarl'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False).returncode == 0


def certificate(**changed: Any) -> Certificate:
    given = {
        "serial_number": "0ABC",
        "owner": "某某银行",
        "not_before": datetime(2026, 1, 1, tzinfo=UTC),
        "not_after": datetime(2027, 1, 1, tzinfo=UTC),
        "issuer": "Root",
    }
    return Certificate(**given | changed)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\0b", "a\N{REPLACEMENT CHARACTER}b"),
        ("a\nb\u3000c", "a b c"),
        ("\u202eknab", "\N{REPLACEMENT CHARACTER}knab"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("名" * 1_000_000, "名" * 150),
        ("某某银行（北京）", "某某银行（北京）"),
    ],
    ids=["nul", "blanks", "direction", "surrogate", "long", "plain"],
)
def test_a_strangers_name_can_be_shown_stored_and_sent(given: str, shown: str) -> None:
    made = presentable(Validation((), certificate(owner=given)))
    assert made.certificate
    assert made.certificate.owner == shown


@pytest.mark.parametrize("year", [1, 9999])
def test_a_strangers_time_exists_in_every_time_zone(year: int) -> None:
    far = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, 23, 59, 59, tzinfo=UTC)
    made = presentable(Validation((), certificate(not_before=far, not_after=far), signed_at=far))
    for at in (made.signed_at, made.certificate and made.certificate.not_after):
        assert at
        assert at.astimezone(timezone(timedelta(hours=8))).year in (1000, 9999)
