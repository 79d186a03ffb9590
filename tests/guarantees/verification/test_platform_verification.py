"""PREP104 (decisions B16): each reason by name, every kind of file, and letters from before a change of certificate."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from guarantees import inbound
from guarantees.letter.signature import isolation
from guarantees.letter.signature.fault_texts import FAULT_TEXTS
from guarantees.letter.signature.faults import Fault
from guarantees.letter.signature.isolation import SLOTS
from guarantees.verification.explanation import reason_texts
from guarantees.verification.origin import Origin, OriginDoubt
from protocol.envelope import Answered
from protocol.errors import MAX_MESSAGE
from protocol.models import Message
from protocol.prep.transcodes import TABLES
from protocol.tables import check_answer
from staff.files import LARGEST_FILE
from staff.isolation import Limits
from tests.guarantees.letter.signature import hostile
from tests.guarantees.verification.strangers import NO_END, Stranger, paper
from tests.guarantees.verification.wire import WIRE
from tests.institution import issued
from tests.pdf import byte_changed, content_of
from tests.platform import Platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_letters")]


def verify(platform: Platform, number: str, content: bytes) -> Answered:
    """The answer, which is always just as the specification's table has it."""
    given = base64.b64encode(content).decode()
    answer = platform.send("PREP104", {"guaranteeId": number, "guaranteeData": given})
    if answer.code == "000":
        assert check_answer(TABLES["PREP104"], answer.fields) == []
        assert len(answer.message) <= MAX_MESSAGE
    return answer


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda _letter: b"no pdf", Fault.NO_PDF),
        (lambda letter: letter[: len(letter) // 2], Fault.NO_PDF),
        (lambda _letter: paper(), Fault.UNSIGNED),
        (byte_changed, Fault.CHANGED),
        (lambda letter: letter + b"\n", Fault.NOT_WHOLE),
        (lambda letter: letter.replace(b"/Contents <30", b"/Contents <31"), Fault.MALFORMED),
        (lambda _letter: Stranger.named("某某担保").sign(paper()), Fault.UNTRUSTED),
    ],
    ids=["no pdf", "cut", "unsigned", "changed", "added to", "damaged", "a stranger's"],
)
def test_what_is_not_our_file_is_02_with_the_reason(
    platform: Platform, change: Callable[[bytes], bytes], fault: Fault
) -> None:
    guarantee = issued(platform)
    answer = verify(platform, guarantee.number, change(content_of(guarantee)))
    assert answer.fields["status"] == "02"
    assert answer.message == f"{WIRE[fault]}；{WIRE[OriginDoubt.NOT_UNDER_THIS_NUMBER]}"


def test_a_changed_letter_is_answered_with_its_certificate(platform: Platform) -> None:
    guarantee = issued(platform)
    answer = verify(platform, guarantee.number, byte_changed(content_of(guarantee)))
    assert answer.fields["certNum"] == guarantee.particulars["certificate_number"]
    assert answer.fields["certOwner"] == guarantee.particulars["certificate_owner"]
    assert answer.fields["signTime"]


def test_a_letter_signed_under_a_trusted_authority_by_somebody_else_is_02(
    platform: Platform, institution: Any, tmp_path: Path
) -> None:
    guarantee = issued(platform)
    other = Stranger.named("另一担保有限公司")
    trust(institution, tmp_path, other)
    answer = verify(platform, guarantee.number, other.sign(paper()))
    assert answer.fields["certOwner"] == "另一担保有限公司"
    assert answer.message == f"{WIRE[OriginDoubt.SIGNED_BY_ANOTHER]}；{WIRE[OriginDoubt.NOT_UNDER_THIS_NUMBER]}"


def test_what_we_signed_but_never_issued_is_02(platform: Platform, institution: Any, tmp_path: Path) -> None:
    guarantee = issued(platform)
    ours = Stranger.named(institution.INSTITUTION_NAME)
    trust(institution, tmp_path, ours)
    answer = verify(platform, guarantee.number, ours.sign(paper()))
    assert answer.message == f"{WIRE[OriginDoubt.SIGNED_BY_US]}；{WIRE[OriginDoubt.NOT_UNDER_THIS_NUMBER]}"


def trust(institution: Any, folder: Path, who: Stranger) -> None:
    anchor = folder / "another.pem"
    anchor.write_bytes(who.authority)
    institution.TRUST_ANCHORS = [*institution.TRUST_ANCHORS, str(anchor)]


@pytest.mark.parametrize("name", ["a\0b", "\u202e某某", "a\nb"], ids=["nul", "direction", "line"])
def test_a_strangers_certificate_of_any_name_and_term_is_answered(platform: Platform, name: str) -> None:
    """One without an end says the year 9999, which the next day is in no calendar of ours."""
    guarantee = issued(platform)
    answer = verify(platform, guarantee.number, Stranger.named(name, NO_END).sign(paper()))
    assert (answer.code, answer.fields["status"]) == ("000", "02")
    assert answer.fields["certEndTime"] == "9999-12-31"
    assert str(answer.fields["certOwner"]).isprintable()


@pytest.mark.usefixtures("apart")
def test_a_hostile_file_is_answered_as_any_other(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "LIMITS", Limits(cpu=1, memory=200 * 1024 * 1024))
    guarantee = issued(platform)
    answer = verify(platform, guarantee.number, hostile.swelling())
    assert answer.fields["status"] == "02"
    assert answer.message == f"{WIRE[Fault.TOO_COMPLICATED]}；{WIRE[OriginDoubt.NOT_UNDER_THIS_NUMBER]}"


@pytest.mark.usefixtures("apart")
def test_while_others_are_examined_a_strangers_file_is_02_and_ours_is_01(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "LIMITS", Limits(patience=0))
    guarantee = issued(platform)
    with SLOTS, SLOTS:
        assert verify(platform, guarantee.number, b"%PDF-").message.startswith(WIRE[Fault.UNAVAILABLE])
        assert verify(platform, guarantee.number, content_of(guarantee)).fields["status"] == "01"


def test_many_reasons_fit_the_message(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FAULT_TEXTS, Fault.UNSIGNED, "文件中没有电子签名" * 40)
    guarantee = issued(platform)
    answer = verify(platform, guarantee.number, paper())
    assert len(answer.message) == MAX_MESSAGE
    assert answer.message.endswith("…")
    assert Message.objects.filter(transcode="PREP104").latest("id").message == answer.message


def test_20_mb_are_taken_and_a_byte_more_is_103(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway lets the larger one through, for it is the file's own check that refuses it; to the byte, of less."""
    guarantee = issued(platform)
    answer = verify(platform, guarantee.number, b"%PDF-1.7\n" + bytes(LARGEST_FILE - 8))
    assert answer.code == "103"
    assert inbound.Answered.FILE_TOO_LARGE.on_the_wire() in answer.message
    monkeypatch.setattr(inbound, "LARGEST_FILE", 10)
    assert verify(platform, guarantee.number, b"%PDF-1.7\n\n").fields["status"] == "02"
    assert verify(platform, guarantee.number, b"%PDF-1.7\n\n\n").code == "103"


@pytest.mark.parametrize("given", ["", "   ", "不是BASE64", "QUJD=QUJD", "====", None, 7], ids=repr)
def test_what_is_no_base64_is_103(platform: Platform, given: object) -> None:
    guarantee = issued(platform)
    answer = platform.send("PREP104", {"guaranteeId": guarantee.number, "guaranteeData": given})
    assert answer.code == "103"


def test_a_file_of_one_byte_is_02(platform: Platform) -> None:
    guarantee = issued(platform)
    assert verify(platform, guarantee.number, b"\0").fields["status"] == "02"


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_lock_while_a_file_is_examined(platform: Platform, institution: Any) -> None:
    guarantee = issued(platform)
    in_transaction: list[bool] = []

    class Anchors(list[str]):
        """Notices, when it is asked for the anchors, whether a transaction is open."""

        def __iter__(self) -> Iterator[str]:
            in_transaction.append(connection.in_atomic_block)
            return super().__iter__()

    institution.TRUST_ANCHORS = Anchors(institution.TRUST_ANCHORS)
    assert verify(platform, guarantee.number, content_of(guarantee)).fields["status"] == "01"
    assert in_transaction == [False]


# --- A change of certificate ----------------------------------------------------------------------------------------


@pytest.fixture
def changed_certificate(institution: Any, tmp_path: Path) -> Callable[[bool], None]:
    """From now on letters are signed with another certificate, of another authority; the former may stay trusted."""

    def change(keep: bool) -> None:
        successor = Stranger.named("青城融资担保有限公司（新证书）")
        certificate, anchor = tmp_path / "new.p12", tmp_path / "new.pem"
        certificate.write_bytes(successor.pkcs12())
        anchor.write_bytes(successor.authority)
        institution.SIGNING_CERTIFICATE = str(certificate)
        institution.TRUST_ANCHORS = [*(institution.TRUST_ANCHORS if keep else []), str(anchor)]

    return change


def test_a_letter_made_before_a_certificate_change_still_verifies(
    platform: Platform, changed_certificate: Callable[[bool], None]
) -> None:
    old = issued(platform)
    changed_certificate(True)
    new = issued(platform, applicationId="SQ2")
    owners = []
    for guarantee in (old, new):
        answer = verify(platform, guarantee.number, content_of(guarantee))
        assert answer.fields["status"] == "01"
        owners.append(answer.fields["certOwner"])
    assert owners[0] != owners[1]


def test_a_letter_whose_authority_is_trusted_no_more_is_02(
    platform: Platform, changed_certificate: Callable[[bool], None]
) -> None:
    old = issued(platform)
    changed_certificate(False)
    answer = verify(platform, old.number, content_of(old))
    assert (answer.fields["status"], answer.message) == ("02", WIRE[Fault.UNTRUSTED])


def test_the_platform_is_told_each_reason_in_the_words_of_always() -> None:
    """As PREP104 says them, one after the other; a new reason is put into the table on purpose."""
    everything = Origin("", tuple(Fault), tuple(OriginDoubt), None, None, None)
    assert [*Fault, *OriginDoubt] == list(WIRE)
    with translation.override("zh-hans"):
        assert reason_texts(everything) == list(WIRE.values())


def test_the_platform_is_told_in_chinese_whoever_asks(platform: Platform) -> None:
    with translation.override("en"):
        assert verify(platform, issued(platform).number, b"no pdf").message.startswith(WIRE[Fault.NO_PDF])
