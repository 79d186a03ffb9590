"""What the applicant is to pay, where, and whether it came in."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guarantees.letter.wording.papers.payment_notice import PAYMENT_NOTICE
from guarantees.models import Application, ApplicationState, IssuedPaper
from guarantees.money.account import PREMIUM_ACCOUNT, Account
from guarantees.money.receipts import received, still_due
from guarantees.targets import Work
from staff import clock
from staff.desk.page import Row, day, yuan

#: What a notice says of the account.
PRINTED = ("account_name", "account_number", "account_bank")


@dataclass(frozen=True)
class Payment:
    """`account` is what to type into the bank's form; `settled` says how it was paid, "" while it is not."""

    rows: list[Row]
    account: list[Row]
    settled: str
    notice: IssuedPaper | None


def payment(application: Application) -> Payment | None:
    """None before there is an approval, where nothing is paid any more, and while a withdrawal is undecided."""
    if application.approval is None:
        return None
    rows = [Row(_("premium"), yuan(application.premium), "amount")]
    if application.settlement:
        return Payment(rows, [], str(application.get_settlement_display()), notice_of(application))
    if application.state != ApplicationState.APPROVED or application.order.withdrawals.waiting().exists():
        return None
    came = received(application)
    rows += [
        *([Row(_("received so far"), yuan(came), "amount")] if came else []),
        Row(_("still to pay"), yuan(still_due(application)), "amount"),
    ]
    if application.work == Work.PREMIUM and application.done_by:
        rows.append(Row(_("last day to pay"), day(clock.day(application.done_by))))
    notice = notice_of(application)
    return Payment(rows, _account(application, notice), "", notice)


def notice_of(application: Application) -> IssuedPaper | None:
    return application.papers.filter(kind=PAYMENT_NOTICE.name).first()


def _account(application: Application, notice: IssuedPaper | None) -> list[Row]:
    """The account and reference of the notice, where there is one; empty while the institution has named no account."""
    if notice:
        account, reference = Account(*(notice.particulars[name] for name in PRINTED)), notice.number
    elif named := PREMIUM_ACCOUNT.value():
        account, reference = named, application.order.number
    else:
        return []
    return [
        Row(_("payee"), account.name),
        Row(_("account number"), account.number, "code"),
        Row(_("bank of the account"), account.bank),
        Row(_("reference to give"), reference, "code"),
    ]
