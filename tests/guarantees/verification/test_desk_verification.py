"""The desk's own verification: of the stored letter, and of a file that somebody sent in."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guarantees.letter.signature import isolation
from guarantees.letter.signature.faults import Fault
from guarantees.models import Guarantee
from guarantees.verification.origin import OriginDoubt
from staff.files import LARGEST_FILE
from staff.isolation import Limits
from staff.roles import Role
from tests.guarantees.letter.signature import hostile
from tests.guarantees.verification.strangers import Stranger, paper
from tests.guarantees.verification.wire import english
from tests.institution import issued, signed_in
from tests.pdf import byte_changed, content_of
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")

SEND = "/admin/guarantees/guarantee/verify/"


@pytest.fixture
def desk(db: None) -> Client:
    return signed_in(Role.UNDERWRITER)


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def stored(desk: Client, guarantee: Guarantee) -> str:
    return text(desk.get(f"/admin/guarantees/guarantee/{guarantee.pk}/verify/", follow=True))


def sent(desk: Client, content: bytes) -> str:
    return text(desk.post(SEND, {"file": SimpleUploadedFile("letter.pdf", content, "application/pdf")}))


def test_the_stored_letter_is_shown_with_its_signature(desk: Client, platform: Platform) -> None:
    guarantee = issued(platform)
    shown = stored(desk, guarantee)
    assert "This file is genuine" in shown
    assert "its certificate leads to an authority that we trust" in shown
    for name in ("certificate_owner", "certificate_number"):
        assert guarantee.particulars[name] in shown
    assert guarantee.file_digest in shown


def test_the_letters_page_and_the_list_lead_there(desk: Client, platform: Platform) -> None:
    guarantee = issued(platform)
    page = f"/admin/guarantees/guarantee/{guarantee.pk}"
    assert f"{page}/verify/" in text(desk.get(f"{page}/change/"))
    assert SEND in text(desk.get("/admin/guarantees/guarantee/"))


def test_a_stored_letter_that_was_changed_is_found_out(desk: Client, platform: Platform) -> None:
    guarantee = issued(platform)
    Path(guarantee.file.path).write_bytes(byte_changed(content_of(guarantee)))
    shown = stored(desk, guarantee)
    assert "This file is not a letter that we issued." in shown
    assert english(Fault.CHANGED) in shown
    assert english(OriginDoubt.NOT_UNDER_THIS_NUMBER) in shown


def test_another_letter_in_its_place_is_found_out(desk: Client, platform: Platform) -> None:
    guarantee, other = issued(platform), issued(platform, applicationId="SQ2")
    Path(guarantee.file.path).write_bytes(content_of(other))
    assert english(OriginDoubt.NOT_UNDER_THIS_NUMBER) in stored(desk, guarantee)


def test_a_stored_letter_that_is_missing_is_said_to_be(desk: Client, platform: Platform) -> None:
    guarantee = issued(platform)
    Path(guarantee.file.path).unlink()
    assert "missing or was changed" in stored(desk, guarantee)


def test_a_stored_letter_from_before_a_certificate_change_is_genuine(
    desk: Client, platform: Platform, institution: Any, tmp_path: Path
) -> None:
    guarantee = issued(platform)
    successor = Stranger.named("青城融资担保有限公司")
    (tmp_path / "new.p12").write_bytes(successor.pkcs12())
    (tmp_path / "new.pem").write_bytes(successor.authority)
    institution.SIGNING_CERTIFICATE = str(tmp_path / "new.p12")
    institution.TRUST_ANCHORS = [*institution.TRUST_ANCHORS, str(tmp_path / "new.pem")]
    assert "This file is genuine" in stored(desk, guarantee)
    assert "This file is genuine" in stored(desk, issued(platform, applicationId="SQ2"))


def test_a_file_that_is_ours_names_its_letter(desk: Client, platform: Platform) -> None:
    guarantee = issued(platform)
    shown = sent(desk, content_of(guarantee))
    assert "This file is genuine" in shown
    assert f"/admin/guarantees/guarantee/{guarantee.pk}/change/" in shown


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda _letter: b"no pdf", Fault.NO_PDF),
        (lambda _letter: paper(), Fault.UNSIGNED),
        (byte_changed, Fault.CHANGED),
        (lambda letter: letter + b"\n", Fault.NOT_WHOLE),
        (lambda letter: letter.replace(b"/Contents <30", b"/Contents <31"), Fault.MALFORMED),
        (lambda _letter: Stranger.named("某某担保").sign(paper()), Fault.UNTRUSTED),
    ],
    ids=["no pdf", "unsigned", "changed", "added to", "damaged", "a stranger's"],
)
def test_a_file_that_is_not_ours_is_told_with_the_reason(
    desk: Client, platform: Platform, change: Callable[[bytes], bytes], fault: Fault
) -> None:
    shown = sent(desk, change(content_of(issued(platform))))
    assert "This file is not a letter that we issued." in shown
    assert english(fault) in shown


@pytest.mark.usefixtures("apart")
def test_a_hostile_file_is_answered(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "LIMITS", Limits(cpu=1))
    assert english(Fault.TOO_COMPLICATED) in sent(desk, hostile.doubling_fields())


def test_a_file_that_is_too_large_or_missing_is_told(desk: Client) -> None:
    assert "The file is larger than 20 MB." in sent(desk, bytes(LARGEST_FILE + 1))
    assert "Choose a file first." in text(desk.post(SEND))


def test_who_may_not_see_letters_verifies_none(platform: Platform) -> None:
    guarantee = issued(platform)
    stranger = signed_in(Role.ADMINISTRATOR)
    assert stranger.get(SEND).status_code == 403
    assert stranger.get(f"/admin/guarantees/guarantee/{guarantee.pk}/verify/").status_code == 403
    assert signed_in(Role.AUDITOR).get(SEND).status_code == 200


def test_a_letter_that_is_not_there_is_404(desk: Client) -> None:
    assert desk.get("/admin/guarantees/guarantee/999/verify/").status_code == 404
