"""Whatever makes issuing impossible and is known earlier stops the approval, in one judgement for all who ask."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.checks import run_checks
from django.utils import translation

from guarantees.issuing import readiness
from guarantees.issuing.certificate import signing_certificate, watch_certificate
from guarantees.issuing.signing import LetterNotMade
from guarantees.models import Application
from protocol.models import Alert
from staff import clock
from staff.decisions import NotPossible
from staff.roles import Role
from tests.guarantees.letter.signature.test_signature import ecdsa_pkcs12
from tests.institution import applied, decide, issued, notified, open_to
from tests.platform import Platform

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl on this machine")


def openssl_certificate(folder: Path, *extensions: str) -> tuple[Path, Path, Path]:
    """Key, certificate and authority as an operator makes them with `openssl x509 -req`: without a line of extensions
    the certificate is of version 1."""

    def run(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=CA")
    run(
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "sign.key",
        "-out",
        "sign.csr",
        "-subj",
        "/O=Qingcheng Guarantee",
    )
    (folder / "extensions").write_text("\n".join(extensions))
    more = ["-extfile", "extensions"] if extensions else []
    made = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "365", "-out", "sign.pem"]
    run("x509", "-req", "-in", "sign.csr", *made, *more)
    return folder / "sign.key", folder / "sign.pem", folder / "ca.pem"


def use(settings: Any, key: Path, certificate: Path, authority: Path) -> None:
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATE = str(key), str(certificate)
    settings.TRUST_ANCHORS = [str(authority)]


@needs_openssl
@pytest.mark.parametrize("extensions", [(), ("basicConstraints=CA:FALSE",), ("keyUsage=digitalSignature",)])
def test_a_certificate_without_usages_serves_all(
    platform: Platform, institution: Any, tmp_path: Path, extensions: tuple[str, ...]
) -> None:
    use(institution, *openssl_certificate(tmp_path, *extensions))
    assert readiness.trouble(clock.now()) == ""
    guarantee = issued(platform)
    data = b64encode(guarantee.file.read()).decode()
    answer = platform.send("PREP104", {"guaranteeId": guarantee.number, "guaranteeData": data})
    assert answer.fields["status"] == "01"


@needs_openssl
def test_a_certificate_for_other_uses_is_refused_before_the_first_approval(
    platform: Platform, institution: Any, tmp_path: Path
) -> None:
    application = applied(platform)
    use(institution, *openssl_certificate(tmp_path, "keyUsage=keyEncipherment"))
    with pytest.raises(NotPossible, match="No letter could be issued now"):
        decide("approve", application, Role.UNDERWRITER, premium="1.00")
    assert notified(platform) == []
    assert readiness.trouble(clock.now())
    with pytest.raises(LetterNotMade, match="serves"):
        signing_certificate(clock.now())
    assert "W003" in {found.id for found in run_checks(include_deployment_checks=True)}
    watch_certificate()
    assert Alert.objects.get().kind == "certificate_unusable"


def spoil_the_folder(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "a-file" / "files"


def spoil_the_seal(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "seal.png").write_bytes(b"no image")
    settings.SEAL_IMAGE = str(tmp_path / "seal.png")


def spoil_the_name(settings: Any, tmp_path: Path) -> None:
    settings.INSTITUTION_NAME = ""


def spoil_the_stamps(settings: Any, tmp_path: Path) -> None:
    settings.TIMESTAMP_SERVICE = "http://127.0.0.1:9/stamp"


def spoil_the_passphrase(settings: Any, tmp_path: Path) -> None:
    content, _anchor = ecdsa_pkcs12()
    (tmp_path / "locked.p12").write_bytes(content)
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSPHRASE = str(tmp_path / "locked.p12"), "wrong"


@pytest.mark.parametrize(
    "spoil", [spoil_the_folder, spoil_the_seal, spoil_the_name, spoil_the_stamps, spoil_the_passphrase]
)
def test_whatever_issuing_needs_is_asked_for_before_an_approval(
    platform: Platform, institution: Any, tmp_path: Path, spoil: Any
) -> None:
    application = applied(platform)
    assert "approve" in open_to(application, Role.UNDERWRITER)
    spoil(institution, tmp_path)
    assert "approve" not in open_to(application, Role.UNDERWRITER)
    assert "reject" in open_to(application, Role.UNDERWRITER)
    assert Application.objects.get().state == "received"


def test_an_ended_certificate_is_told_at_once_though_a_letter_was_just_made(platform: Platform) -> None:
    issued(platform)
    application = applied(platform, applicationId="SQ2")
    with time_machine.travel(clock.now() + timedelta(days=4000)):
        assert "approve" not in open_to(application, Role.UNDERWRITER)


def test_that_all_is_well_is_found_once_for_all_languages(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_now: object) -> None:
        raise AssertionError("a sample is made")

    monkeypatch.setattr(readiness, "_try", never)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert readiness.trouble(clock.now()) == ""


def test_what_another_process_found_later_counts(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = dict(readiness._found)
    trouble = readiness._Found("The folder is full.", clock.now() + timedelta(minutes=1))
    monkeypatch.setattr(readiness, "_try", lambda _now: trouble)
    assert readiness.trouble(clock.now(), afresh=True) == "The folder is full."
    readiness._found.clear()
    readiness._found.update(ours)  # the other one's knowledge is in the cache alone
    assert readiness.trouble(clock.now() + timedelta(minutes=2)) == "The folder is full."
