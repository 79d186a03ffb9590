"""What was changed in the database after the signing is confirmed to nobody, and people are told of it once."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client

from guarantees.models import Application, Guarantee, IssuedPaper
from protocol.models import Alert
from staff.audit import digest
from staff.models import AuditEntry
from staff.roles import Role
from tests.guarantees.test_papers import noticed
from tests.institution import approved, cancellation, decide, issued, parameter, person
from tests.pdf import content_of
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")

REFUSED = "We do not confirm this here: please ask the institution."


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def look_up(visitor: Client, number: str, code: str) -> str:
    return text(visitor.get(f"/verify/{number}/?code={code}"))


def drop(visitor: Client, content: bytes, to: str = "/verify/") -> str:
    return text(visitor.post(to, {"file": SimpleUploadedFile("letter.pdf", content, "application/pdf")}))


def says(letter: Guarantee, **changed: Any) -> None:
    Guarantee.objects.filter(pk=letter.pk).update(particulars={**letter.particulars, **changed})


def on_trail(**changed: Any) -> None:
    """As somebody who writes to the database, past the model that refuses it."""
    QuerySet(AuditEntry).filter(event="guarantee.issued").update(**changed)


def rewritten(letter: Guarantee) -> None:
    """Amount, particulars and the trail's entry, with a new digest for it: its successor knows the former one."""
    Guarantee.objects.filter(pk=letter.pk).update(amount=Decimal("9900000.00"))
    says(letter, amount="9900000.00")
    decide("deduct", letter, Role.UNDERWRITER, amount="1.00", reason="进度款扣回")
    entry = AuditEntry.objects.get(event="guarantee.issued")
    entry.details = {"guarantee": letter.number, "amount": "9900000.00"}
    on_trail(details=entry.details, digest=digest(entry))


CHANGES: dict[str, tuple[Callable[[Guarantee], object], str]] = {
    "amount": (lambda one: Guarantee.objects.update(amount=Decimal("9000000.00")), "guaranteed amount"),
    "validity": (lambda one: Guarantee.objects.update(valid_until=one.valid_until + timedelta(days=90)), "valid until"),
    "issue": (lambda one: Guarantee.objects.update(issued_at=one.issued_at - timedelta(days=1)), "issued at"),
    "applicant": (lambda one: Application.objects.update(applicant_name="另一家公司"), "applicant"),
    "beneficiary": (lambda one: Application.objects.update(beneficiary_code="X"), "beneficiary's code"),
    "amount in both": (
        lambda one: (Guarantee.objects.update(amount=Decimal("1.00")), says(one, amount="1.00")),
        "what the file says, guaranteed amount",
    ),
    "a word of it": (lambda one: says(one, institution_name="别的机构"), "what the file says"),
    "nothing readable": (lambda one: Guarantee.objects.update(particulars={}), "what the file says"),
    "trail": (lambda one: on_trail(reason="x"), "the audit trail"),
    "all of it": (rewritten, "the audit trail"),
}


@pytest.mark.parametrize(("change", "what"), CHANGES.values(), ids=CHANGES)
def test_a_letter_that_was_changed_is_not_confirmed(
    visitor: Client, platform: Platform, change: Callable[[Guarantee], object], what: str
) -> None:
    letter = issued(platform)
    change(letter)
    for shown in (look_up(visitor, letter.number, letter.verification_code), drop(visitor, content_of(letter))):
        assert REFUSED in shown
        assert f"Our records differ from what was signed: {what}." in shown
        assert "In doubt, call us: 0471-0000000" in shown.partition("</section>")[0]
        for never in ("We issued this letter", "genuine:", "¥", "in force"):
            assert never not in shown
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject, alert.count) == ("record_differs", letter.number, 1)
    assert letter.number in alert.text


def test_a_number_that_was_changed_is_not_confirmed(visitor: Client, platform: Platform) -> None:
    letter = issued(platform)
    Guarantee.objects.update(number="BH2026", verification_code="ABCD2345")
    shown = look_up(visitor, "BH2026", "ABCD2345")
    assert REFUSED in shown
    assert "guarantee number, verification code" in shown
    assert REFUSED in drop(visitor, content_of(letter))


def test_another_file_in_its_place_is_not_confirmed(visitor: Client, platform: Platform) -> None:
    letter = issued(platform)
    Guarantee.objects.update(file_digest="0" * 64)
    shown = look_up(visitor, letter.number, letter.verification_code)
    assert "Our records differ from what was signed: the letter's SHA-256." in shown


def test_the_desk_confirms_it_as_little(platform: Platform) -> None:
    letter = issued(platform)
    Guarantee.objects.update(amount=Decimal("9000000.00"))
    desk = Client()
    desk.force_login(person(Role.MANAGER))
    desk.cookies["django_language"] = "en"
    assert REFUSED in drop(desk, content_of(letter), "/admin/guarantees/guarantee/verify/")
    assert REFUSED in text(desk.get(f"/admin/guarantees/guarantee/{letter.pk}/verify/"))
    assert Alert.objects.get().count == 1


def test_the_alert_is_in_the_houses_language_whatever_the_visitor_speaks(visitor: Client, platform: Platform) -> None:
    letter = issued(platform)
    Guarantee.objects.update(amount=Decimal("9000000.00"))
    look_up(visitor, letter.number, letter.verification_code)
    assert "与签署内容不一致" in Alert.objects.get().text


def test_a_paper_whose_account_was_changed_is_not_confirmed(visitor: Client, platform: Platform) -> None:
    notice = noticed(approved(platform))
    swindled = {**notice.particulars, "account_number": "6222000000000000000"}
    IssuedPaper.objects.update(particulars=swindled)
    for shown in (look_up(visitor, notice.number, notice.verification_code), drop(visitor, content_of(notice))):
        assert REFUSED in shown
        assert "6222000000000000000" not in shown
    assert Alert.objects.get().subject == notice.number


def test_a_letter_from_before_its_digest_was_on_the_trail_is_confirmed(visitor: Client, platform: Platform) -> None:
    letter = issued(platform)
    entry = AuditEntry.objects.get(event="guarantee.issued")
    del entry.details["particulars"]
    on_trail(details=entry.details, digest=digest(entry))
    assert "We issued this letter." in look_up(visitor, letter.number, letter.verification_code)


def test_a_returned_letter_says_what_it_said_and_is_no_disagreement(visitor: Client, platform: Platform) -> None:
    old = issued(platform)
    decide("approve", cancellation(platform, old, "1"), Role.UNDERWRITER)
    decide("correct", Application.objects.get(), Role.UNDERWRITER, applicant_name="改正后的公司", reason="名称有误")
    shown = look_up(visitor, old.number, old.verification_code)
    assert "We issued this letter, but it has ended." in shown
    assert old.particulars["applicant_name"] in shown
    assert "改正后的公司" not in shown
    decide("issue", Application.objects.get(), Role.ISSUER)
    new = Guarantee.objects.get(state="in_force")
    assert "改正后的公司" in look_up(visitor, new.number, new.verification_code)
    assert not Alert.objects.exists()


WORDS = {
    "bank": ("受益人（采购人）", "申请人（供应商）", "最高付款金额", "有效期", "开立人"),
    "guarantee-company": ("债权人（采购人）", "债务人（供应商）", "最高保证金额", "保证期间", "保证人"),
    "insurer": ("被保险人（采购人）", "投保人（供应商）", "保险金额", "保险期间", "保险人"),
}


@pytest.mark.parametrize("kind", WORDS)
def test_it_speaks_as_the_letter_does(platform: Platform, institution: Any, kind: str) -> None:
    institution.INSTITUTION_KIND = kind
    parameter("letters.clauses", name="预付款保证保险条款", number="C001")
    letter = issued(platform, guaranteeEndDate="20280229")
    shown = look_up(Client(), letter.number, letter.verification_code)
    for word in WORDS[kind]:
        assert f"<dt>{word}</dt>" in shown
    assert "至2028年2月29日24时止</dd>" in shown
    assert "有效期至2028年2月29日24时。" in shown
    for other in WORDS:
        if other != kind:
            assert f"<dt>{WORDS[other][0]}</dt>" not in shown


def test_a_payment_notice_says_how_much_and_by_when(visitor: Client, platform: Platform) -> None:
    notice = noticed(approved(platform))
    shown = look_up(visitor, notice.number, notice.verification_code)
    year, month, day = map(int, notice.particulars["pay_by"].split("-"))
    assert "<dt>Amount to pay</dt><dd>¥4,500.00 人民币肆仟伍佰元整</dd>" in shown
    assert f"<dt>Last day to pay</dt><dd>{year}年{month}月{day}日</dd>" in shown
    assert notice.particulars["beneficiary_name"] not in shown
