"""The public page over letters that were really issued: how each stands now, and what is said of every kind of file."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from guarantees.ending import expire_due
from guarantees.letter.signature import isolation
from guarantees.letter.signature.faults import Fault
from guarantees.models import Application, Guarantee
from guarantees.verification import public, upload
from guarantees.verification.origin import OriginDoubt
from staff.files import LARGEST_FILE
from staff.isolation import Limits
from staff.roles import Role
from tests.guarantees.letter.signature import hostile
from tests.guarantees.verification.strangers import Stranger, paper
from tests.guarantees.verification.wire import WIRE, english
from tests.institution import cancellation, decide, issued
from tests.pdf import byte_changed, content_of
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")

GENUINE = "This file is genuine"
NOT_OURS = "This file is not a letter that we issued."


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def look_up(visitor: Client, letter: Guarantee) -> str:
    answer = visitor.get(f"/verify/{letter.number}/?code={letter.verification_code}")
    assert answer.status_code == 200
    return text(answer)


def drop(visitor: Client, content: bytes) -> HttpResponse:
    answer: Any = visitor.post("/verify/", {"file": SimpleUploadedFile("letter.pdf", content, "application/pdf")})
    return answer


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("0", "It was cancelled at"), ("1", "It was returned at")],
    ids=["cancelled", "returned"],
)
def test_an_ended_letter_says_since_when(visitor: Client, platform: Platform, kind: str, sentence: str) -> None:
    guarantee = issued(platform)
    decide("approve", cancellation(platform, guarantee, kind), Role.UNDERWRITER)
    guarantee = Guarantee.objects.get()
    shown = look_up(visitor, guarantee)
    assert guarantee.ended_at
    assert f"{sentence} {timezone.localtime(guarantee.ended_at):%Y-%m-%d %H:%M:%S}" in shown
    assert "We issued this letter, but it has ended." in shown
    assert "This file is genuine, but the guarantee has ended." in text(drop(visitor, content_of(guarantee)))


def test_a_returned_letter_says_whether_another_replaced_it(visitor: Client, platform: Platform) -> None:
    old = issued(platform)
    decide("approve", cancellation(platform, old, "1"), Role.UNDERWRITER)
    assert "No other letter has replaced it yet." in look_up(visitor, old)
    decide("correct", Application.objects.get(), Role.UNDERWRITER, reason="名称有误")
    decide("issue", Application.objects.get(), Role.ISSUER)
    new = Guarantee.objects.get(state="in_force")
    shown = look_up(visitor, old)
    assert "Another letter with another number replaced it" in shown
    assert new.number not in shown
    assert old.number in look_up(visitor, new)


def test_an_expired_letter_says_so(visitor: Client, platform: Platform) -> None:
    guarantee = issued(platform)
    expire_due(guarantee.valid_until + timedelta(seconds=1))
    assert "It expired" in look_up(visitor, guarantee)


def test_what_is_left_is_said(visitor: Client, platform: Platform) -> None:
    guarantee = issued(platform)
    decide("deduct", guarantee, Role.UNDERWRITER, amount="100000.00", reason="进度款扣回")
    assert "¥800,000.00 are left" in look_up(visitor, guarantee)


# --- By the file ----------------------------------------------------------------------------------------------------


def test_our_file_is_genuine_without_number_and_code(visitor: Client, platform: Platform) -> None:
    guarantee = issued(platform)
    shown = text(drop(visitor, content_of(guarantee)))
    assert GENUINE in shown
    assert guarantee.number in shown
    assert "It is in force until" in shown
    assert guarantee.particulars["certificate_number"] in shown


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda _letter: b"", Fault.NO_PDF),
        (lambda _letter: b"no pdf", Fault.NO_PDF),
        (lambda _letter: paper(), Fault.UNSIGNED),
        (byte_changed, Fault.CHANGED),
        (lambda letter: letter + b"\n", Fault.NOT_WHOLE),
        (lambda letter: letter.replace(b"/Contents <30", b"/Contents <31"), Fault.MALFORMED),
        (lambda _letter: Stranger.named("某某担保").sign(paper()), Fault.UNTRUSTED),
    ],
    ids=["nothing", "no pdf", "unsigned", "changed", "added to", "damaged", "a stranger's"],
)
def test_any_other_file_is_not_and_the_page_says_why(
    visitor: Client, platform: Platform, change: Callable[[bytes], bytes], fault: Fault
) -> None:
    guarantee = issued(platform)
    shown = text(drop(visitor, change(content_of(guarantee))))
    assert NOT_OURS in shown
    assert english(fault) in shown
    assert guarantee.number not in shown
    chinese = Client()
    assert WIRE[fault] in text(drop(chinese, change(content_of(guarantee))))


def test_a_file_signed_by_us_that_is_no_letter_is_told_from_one_signed_by_another(
    visitor: Client, platform: Platform, institution: Any, tmp_path: Any
) -> None:
    names = {OriginDoubt.SIGNED_BY_US: institution.INSTITUTION_NAME, OriginDoubt.SIGNED_BY_ANOTHER: "另一"}
    for doubt, name in names.items():
        signer = Stranger.named(name)
        (tmp_path / "anchor.pem").write_bytes(signer.authority)
        institution.TRUST_ANCHORS = [str(tmp_path / "anchor.pem")]
        shown = text(drop(visitor, signer.sign(paper())))
        assert NOT_OURS in shown
        assert english(doubt) in shown


def test_our_file_whose_authority_is_trusted_no_more_is_said_to_be_ours(
    visitor: Client, platform: Platform, institution: Any
) -> None:
    guarantee = issued(platform)
    institution.TRUST_ANCHORS = []
    shown = text(drop(visitor, content_of(guarantee)))
    assert "We issued this file, but it does not pass the examination." in shown
    assert english(Fault.UNTRUSTED) in shown


def test_a_letter_made_before_a_certificate_change_is_still_genuine(
    visitor: Client, platform: Platform, institution: Any, tmp_path: Any
) -> None:
    guarantee = issued(platform)
    successor = Stranger.named(institution.INSTITUTION_NAME)
    (tmp_path / "new.p12").write_bytes(successor.pkcs12())
    (tmp_path / "new.pem").write_bytes(successor.authority)
    institution.SIGNING_CERTIFICATE = str(tmp_path / "new.p12")
    institution.TRUST_ANCHORS = [*institution.TRUST_ANCHORS, str(tmp_path / "new.pem")]
    assert GENUINE in text(drop(visitor, content_of(guarantee)))
    assert GENUINE in text(drop(visitor, content_of(issued(platform, applicationId="SQ2"))))


@pytest.mark.usefixtures("apart")
def test_a_hostile_file_is_answered(visitor: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(isolation, "LIMITS", Limits(cpu=1))
    answer = drop(visitor, hostile.endless())
    assert answer.status_code == 200
    assert english(Fault.TOO_COMPLICATED) in text(answer)


def test_a_file_may_have_20_mb_and_not_a_byte_more(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the byte, of less: whoever sends 20 MB is told the same."""
    assert LARGEST_FILE == 20 * 1024 * 1024
    for module in (public, upload):
        monkeypatch.setattr(module, "LARGEST_FILE", 1000)
    most = b"%PDF-1.7\n" + bytes(1000 - 9)
    assert NOT_OURS in text(drop(visitor, most))
    for larger in (most + b"\n", most + bytes(1024 * 1024)):
        answer = drop(visitor, larger)
        assert answer.status_code in (400, 413)
        assert "larger than 20 MB" in text(answer)


def test_a_form_without_a_file_says_so(visitor: Client) -> None:
    answer: Any = visitor.post("/verify/")
    assert answer.status_code == 400
    assert "Choose a file first." in text(answer)


def test_a_form_from_elsewhere_is_refused_in_our_words(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["django_language"] = "en"
    answer = drop(strict, b"hello")
    assert answer.status_code == 403
    assert "without cookies" in text(answer)


def test_nothing_of_a_visitors_is_kept(visitor: Client, settings: Any, tmp_path: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "nowhere")  # a file of this size would be written there
    assert drop(visitor, bytes(5 * 1024 * 1024)).status_code == 200
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
