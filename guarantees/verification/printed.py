"""What letters and papers call things, each kind in its own words, and what they say, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import corrections
from guarantees.letter.wording.amount import in_figures, in_words
from guarantees.letter.wording.dates import chinese_date, chinese_time
from guarantees.letter.wording.facts import FACTS, Fact
from guarantees.letter.wording.kinds import INDEPENDENT, INSURANCE, SURETYSHIP
from guarantees.letter.wording.papers import PaymentNotice
from guarantees.letter.wording.particulars import Particulars
from guarantees.models import Guarantee, IssuedPaper, PaperKind
from staff.desk.page import NOTHING, Row, Text, rows

#: By the kind of wording: a suretyship has a creditor and a debtor, an insurance an insured and a policyholder.
WORDS: Mapping[str, Mapping[str, Text]] = {
    INDEPENDENT: {
        "issuer": gettext_lazy("issuer"),
        "applicant_name": gettext_lazy("applicant (supplier)"),
        "applicant_code": gettext_lazy("applicant's credit code"),
        "beneficiary_name": gettext_lazy("beneficiary (purchaser)"),
        "beneficiary_code": gettext_lazy("beneficiary's code"),
        "project_name": gettext_lazy("procurement project"),
        "amount": gettext_lazy("most that is paid"),
        "validity": gettext_lazy("validity"),
    },
    SURETYSHIP: {
        "issuer": gettext_lazy("surety"),
        "applicant_name": gettext_lazy("debtor (supplier)"),
        "applicant_code": gettext_lazy("debtor's credit code"),
        "beneficiary_name": gettext_lazy("creditor (purchaser)"),
        "beneficiary_code": gettext_lazy("creditor's code"),
        "project_name": gettext_lazy("procurement project"),
        "amount": gettext_lazy("most that is guaranteed"),
        "validity": gettext_lazy("period of suretyship"),
    },
    INSURANCE: {
        "issuer": gettext_lazy("insurer"),
        "applicant_name": gettext_lazy("policyholder (supplier)"),
        "applicant_code": gettext_lazy("policyholder's credit code"),
        "beneficiary_name": gettext_lazy("insured (purchaser)"),
        "beneficiary_code": gettext_lazy("insured's code"),
        "project_name": gettext_lazy("procurement project"),
        "amount": gettext_lazy("sum insured"),
        "validity": gettext_lazy("period of insurance"),
    },
}

#: What is shown of the organisations and of their project. No person is named.
PUBLIC = tuple(fact for fact in FACTS if fact.public)

#: What a paper says besides: above all the account, which swindlers would change.
OF_PAPERS = (
    ("guarantee_number", gettext_lazy("guarantee number")),
    ("account_name", gettext_lazy("account to pay to")),
    ("account_number", gettext_lazy("its number")),
    ("account_bank", gettext_lazy("its bank")),
)


def letter_rows(guarantee: Guarantee) -> list[Row]:
    """As this letter says it, whatever was corrected since, so that it can be compared word by word."""
    printed = Particulars.from_mapping(guarantee.particulars)
    words = _words(guarantee.wording)
    return [
        *rows(guarantee, "number"),
        Row(words["issuer"], printed.institution_name),
        *(Row(_label(words, fact), getattr(printed, fact.name) or NOTHING, fact.look) for fact in PUBLIC),
        Row(words["amount"], f"{in_figures(printed.amount)} {in_words(printed.amount)}", "amount"),
        Row(words["validity"], f"自{chinese_time(printed.valid_from)}起至{chinese_time(printed.valid_until)}止"),
        *rows(guarantee, "issued_at"),
        *([Row(_("replaces"), printed.supersedes)] if printed.supersedes else []),
    ]


def paper_rows(paper: IssuedPaper) -> list[Row]:
    """Of a payment notice also how much is to be paid, and by when."""
    printed: Mapping[str, Any] = paper.particulars
    named = PUBLIC
    words, due = _words(paper.wording), []
    if paper.kind == PaperKind.PAYMENT_NOTICE:
        notice = PaymentNotice.from_mapping(printed)
        named = tuple(fact for fact in PUBLIC if not fact.name.startswith("beneficiary"))
        due = [
            Row(_("amount to pay"), f"{in_figures(notice.due)} {in_words(notice.due)}", "amount"),
            Row(_("last day to pay"), chinese_date(notice.pay_by)),
        ]
    return [
        *rows(paper, "number"),
        *(Row(_label(words, fact), printed[fact.name], fact.look) for fact in named if printed.get(fact.name)),
        *due,
        *(Row(label, printed[name]) for name, label in OF_PAPERS if printed.get(name)),
    ]


def _words(wording: str) -> Mapping[str, Text]:
    """By what a letter or paper records of its wording; a refusal calls people what the refused letter calls them."""
    return WORDS.get(wording.partition("/")[0].removeprefix("refusal-"), {})


def _label(words: Mapping[str, Text], fact: Fact) -> Text:
    return words.get(fact.name) or corrections.label(fact.name)
