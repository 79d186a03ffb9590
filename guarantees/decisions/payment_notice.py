"""The applicant is given a notice of the premium to pay, once the application is approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.audit import paper_made
from guarantees.decisions.case import withdrawal_obstacle
from guarantees.decisions.paper import MakePaper, made_obstacle
from guarantees.issuing import institution
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.wording.dates import chinese_date
from guarantees.letter.wording.papers.payment_notice import PAYMENT_NOTICE, PaymentNotice
from guarantees.models import Application, ApplicationState, Approval, Guarantee
from guarantees.money.account import PREMIUM_ACCOUNT
from guarantees.money.receipts import received, still_due
from guarantees.targets import Work, pay_by
from staff import clock
from staff.decisions import state_obstacle
from staff.desk.page import money
from staff.models import User
from staff.trade_words import InstitutionKind


class MakePaymentNotice(MakePaper[Application, PaymentNotice]):
    name = "payment_notice"
    label = gettext_lazy("Make the payment notice")
    permission = "guarantees.make_payment_notice"
    model = Application
    kind = PAYMENT_NOTICE
    event = paper_made(PAYMENT_NOTICE)

    def obstacle(self, case: Application, person: User) -> str | None:
        return state_obstacle(case, ApplicationState.APPROVED) or withdrawal_obstacle(case) or made_obstacle(case)

    def consequence(self, case: Application) -> str:
        return _(
            "It asks for %(due)s CNY until %(day)s. The platform has no message for it and is told nothing: download "
            "the notice and hand it to the applicant."
        ) % {"due": money(still_due(case)), "day": pay_by(clock.now()).day_text}

    def concerns(self, case: Application) -> tuple[Application, Guarantee | None]:
        return case, None

    def particulars(
        self, case: Application, data: Mapping[str, Any], number: str, code: str, now: datetime
    ) -> PaymentNotice:
        if case.approval is None:
            raise ValueError(f"Application {case} has no approved terms.")
        account = PREMIUM_ACCOUNT.value()
        if account is None:
            raise LetterNotMade(
                _("No account for premiums is set: it is proposed under Business parameters and confirmed by another.")
            )
        return PaymentNotice(
            number=number,
            verification_code=code,
            issued_at=now,
            **institution.institution_values(number, code),
            institution_kind=InstitutionKind(settings.INSTITUTION_KIND),
            order_number=case.order.number,
            applicant_name=case.applicant_name,
            applicant_code=case.applicant_code,
            beneficiary_name=case.beneficiary_name,
            project_name=case.project_name,
            amount=case.approval.amount,
            term=_term(case.approval, case.guarantee_months),
            premium=case.approval.premium,
            received=received(case),
            pay_by=pay_by(now).day,
            account_name=account.name,
            account_number=account.number,
            account_bank=account.bank,
        )

    def follow(self, case: Application, person: User, data: dict[str, Any]) -> None:
        """The cashier's clock ends with the day that the applicant was told."""
        super().follow(case, person, data)
        case.begin(Work.PREMIUM, clock.now())


def _term(approval: Approval, months: int) -> str:
    """The approved term as the notice prints it: what is left to the issue has no date yet (decisions B3)."""
    start, end = approval.start, approval.end
    begins = f"自{chinese_date(start)}起" if start else "自出具之日起"
    return f"{begins}至{chinese_date(end)}止" if end else f"{begins}{months}个月"
