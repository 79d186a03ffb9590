"""A key at a signing service, a timestamp of an authority: what stops either leaves the order paid, and says so."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from asn1crypto import pem

from guarantees.letter.signature import validation
from guarantees.letter.signature.credentials import Credentials, load_pkcs12
from guarantees.models import Application, Guarantee
from protocol.models import Notification
from staff import clock
from staff.decisions import NotPossible
from staff.models import AuditEntry
from staff.roles import Role
from tests.guarantees.issuing.test_issue import files
from tests.guarantees.letter.signature.online_authority import authority
from tests.guarantees.letter.signature.serving import serving
from tests.guarantees.letter.signature.signing_service import CREDENTIAL, TOKEN, SigningService
from tests.guarantees.letter.signature.test_signature import SIGNED_AT, sm2_pem
from tests.institution import decide, paid
from tests.platform import Platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(credentials: dict[str, Path]) -> Credentials:
    return load_pkcs12(credentials["certificate"].read_bytes(), "")


@pytest.fixture
def elsewhere(institution: Any, by: Credentials, tmp_path: Path) -> Iterator[SigningService]:
    """The institution's key is at a service, of which only the certificate is here."""
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(pem.armor("CERTIFICATE", by.certificate.dump()))
    service = SigningService(by.key)
    with serving(service) as root:
        institution.SIGNING_CERTIFICATE = str(certificate)
        institution.SIGNING_KEY = f"{root}/csc/v2"
        institution.SIGNING_CREDENTIAL, institution.SIGNING_TOKEN = CREDENTIAL, TOKEN
        institution.SIGNING_SECONDS = 5
        yield service


def refused(application: Application, why: str) -> None:
    """Issuing is refused for that reason, which stands on the application; nothing else has happened."""
    before = told_and_kept()
    with pytest.raises(NotPossible, match=why):
        decide("issue", application, Role.ISSUER)
    case = Application.objects.get(pk=application.pk)
    assert case.state == "paid"
    assert case.last_issue_error
    assert AuditEntry.objects.latest("pk").event == "guarantee.issue_failed"
    assert told_and_kept() == before
    assert files() == []


def told_and_kept() -> tuple[list[tuple[str, str]], int]:
    return list(Notification.objects.order_by("id").values_list("transcode", "status")), Guarantee.objects.count()


@pytest.fixture
def application(platform: Platform) -> Application:
    return paid(platform)


def test_it_works(elsewhere: SigningService, application: Application, credentials: dict[str, Path]) -> None:
    decide("issue", application, Role.ISSUER)
    content = Guarantee.objects.get().file.open().read()
    assert validation.validate(content, [credentials["authority"].read_bytes()]).faults == ()


def test_a_service_that_is_down(elsewhere: SigningService, institution: Any, application: Application) -> None:
    present = institution.SIGNING_KEY
    institution.SIGNING_KEY = "http://127.0.0.1:1/csc/v2"
    refused(application, "signing service does not answer")
    institution.SIGNING_KEY = present
    decide("issue", application, Role.ISSUER)
    assert Guarantee.objects.exists()


def test_a_service_that_is_too_slow(elsewhere: SigningService, institution: Any, application: Application) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        institution.SIGNING_KEY = f"http://127.0.0.1:{silent.getsockname()[1]}/csc/v2"
        institution.SIGNING_SECONDS = 1
        refused(application, "No answer came in time")


def test_a_service_that_answers_for_another_digest(
    elsewhere: SigningService, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = elsewhere.sign
    monkeypatch.setattr(elsewhere, "sign", lambda digest, body: sign(digest[::-1], body))
    refused(application, "answer to another digest")


def test_a_certificate_that_no_anchor_vouches_for(application: Application, institution: Any, tmp_path: Path) -> None:
    with authority(clock.now()) as stranger:
        (tmp_path / "stranger.pem").write_bytes(stranger.anchor)
    institution.TRUST_ANCHORS = [str(tmp_path / "stranger.pem")]
    refused(application, "do not vouch")


def test_a_timestamp_is_put_beside_the_signature(
    application: Application, institution: Any, credentials: dict[str, Path], tmp_path: Path
) -> None:
    with authority(clock.now().replace(microsecond=0)) as stamps:
        (tmp_path / "stamps.pem").write_bytes(stamps.anchor)
        institution.TIMESTAMP_SERVICE = f"{stamps.address}/stamp"
        institution.TRUST_ANCHORS = [*institution.TRUST_ANCHORS, str(tmp_path / "stamps.pem")]
        decide("issue", application, Role.ISSUER)
    assert "/stamp" in stamps.asked
    anchors = [credentials["authority"].read_bytes(), stamps.anchor]
    assert validation.validate(Guarantee.objects.get().file.open().read(), anchors).faults == ()


def test_an_authority_of_timestamps_that_is_down(application: Application, institution: Any) -> None:
    institution.TIMESTAMP_SERVICE = "http://127.0.0.1:1/stamp"
    refused(application, "timestamp cannot be had")


def test_an_sm2_key_signs_letters_that_the_platform_finds_genuine(
    platform: Platform, institution: Any, tmp_path: Path
) -> None:
    for name, content in zip(("certificate", "key", "authority"), sm2_pem(), strict=True):
        (tmp_path / f"{name}.pem").write_bytes(content)
    institution.SIGNING_CERTIFICATE = str(tmp_path / "certificate.pem")
    institution.SIGNING_KEY = str(tmp_path / "key.pem")
    institution.TRUST_ANCHORS = [str(tmp_path / "authority.pem")]
    application = paid(platform)
    with time_machine.travel(SIGNED_AT):
        decide("issue", application, Role.ISSUER)
        guarantee = Guarantee.objects.get()
        data = base64.b64encode(guarantee.file.open().read()).decode()
        answer = platform.send("PREP104", {"guaranteeId": guarantee.number, "guaranteeData": data})
    assert answer.code == "000"
    assert answer.fields["status"] == "01"
    assert answer.fields["certOwner"] == "某某银行股份有限公司"


@pytest.mark.parametrize("content", [None, b"no certificate", b"\xff\xfe"])
def test_anchors_that_cannot_be_read(
    application: Application, institution: Any, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "anchors.pem").write_bytes(content)
    institution.TRUST_ANCHORS = [str(tmp_path / "anchors.pem")]
    refused(application, "TRUST_ANCHORS")


def test_anchors_that_cannot_be_read_make_no_file_genuine(
    application: Application, platform: Platform, institution: Any
) -> None:
    decide("issue", application, Role.ISSUER)
    guarantee = Guarantee.objects.get()
    data = base64.b64encode(guarantee.file.open().read()).decode()
    institution.TRUST_ANCHORS = ["/nowhere.pem"]
    answer = platform.send("PREP104", {"guaranteeId": guarantee.number, "guaranteeData": data})
    assert (answer.code, answer.fields["status"]) == ("000", "02")
    assert "目前无法核验" in answer.message


def test_a_signing_service_is_not_told_secrets_in_the_clear(
    elsewhere: SigningService, institution: Any, application: Application
) -> None:
    institution.SIGNING_KEY = "http://sign.example.com/csc/v2"
    refused(application, "https")
    institution.SIGNING_KEY = "https://sign.example.com/csc/v2"
    institution.SERVICE_AUTHORITY = "/nowhere.pem"
    refused(application, "SERVICE_AUTHORITY")
