"""The payment notice: to the applicant, once the application is approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from guarantees.letter.wording import amount as money
from guarantees.letter.wording import facts
from guarantees.letter.wording.dates import chinese_date
from guarantees.letter.wording.kinds import PaperKind, Shown, WordingKind
from guarantees.letter.wording.particulars import COMMON, Issued
from staff.trade_words import PREMIUM, InstitutionKind


@dataclass(frozen=True, kw_only=True)
class PaymentNotice(Issued):
    """That the application is approved, and so much is to be paid where and by when."""

    noun: ClassVar[str] = "通知书"

    institution_kind: InstitutionKind
    order_number: str
    applicant_name: str
    applicant_code: str
    beneficiary_name: str
    project_name: str
    amount: Decimal  # the most that the letter will pay
    term: str  # in words: before the issue it has no dates perhaps
    premium: Decimal
    received: Decimal
    pay_by: date  # included
    account_name: str
    account_number: str
    account_bank: str

    printed: ClassVar[Mapping[str, Callable[[PaymentNotice], str]]] = {
        **COMMON,
        "order_number": lambda notice: notice.order_number,
        **facts.placeholders("applicant_name", "applicant_code", "beneficiary_name", "project_name"),
        "amount_figures": lambda notice: money.in_figures(notice.amount),
        "amount_words": lambda notice: money.in_words(notice.amount),
        "term": lambda notice: notice.term,
        "fee": lambda notice: PREMIUM.of(notice.institution_kind),
        "premium_figures": lambda notice: money.in_figures(notice.premium),
        "premium_words": lambda notice: money.in_words(notice.premium),
        "received_figures": lambda notice: money.in_figures(notice.received) if notice.received else "",
        "due_figures": lambda notice: money.in_figures(notice.due),
        "due_words": lambda notice: money.in_words(notice.due),
        "pay_by": lambda notice: chinese_date(notice.pay_by),
        "account_name": lambda notice: notice.account_name,
        "account_number": lambda notice: notice.account_number,
        "account_bank": lambda notice: notice.account_bank,
    }

    @property
    def due(self) -> Decimal:
        return self.premium - self.received

    @property
    def subject(self) -> str:
        return f"{self.project_name}：{self.applicant_name}"


PAYMENT_NOTICE = PaperKind(
    name="payment_notice",
    label=_("payment notice"),
    made=_("Payment notice made"),
    number_letter="P",
    wordings=(
        WordingKind(
            "payment-notice",
            _("payment notice"),
            PaymentNotice,
            needed=frozenset(
                {
                    "number",
                    "applicant_name",
                    "order_number",
                    "due_figures",
                    "due_words",
                    "pay_by",
                    "account_name",
                    "account_number",
                    "account_bank",
                    "institution_name",
                }
            ),
        ),
    ),
    facts=("applicant_name", "applicant_code", "project_name"),
    # Above all the account, which swindlers would change.
    shown=(
        Shown(_("amount to pay"), "{due_figures} {due_words}", "amount"),
        Shown(_("last day to pay"), "{pay_by}"),
        Shown(_("account to pay to"), "{account_name}"),
        Shown(_("its number"), "{account_number}"),
        Shown(_("its bank"), "{account_bank}"),
    ),
    notes=(_("This is not a guarantee."),),
)
