"""What the applicant is to pay and where, whether it came in, and the letter once it is issued."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from guarantees.models import ApplicantLink, Application, Guarantee, IssuedPaper
from staff.roles import Role
from tests.institution import again, applied, approved, cancellation, decide, withdrawal
from tests.platform import APPLICATION, Platform

pytestmark = pytest.mark.django_db

ACCOUNT = "1510000000000000026"


def opened(application: Application, visitor: Client) -> str:
    """The address of its page, in a browser in which the code was given."""
    decide("make_link", application, Role.CASHIER)
    address = f"/applicant/{ApplicantLink.objects.get().token}/"
    visitor.post(address, {"code": APPLICATION["contactsWay"][-4:]})
    return address


def test_before_the_approval_nothing_is_to_be_paid(platform: Platform, visitor: Client) -> None:
    page = visitor.get(opened(applied(platform), visitor)).content.decode()
    assert "being examined" in page
    assert ACCOUNT not in page


def test_what_to_pay_where_and_with_which_reference(platform: Platform, visitor: Client) -> None:
    application = approved(platform)
    address = opened(application, visitor)
    page = visitor.get(address).content.decode()
    for part in (ACCOUNT, "青城银行新城支行", "4,500.00", application.order.number):
        assert part in page
    decide("payment_notice", again(application), Role.CASHIER)
    notice = IssuedPaper.objects.get()
    page = visitor.get(address).content.decode()
    assert notice.number in page
    assert notice.particulars["pay_by"] in page
    assert visitor.get(f"{address}notice/").content.startswith(b"%PDF-")
    decide("record_payment", again(application), Role.CASHIER, amount="1000.00", reference="B1")
    assert "3,500.00" in visitor.get(address).content.decode()


def test_the_letter_is_there_once_it_is_issued(platform: Platform, visitor: Client) -> None:
    application = approved(platform)
    address = opened(application, visitor)
    assert visitor.get(f"{address}letter/").status_code == 404
    decide("record_payment", again(application), Role.CASHIER, reference="B1")
    page = visitor.get(address).content.decode()
    assert "being issued" in page
    assert ACCOUNT not in page
    decide("issue", again(application), Role.ISSUER)
    guarantee = Guarantee.objects.get()
    page = visitor.get(address).content.decode()
    assert guarantee.verification_code in page
    answer = visitor.get(f"{address}letter/")
    assert answer["Content-Disposition"] == f'attachment; filename="{guarantee.number}.pdf"'
    with guarantee.file.open("rb") as stored:
        assert answer.content == stored.read()
    # Whoever did not give the code comes to the code.
    assert Client().get(f"{address}letter/")["Location"] == address


def test_a_letter_that_has_no_effect_is_shown_and_not_handed_out(
    platform: Platform, letter: Guarantee, visitor: Client
) -> None:
    address = opened(letter.application, visitor)
    assert "letter/" in visitor.get(address).content.decode()
    decide("approve", cancellation(platform, letter), Role.UNDERWRITER)
    assert again(letter).state == "cancelled"
    page = visitor.get(address).content.decode()
    assert letter.number in page
    assert "The guarantee is issued" not in page
    assert "no effect any more" in page
    assert f"{address}letter/" not in page
    assert visitor.get(f"{address}letter/").status_code == 404


def test_a_file_that_was_changed_is_not_given_out(letter: Guarantee, visitor: Client) -> None:
    address = opened(letter.application, visitor)
    Guarantee.objects.filter(pk=letter.pk).update(file_digest="0" * 64)
    assert visitor.get(f"{address}letter/").status_code == 404


def test_a_refusal_is_told_with_its_reason(platform: Platform, visitor: Client) -> None:
    application = applied(platform)
    address = opened(application, visitor)
    decide("reject", again(application), Role.UNDERWRITER, reason="中标信息无法核实")
    page = visitor.get(address).content.decode()
    assert "was not approved" in page
    assert "中标信息无法核实" in page


def test_whoever_asked_to_cancel_is_not_told_to_pay(platform: Platform, visitor: Client) -> None:
    application = approved(platform)
    address = opened(application, visitor)
    asked = withdrawal(platform, application.order.number, "02")
    page = visitor.get(address).content.decode()
    assert "You asked to withdraw" in page
    assert ACCOUNT not in page
    decide("refuse", asked, Role.UNDERWRITER, reason="已确认继续办理")
    assert ACCOUNT in visitor.get(address).content.decode()


def test_a_waived_premium_asks_for_nothing(platform: Platform, visitor: Client) -> None:
    application = approved(platform)
    address = opened(application, visitor)
    decide("waive_premium", again(application), Role.MANAGER, reason="战略客户")
    page = visitor.get(address).content.decode()
    assert "waived" in page.lower()
    assert ACCOUNT not in page
    assert again(application).premium == Decimal("4500.00")
