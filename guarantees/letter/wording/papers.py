"""What the other papers say, as plain values like a letter's: the payment notice, the refusal, the confirmation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from guarantees.letter.wording import amount as money
from guarantees.letter.wording import facts
from guarantees.letter.wording.dates import chinese_date, chinese_day, chinese_time
from guarantees.letter.wording.particulars import COMMON, InstitutionKind, Issued, tidy

#: What each kind of institution calls what it takes for a guarantee.
FEES: Mapping[InstitutionKind, str] = {
    InstitutionKind.BANK: "保函手续费",
    InstitutionKind.GUARANTEE_COMPANY: "担保费",
    InstitutionKind.INSURER: "保险费",
}


@dataclass(frozen=True, kw_only=True)
class PaymentNotice(Issued):
    """To the applicant: the application is approved, and so much is to be paid where and by when."""

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

    @property
    def due(self) -> Decimal:
        return self.premium - self.received

    @property
    def subject(self) -> str:
        return f"{self.project_name}：{self.applicant_name}"

    def placeholders(self) -> dict[str, str]:
        return {name: tidy(printed(self)) for name, printed in PAYMENT_NOTICE.items()}


@dataclass(frozen=True, kw_only=True)
class OfGuarantee(Issued):
    """What a paper about a guarantee says of it, as its letter does."""

    guarantee_number: str
    guarantee_issued_at: datetime
    replaced_by: str = ""  # the number of the letter that replaced it
    beneficiary_name: str
    beneficiary_code: str
    applicant_name: str
    applicant_code: str
    project_name: str
    project_code: str
    amount: Decimal
    valid_until: datetime

    @property
    def subject(self) -> str:
        return f"{self.guarantee_number}：{self.beneficiary_name}"


@dataclass(frozen=True, kw_only=True)
class Refusal(OfGuarantee):
    """To the beneficiary: the demand is refused, why, and what can be done. No account and no person is named."""

    noun: ClassVar[str] = "通知书"

    demanded_at: datetime
    demanded: Decimal
    decided_at: datetime
    grounds: str  # a line each
    demand_until: datetime | None = None  # while another demand can still be made
    clauses_name: str = ""  # an insurer's
    clauses_number: str = ""

    def placeholders(self) -> dict[str, str]:
        values = {name: tidy(printed(self)) for name, printed in REFUSAL.items()}
        return values | {"grounds": "\n".join(line for line in map(tidy, self.grounds.splitlines()) if line)}


@dataclass(frozen=True, kw_only=True)
class Confirmation(OfGuarantee):
    """To beneficiary and applicant: the guarantee is cancelled, or returned since its file was defective."""

    noun: ClassVar[str] = "确认书"

    requested_at: datetime
    ended_at: datetime
    paid: Decimal  # on demands before
    reissued: bool = False  # whether a corrected letter comes or came

    def placeholders(self) -> dict[str, str]:
        return {name: tidy(printed(self)) for name, printed in CONFIRMATION.items()}


PAYMENT_NOTICE: Mapping[str, Callable[[PaymentNotice], str]] = {
    **COMMON,
    "order_number": lambda notice: notice.order_number,
    **facts.placeholders("applicant_name", "applicant_code", "beneficiary_name", "project_name"),
    "amount_figures": lambda notice: money.in_figures(notice.amount),
    "amount_words": lambda notice: money.in_words(notice.amount),
    "term": lambda notice: notice.term,
    "fee": lambda notice: FEES[notice.institution_kind],
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

OF_GUARANTEE: Mapping[str, Callable[[OfGuarantee], str]] = {
    **COMMON,
    "guarantee_number": lambda paper: paper.guarantee_number,
    "guarantee_issued_on": lambda paper: chinese_day(paper.guarantee_issued_at),
    "replaced_by": lambda paper: paper.replaced_by,
    **facts.placeholders(*(fact.name for fact in facts.FACTS if fact.public)),
    "amount_figures": lambda paper: money.in_figures(paper.amount),
    "amount_words": lambda paper: money.in_words(paper.amount),
    "valid_until": lambda paper: chinese_time(paper.valid_until),
}

REFUSAL: Mapping[str, Callable[[Refusal], str]] = {
    **OF_GUARANTEE,
    "demanded_on": lambda refusal: chinese_day(refusal.demanded_at),
    "demanded_at": lambda refusal: chinese_time(refusal.demanded_at),
    "demanded_figures": lambda refusal: money.in_figures(refusal.demanded),
    "demanded_words": lambda refusal: money.in_words(refusal.demanded),
    "decided_on": lambda refusal: chinese_day(refusal.decided_at),
    "grounds": lambda refusal: refusal.grounds,
    "demand_until": lambda refusal: chinese_time(refusal.demand_until) if refusal.demand_until else "",
    "clauses_name": lambda refusal: refusal.clauses_name,
    "clauses_number": lambda refusal: refusal.clauses_number,
}

CONFIRMATION: Mapping[str, Callable[[Confirmation], str]] = {
    **OF_GUARANTEE,
    "requested_on": lambda confirmation: chinese_day(confirmation.requested_at),
    "ended_at": lambda confirmation: chinese_time(confirmation.ended_at),
    "paid_figures": lambda confirmation: money.in_figures(confirmation.paid) if confirmation.paid else "",
    "paid_words": lambda confirmation: money.in_words(confirmation.paid) if confirmation.paid else "",
    "reissued": lambda confirmation: "重新出具" if confirmation.reissued else "",
}
