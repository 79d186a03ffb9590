"""The payment notice and the confirmation: made once, whole, by whose work it is, or not at all."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage

from guarantees.letter.signature import validation
from guarantees.models import Application, Approval, Cancellation, Guarantee, IssuedPaper
from guarantees.money.account import PREMIUM_ACCOUNT
from staff import calendar, clock
from staff.clock import CHINA
from staff.decisions import NeedsAnother, NotPermitted, NotPossible
from staff.models import AuditEntry, BusinessParameter
from staff.parameter_decisions import ChangeParameter
from staff.proposal_decisions import ConfirmProposal
from staff.proposals import propose
from staff.roles import Role
from tests.institution import (
    applied,
    approved,
    cancellation,
    decide,
    issued,
    notified,
    paid,
    parameter,
    person,
    signed_in,
    withdrawal,
)
from tests.pdf import text_of
from tests.platform import APPLICATION, Platform

pytestmark = pytest.mark.django_db


def noticed(application: Application, role: Role = Role.UNDERWRITER) -> IssuedPaper:
    decide("payment_notice", application, role)
    return IssuedPaper.objects.get(kind="payment_notice", application=application)


def cancelled(platform: Platform, kind: str = "0") -> Cancellation:
    """A cancellation in effect."""
    request = cancellation(platform, issued(platform), kind)
    decide("approve", request, Role.UNDERWRITER)
    return Cancellation.objects.get(pk=request.pk)


def text(paper: IssuedPaper) -> str:
    return text_of(paper.file.open().read())


def files() -> list[Path]:
    return [path for path in Path(default_storage.path("papers")).rglob("*") if path.is_file()]


@pytest.mark.parametrize("role", [Role.UNDERWRITER, Role.CASHIER])
def test_it_works(platform: Platform, credentials: dict[str, Path], role: Role) -> None:
    application = approved(platform)
    paper = noticed(application, role)
    content = paper.file.open().read()
    assert hashlib.sha256(content).hexdigest() == paper.file_digest
    assert validation.validate(content, [credentials["authority"].read_bytes()]).faults == ()
    assert paper.number.startswith("BHP20")
    assert paper.made_by == person(role)
    assert Application.objects.get().state == "approved"


def test_the_notice_says_amount_account_deadline_and_reference(platform: Platform) -> None:
    parameter("money.premium_due_days", 10)
    evening = (clock.now() + timedelta(days=1)).replace(hour=17)  # the next day in China
    with time_machine.travel(evening):
        paper = noticed(approved(platform))
    printed, last = text(paper), calendar.add_working_days(evening.astimezone(CHINA).date(), 10).day
    until = f"{last.year}年{last.month}月{last.day}日前"
    parts = ["致：青城建设有限公司", "人民币肆仟伍佰元整（¥4,500.00）", until, "1510000000000000026"]
    for part in [*parts, "青城银行新城支行", "自出具之日起12个月", APPLICATION["applicationId"], f"附言{paper.number}"]:
        assert part in printed


def test_the_notice_takes_off_what_was_paid_and_gives_the_approved_days(platform: Platform) -> None:
    application = approved(platform, guaranteeStartDate="20290101", guaranteeEndDate="20291231")
    decide("record_payment", application, Role.CASHIER, amount="1000.00")
    printed = text(noticed(application))
    assert "¥3,500.00" in printed
    assert "自2029年1月1日起至2029年12月31日止" in printed


def test_nothing_is_told_and_it_stands_on_the_audit_trail(platform: Platform) -> None:
    paper = noticed(approved(platform))
    assert notified(platform) == ["PREP102 01"]
    entry = AuditEntry.objects.latest("id")
    assert entry.event == "paper.payment_notice"
    assert {"paper": paper.number, "sha256": paper.file_digest}.items() < entry.details.items()


def test_it_leads_to_the_verification_page_under_its_own_number(platform: Platform) -> None:
    paper = noticed(approved(platform))
    assert f"/verify/{paper.number}/?code={paper.verification_code}" in text(paper)


def test_a_second_one_is_not_made(platform: Platform) -> None:
    application = approved(platform)
    paper = noticed(application)
    with pytest.raises(NotPossible, match=paper.number):
        decide("payment_notice", application, Role.CASHIER)
    assert len(files()) == 1


@pytest.mark.parametrize("role", [Role.ISSUER, Role.CLAIMS_HANDLER, Role.MANAGER, Role.AUDITOR])
def test_others_make_no_payment_notice(platform: Platform, role: Role) -> None:
    with pytest.raises(NotPermitted):
        decide("payment_notice", approved(platform), role)


def test_none_is_made_before_the_approval_or_once_the_premium_is_settled(platform: Platform) -> None:
    waived = approved(platform, applicationId="SQ3")
    decide("waive_premium", waived, Role.MANAGER, reason="战略客户")
    for application in (applied(platform), paid(platform, applicationId="SQ2"), waived):
        application = Application.objects.get(pk=application.pk)
        with pytest.raises(NotPossible):
            decide("payment_notice", application, Role.UNDERWRITER)
    assert files() == []


def test_none_is_made_while_the_applicant_asks_to_withdraw(platform: Platform) -> None:
    application = approved(platform)
    withdrawal(platform, application.order.number, "02")
    with pytest.raises(NotPossible, match="withdraw"):
        decide("payment_notice", application, Role.CASHIER)


def test_without_an_account_none_is_made(platform: Platform) -> None:
    application = approved(platform)
    PREMIUM_ACCOUNT.version().delete()  # type: ignore[union-attr]
    with pytest.raises(NotPossible, match="No account for premiums is set"):
        decide("payment_notice", application, Role.CASHIER)


def test_another_account_is_two_peoples_and_stands_in_later_notices_alone(platform: Platform) -> None:
    former = approved(platform, applicationId="SQ1")
    decide("payment_notice", former, Role.CASHIER)
    assert IssuedPaper.objects.get().particulars["account_number"] == "1510000000000000026"
    row = BusinessParameter.objects.get(code="money.premium_account")
    form = ChangeParameter().form(
        row, {**ChangeParameter().initial(row), "number": "6222000000000000001", "reason": "换开户行"}
    )
    assert form.is_valid(), form.errors
    with pytest.raises(NeedsAnother):
        ChangeParameter().take(row.pk, person(Role.MANAGER), form.cleaned_data)
    proposal = propose(ChangeParameter(), row.pk, person(Role.MANAGER), form)
    with pytest.raises(NotPossible, match="another person must confirm"):
        ConfirmProposal().take(proposal.pk, person(Role.MANAGER))
    shown = signed_in(Role.MANAGER).get(f"/admin/staff/changerequest/{proposal.pk}/change/").content.decode()
    assert "<del>1510000000000000026</del> → <strong>6222000000000000001</strong>" in shown
    ConfirmProposal().take(proposal.pk, person(Role.MANAGER, "second manager"))
    decide("payment_notice", approved(platform, applicationId="SQ2"), Role.CASHIER)
    numbers = [notice.particulars["account_number"] for notice in IssuedPaper.objects.order_by("id")]
    assert numbers == ["1510000000000000026", "6222000000000000001"]


@pytest.mark.parametrize("number", ["", "12 34 56 78", "1510000000000000026\n", "６２２２０００００００"])
def test_what_is_no_account_number_is_refused_with_a_sentence(db: None, number: str) -> None:
    row = BusinessParameter.objects.get(code="money.premium_account")
    form = ChangeParameter().form(row, {**ChangeParameter().initial(row), "number": number, "reason": "换开户行"})
    assert form.is_valid() is (number.strip() == "1510000000000000026")


def test_a_certificate_that_has_expired_leaves_nothing(platform: Platform) -> None:
    application, request = approved(platform, applicationId="SQ2"), cancelled(platform)
    before = AuditEntry.objects.count()
    with time_machine.travel(clock.now() + timedelta(days=800)):
        for name, case in (("payment_notice", application), ("confirmation", request)):
            with pytest.raises(NotPossible, match="expired"):
                decide(name, case, Role.UNDERWRITER)
    assert (IssuedPaper.objects.count(), AuditEntry.objects.count(), files()) == (0, before, [])
    noticed(application)


def test_a_transaction_that_fails_leaves_no_file(platform: Platform, monkeypatch: Any) -> None:
    application = approved(platform)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("staff.decisions.record", full)
    with pytest.raises(OSError, match="No space"):
        decide("payment_notice", application, Role.CASHIER)
    assert files() == []
    assert not IssuedPaper.objects.exists()


def test_what_changed_while_it_was_made_stops_it(platform: Platform, monkeypatch: Any) -> None:
    application = approved(platform)
    made = default_storage.save

    def change(*given: Any) -> str:
        changed = Approval.objects.get()
        changed.pk, changed._state.adding, changed.premium = None, True, Decimal("9.00")
        changed.save()
        Application.objects.filter(pk=application.pk).update(approval=changed)
        return str(made(*given))

    monkeypatch.setattr(default_storage, "save", change)
    with pytest.raises(NotPossible, match="changed"):
        decide("payment_notice", application, Role.CASHIER)
    assert files() == []


def test_a_cancellation_in_effect_is_confirmed_once(platform: Platform) -> None:
    request = cancelled(platform)
    before = notified(platform)
    decide("confirmation", request, Role.UNDERWRITER)
    paper = IssuedPaper.objects.get()
    assert (paper.kind, paper.guarantee, paper.number[:3]) == ("cancellation", request.guarantee, "BHC")
    printed = text(paper)
    for part in ("保函注销确认书", request.guarantee.number, "青城建设有限公司", "住房和城乡建设厅", "¥900,000.00"):
        assert part in printed
    assert notified(platform) == before
    with pytest.raises(NotPossible, match=paper.number):
        decide("confirmation", request, Role.UNDERWRITER)


def test_a_cancellation_that_is_not_in_effect_is_not_confirmed(platform: Platform) -> None:
    request = cancellation(platform, issued(platform), invalidTime="2029-01-01 00:00:00")
    for name in ("", "approve"):
        if name:
            decide(name, request, Role.UNDERWRITER)
        with pytest.raises(NotPossible):
            decide("confirmation", Cancellation.objects.get(), Role.UNDERWRITER)


@pytest.mark.parametrize("role", [Role.CASHIER, Role.ISSUER, Role.CLAIMS_HANDLER, Role.MANAGER])
def test_others_confirm_no_cancellation(platform: Platform, role: Role) -> None:
    request = cancelled(platform)
    with pytest.raises(NotPermitted):
        decide("confirmation", request, role)


def test_the_confirmation_of_a_return_names_the_letter_that_replaces_it(platform: Platform) -> None:
    request = cancelled(platform, "1")
    decide("correct", Application.objects.get(), Role.UNDERWRITER, reason="名称有误")
    decide("issue", Application.objects.get(), Role.ISSUER)
    decide("confirmation", request, Role.UNDERWRITER)
    paper = IssuedPaper.objects.get()
    printed = text(paper)
    assert paper.kind == "return"
    assert "保函退回确认书" in printed
    assert f"更正后的保函编号{Guarantee.objects.get(state='in_force').number}" in printed


def test_the_confirmation_of_a_return_promises_nothing_once_the_reissue_is_given_up(platform: Platform) -> None:
    request = cancelled(platform, "1")
    decide("give_up", Application.objects.get(), Role.ISSUER, reason="无法更正")
    decide("confirmation", request, Role.UNDERWRITER)
    assert "更正后的保函" not in text(IssuedPaper.objects.get())
